using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Ledger;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>Hours in which a pool was full while work waited: U1 at 95 % or more, and a queue that could have started.</summary>
/// <param name="Hours">That were so.</param>
/// <param name="Judged">Hours whose allocation is known well enough to say.</param>
public readonly record struct SaturationHours(int Hours, int Judged)
{
    /// <summary>Source: METRICS section 4.</summary>
    private const double FullFrom = 0.95;

    /// <param name="hours">Of one pool.</param>
    /// <param name="spans">Demand of every pool.</param>
    public static SaturationHours Of(PoolId pool, IEnumerable<PoolHour> hours, IEnumerable<DemandSpan> spans)
    {
        var asked = hours as IReadOnlyCollection<PoolHour> ?? [.. hours];
        var reach = asked.Count == 0 ? default : new Window(asked.Min(hour => hour.HourStart), asked.Max(hour => hour.HourStart) + Micros.PerHour);
        var waiting = WindowSet.Union(spans.Where(span => span.Kind == DemandKind.JobWaits && span.Pool == pool && span.Valid.Overlaps(reach)).Select(span => span.Valid));
        var (full, judged) = (0, 0);
        foreach (var hour in asked)
        {
            if (hour.Weighed.U1s is { IsEmpty: false, Point: { } rate })
            {
                judged++;
                full += rate >= FullFrom && waiting.Any(window => window.Overlaps(new(hour.HourStart, hour.HourStart + Micros.PerHour))) ? 1 : 0;
            }
        }

        return new(full, judged);
    }
}
