using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.HourlyCurve;

/// <summary>The hours of one pool before the report's day, found by local day and hour of the clock.</summary>
internal sealed class PastHours(IEnumerable<PoolHour> hours, CenterClock clock)
{
    /// <summary>Days that tell what is usual.</summary>
    public const int UsualDays = 28;

    /// <summary>Fewer of them tell nothing.</summary>
    public const int LeastUsualDays = 7;

    // Where a clock hour comes twice in a day its first one is meant.
    private readonly Dictionary<(DateOnly Day, int Hour), PoolHour> _hours = hours
        .GroupBy(hour => (clock.DayOf(hour.HourStart), clock.Local(hour.HourStart).Hour))
        .ToDictionary(group => group.Key, group => group.MinBy(hour => hour.HourStart)!);

    /// <summary>U3 of one hour; null where nothing is known of it.</summary>
    public Figure? U3(FigureMaker maker, string cell, DateOnly day, int hour) => _hours.GetValueOrDefault((day, hour)) is { } past
        ? new PoolDay(past.Pool, past.Devices, past.Rated).U3(maker.During(new(past.HourStart, past.HourStart + Micros.PerHour)), cell)
        : null;

    /// <summary>Median, tenth and ninetieth percentile (nearest rank) of U3 in this hour over the days before; null where too few are known.</summary>
    public Figure? Usual(FigureMaker maker, string cell, PoolId pool, DateOnly day, int hour)
    {
        var known = Enumerable.Range(1, UsualDays)
            .Select(back => _hours.GetValueOrDefault((day.AddDays(-back), hour))?.Weighed.U3.Point)
            .OfType<double>()
            .Order()
            .ToList();
        double Rank(double share) => known[(int)Math.Ceiling(share * known.Count) - 1];
        return known.Count < LeastUsualDays
            ? null
            : maker.Given(cell, maker.Scope(pool), MetricCatalog.U3Usual.Id, MetricUnit.Share, Rank(0.5), Rank(0.1), Rank(0.9));
    }
}
