using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;

namespace Headroom.Domain.Accounting;

/// <summary>A roll-up: one pool in one hour.</summary>
/// <param name="HourStart">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Devices">Sums in device-microseconds.</param>
/// <param name="Rated">Sums in MFLOPS-microseconds at the pool's precision; null where a device of the hour has no rating at it.</param>
public sealed record PoolHour(PoolId Pool, long HourStart, UsageSums Devices, UsageSums? Rated)
{
    /// <summary>The sums utilization is made from: rated where all devices are, else by counting devices.</summary>
    public UsageSums Weighed => Rated ?? Devices;
}
