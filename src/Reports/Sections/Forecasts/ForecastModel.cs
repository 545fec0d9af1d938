using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Forecasts;

/// <summary>What is expected, how sure that is, and against which capacity.</summary>
public sealed record ForecastModel(ImmutableArray<PoolForecast> Forecasts) : ISectionModel
{
    public IEnumerable<Figure> Figures => Forecasts.SelectMany(forecast => forecast.Figures);

    public static ForecastModel Of(DailyReportInput input) => new([.. input.Forecasts.Select(view => OfView(input, view))]);

    private static PoolForecast OfView(DailyReportInput input, ForecastView view)
    {
        var clock = input.Center.Clock();
        var cell = $"forecast.{view.Pool}.{view.Metric.Name}";
        return new(
            view,
            PoolDay.NameOf(input.Center, view.Pool),
            [.. view.History.Select(point => clock.Local(point.Instant))],
            [.. view.Steps.Select(step => clock.Local(step.Instant))],
            [.. Peaks(input, view, cell, clock)],
            [.. view.Tested.Select(test => HitsOf(input, view, $"{cell}.band.{test.Level}", test))],
            view.Capacity is { } capacity ? new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf).Given($"{cell}.capacity", Scope(input, view), view.Metric, view.Unit, capacity) : null);
    }

    private static IEnumerable<ForecastDay> Peaks(DailyReportInput input, ForecastView view, string cell, CenterClock clock)
    {
        foreach (var day in view.Steps.GroupBy(step => clock.DayOf(step.Instant)))
        {
            var peak = day.MaxBy(step => step.Mean)!;
            var band = peak.Bands.IsEmpty ? (Band?)null : peak.Bands.MinBy(b => Math.Abs(b.Level - 80));
            var maker = new FigureMaker(input.Center.Id, clock.HourOf(peak.Instant), input.AsOf);
            yield return new(
                day.Key,
                clock.Local(peak.Instant),
                maker.Given($"{cell}.peak.{FigureMaker.At(day.Key)}", Scope(input, view), view.Metric, view.Unit, peak.Mean, band?.Low, band?.High),
                band?.Level);
        }
    }

    private static Figure HitsOf(DailyReportInput input, ForecastView view, string cell, BandTest test) =>
        new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf).Amount(cell, Scope(input, view), MetricCatalog.BandHits.Id, MetricUnit.Share, test.Inside, test.Of);

    private static FigureScope Scope(DailyReportInput input, ForecastView view) => new(input.Center.Id, view.Pool);
}

/// <param name="HistoryLocal">The instants of the history as the center's clocks show them.</param>
/// <param name="Days">The highest expected hour of each day ahead; empty: refused.</param>
/// <param name="Hits">How often each band held on past origins, in the order of the view's tests.</param>
/// <param name="Capacity">Null: nothing to compare with.</param>
public sealed record PoolForecast(
    ForecastView View,
    LocalText Name,
    ImmutableArray<DateTimeOffset> HistoryLocal,
    ImmutableArray<DateTimeOffset> StepsLocal,
    ImmutableArray<ForecastDay> Days,
    ImmutableArray<Figure> Hits,
    Figure? Capacity)
{
    public IEnumerable<Figure> Figures => Capacity is null ? [.. Days.Select(day => day.Peak), .. Hits] : [Capacity, .. Days.Select(day => day.Peak), .. Hits];
}

/// <param name="At">Local time of the highest expected step.</param>
/// <param name="Level">The band that <paramref name="Peak"/> has as its bounds. Unit: percent. Null: it has none.</param>
public sealed record ForecastDay(DateOnly Day, DateTimeOffset At, Figure Peak, int? Level);
