using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Facts;

/// <summary>What a tenant had in one hour, where only numbers of devices are known. Amounts are device-microseconds: mean devices x the hour, so that hours add up exactly.</summary>
/// <param name="Hour">Start of the hour. Unit: microseconds since the Unix epoch.</param>
/// <param name="Pool">Null: not said.</param>
/// <param name="Installed">The tenant's quota or own devices; null: not said.</param>
/// <param name="Allocated">May pass <paramref name="Installed"/>: borrowed devices.</param>
/// <param name="Queued">Wanted and waiting; null: not counted.</param>
public sealed record CountFact(long Hour, TenantId Tenant, PoolId? Pool, long? Installed, long Allocated, long? Queued)
{
    public int Revision { get; init; }

    public Window Valid => new(Hour, Hour + Micros.PerHour);

    /// <summary>Device-microseconds in an hour of so many devices on average, to the nearest.</summary>
    /// <param name="meanDevices">0 to 1e9.</param>
    public static long Amount(double meanDevices) => (long)Math.Round(meanDevices * Micros.PerHour, MidpointRounding.AwayFromZero);
}
