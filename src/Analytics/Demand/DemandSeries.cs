using System.Collections.Immutable;

namespace Headroom.Analytics.Demand;

/// <summary>Demand in one hour. Unit: devices, mean over the hour.</summary>
/// <param name="Start">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Low80">10th percentile; not above <paramref name="Mean"/>.</param>
/// <param name="High80">90th percentile; not below <paramref name="Mean"/>.</param>
public readonly record struct DemandHour(long Start, double Mean, double Low80, double High80)
{
    /// <summary>A value without a band: measured in full, or a bound.</summary>
    public static DemandHour Exactly(long start, double devices) => new(start, devices, devices, devices);
}

/// <summary>Demand hour by hour, oldest first, in devices of one pool.</summary>
/// <param name="Observed">Hours that were observed.</param>
/// <param name="Ahead">Forecast hours after them; empty where none were asked for or no forecast is honest.</param>
public sealed record DemandSeries(ImmutableArray<DemandHour> Observed, ImmutableArray<DemandHour> Ahead)
{
    /// <summary>Mean over the observed hours; NaN where there are none.</summary>
    public double Mean => Observed.IsEmpty ? double.NaN : Observed.Average(hour => hour.Mean);
}
