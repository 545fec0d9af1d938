using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.DemandCurve;

/// <summary>Demand day by day, as far as it is known, against capacity with its phases.</summary>
public sealed record DemandCurveModel(ImmutableArray<PoolCurve> Pools) : ISectionModel
{
    /// <summary>Days of the sample paths that the curve shows.</summary>
    private const int DaysAhead = 28;

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static DemandCurveModel Of(SaturationReportInput input) => new([.. input.Pools.Select(pool => OfPool(input, pool))]);

    private static PoolCurve OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var (scale, clock) = (new PoolScale(input, pool), input.Center.Clock());
        var series = pool.Demand.Hourly ?? new([], []);
        var observed = Daily(series.Observed, clock).Select(day => Of(scale, clock, day, pool.Demand.Kind, ahead: false)).ToList();
        var ahead = pool.Saturation.Ahead.Take(DaysAhead).Select(day => Of(scale, clock, (day.Day, day.Median, day.Low80, day.High80), pool.Demand.Kind, ahead: true));
        var days = observed.Count > 0 ? [.. observed, .. ahead] : clock.Days(input.Observed).Select(day => new CurveDay(day, null, Capacity(scale, clock, day), Ahead: false)).ToList();
        return new(pool.Pool, PoolDay.NameOf(input.Center, pool.Pool), scale.Unit, pool.Demand.Kind, [.. days], OverOf(input, scale, pool.Demand.Kind, days));
    }

    private static (Figure Over, Figure Observed)? OverOf(SaturationReportInput input, PoolScale scale, DemandAnswerKind kind, List<CurveDay> days)
    {
        var observed = days.Where(day => !day.Ahead && day.Demand is not null).ToList();
        if (kind == DemandAnswerKind.Refused || observed.Count == 0)
        {
            return null;
        }

        var maker = scale.Maker.During(input.Observed);
        return (
            maker.Count($"{scale.Cell}.D_over", scale.Scope, MetricCatalog.DaysOver, observed.Count(day => (day.Demand!.Value ?? day.Demand.Low) > day.Capacity.Value)),
            maker.Count($"{scale.Cell}.D_over.of", scale.Scope, MetricCatalog.DaysOver, observed.Count));
    }

    private static IEnumerable<(DateOnly Day, double Mean, double Low, double High)> Daily(ImmutableArray<DemandHour> hours, CenterClock clock) =>
        hours.GroupBy(hour => clock.DayOf(hour.Start)).OrderBy(day => day.Key).Select(day => (day.Key, day.Average(h => h.Mean), day.Average(h => h.Low80), day.Average(h => h.High80)));

    private static CurveDay Of(PoolScale scale, CenterClock clock, (DateOnly Day, double Mean, double Low, double High) day, DemandAnswerKind kind, bool ahead)
    {
        var (maker, cell) = (scale.Maker.During(clock.Day(day.Day)), $"{scale.Cell}.day.{FigureMaker.At(day.Day)}.D_latent");
        var demand = kind == DemandAnswerKind.LowerBound
            ? maker.Unknown(cell, scale.Scope, MetricCatalog.DLatent.Id, scale.Unit, FigureGap.AtLeast, low: scale.Of(day.Mean))
            : maker.Given(cell, scale.Scope, MetricCatalog.DLatent.Id, scale.Unit, scale.Of(day.Mean), scale.Of(day.Low), scale.Of(day.High));
        return new(day.Day, demand, Capacity(scale, clock, day.Day), ahead);
    }

    private static Figure Capacity(PoolScale scale, CenterClock clock, DateOnly day) => scale.Maker.During(clock.Day(day))
        .Given($"{scale.Cell}.day.{FigureMaker.At(day)}.C_usable", scale.Scope, MetricCatalog.CUsable.Id, scale.Unit, scale.Of(scale.UsableOn(day)));
}

/// <param name="Days">Oldest first, without gaps between the first and the last.</param>
/// <param name="Over">Observed days on which demand, or the floor under it, was above capacity, and all observed days; null: refused, or nothing was observed.</param>
public sealed record PoolCurve(PoolId Pool, LocalText Name, MetricUnit Unit, DemandAnswerKind Answer, ImmutableArray<CurveDay> Days, (Figure Days, Figure Observed)? Over)
{
    public IEnumerable<Figure> Figures => [.. Over is { } over ? (Figure[])[over.Days, over.Observed] : [], .. Days.SelectMany(day => day.Figures)];
}

/// <param name="Demand">Mean of the local day; null: refused.</param>
/// <param name="Ahead">Forecast, not observed.</param>
public sealed record CurveDay(DateOnly Day, Figure? Demand, Figure Capacity, bool Ahead)
{
    public IEnumerable<Figure> Figures => Demand is null ? [Capacity] : [Demand, Capacity];
}
