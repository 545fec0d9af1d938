using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.DemandCurve;

namespace Headroom.Reports.Charts.DemandCurve;

/// <summary>Demand by day, observed and ahead with its band, over the capacity that serves it. A lower bound is dotted: demand lies on or above it.</summary>
public static class DemandCurveChart
{
    private const double BandOpacity = 0.22;

    public static Chart Of(PoolCurve pool, bool simulated, TextLookup text)
    {
        var isBound = pool.Answer == DemandAnswerKind.LowerBound;
        var (observed, ahead) = (text[isBound ? "Chart.DemandCurve.AtLeast" : "Chart.DemandCurve.Observed"], text["Chart.DemandCurve.Ahead"]);
        var (band, capacity) = (text["Chart.DemandCurve.Band"], text["Chart.DemandCurve.Capacity"]);
        var (hasAhead, hasBand) = (pool.Days.Any(day => day.Ahead), pool.Days.Any(day => HasBand(day)));
        var series = ImmutableArray.CreateBuilder<Series>();
        if (hasBand)
        {
            series.Add(Area("", Band(pool, figure => figure.Low), 0));
            series.Add(Area(band, Band(pool, figure => figure.High - figure.Low), BandOpacity));
        }

        if (pool.Answer != DemandAnswerKind.Refused)
        {
            series.Add(Line(observed, [.. pool.Days.Select(day => new Datum(day.Ahead ? null : Value(day)))], Look.Ink, isBound ? "dotted" : "solid"));
        }

        if (hasAhead)
        {
            var last = pool.Days.LastOrDefault(day => !day.Ahead);
            series.Add(Line(ahead, [.. pool.Days.Select(day => new Datum(day.Ahead || day == last ? Value(day) : null))], Look.Blue, "dashed"));
        }

        series.Add(Line(capacity, [.. pool.Days.Select(day => new Datum(day.Capacity.Value))], Look.Vermilion, "solid") with { Step = "end" });
        var (ceiling, interval) = RoundScale.Above(pool.Days.SelectMany(day => day.Figures).Select(figure => figure.High ?? figure.Value ?? figure.Low ?? 0).DefaultIfEmpty(0).Max());
        var name = pool.Name.In(text.Name);
        return new(
            $"demand-{Chart.Slug(pool.Pool.Value)}",
            "demand-curve",
            Height: 172,
            text["Chart.DemandCurve.Summary", name],
            new(
                Chart.Title(text["Chart.DemandCurve.Title", name, text[$"Unit.{pool.Unit}"]], simulated, text),
                new(Left: 48, Right: 16, Top: Chart.TitleHeight(simulated) + 10, Bottom: 60),
                new("category")
                {
                    Data = [.. pool.Days.Select(day => Dates.Iso(day.Day))],
                    BoundaryGap = false,
                    AxisLabel = new() { HideOverlap = true },
                },
                new("value") { Min = 0, Max = ceiling, Interval = interval, SplitLine = new(true) },
                series.DrainToImmutable())
            {
                Legend = new(
                [
                    .. pool.Answer == DemandAnswerKind.Refused ? (LegendItem[])[] : [new(observed)],
                    .. hasAhead ? (LegendItem[])[new(ahead)] : [],
                    .. hasBand ? (LegendItem[])[LegendItem.Area(band)] : [],
                    new(capacity),
                ]),
            });
    }

    private static double? Value(CurveDay day) => day.Demand?.Value ?? day.Demand?.Low;

    private static bool HasBand(CurveDay day) => day.Demand is { Gap: FigureGap.None, Low: { } low, High: { } high } && high > low;

    private static ImmutableArray<Datum> Band(PoolCurve pool, Func<Figure, double?> value) =>
        [.. pool.Days.Select(day => new Datum(day.Demand is { Gap: FigureGap.None } demand ? value(demand) : null))];

    private static Series Area(string name, ImmutableArray<Datum> data, double opacity) => new("line", name, data)
    {
        Stack = "band",
        StackStrategy = "all",
        Symbol = "none",
        Silent = true,
        Z = 1,
        LineStyle = new() { Opacity = 0 },
        ItemStyle = new() { Color = opacity > 0 ? Look.Blue : "transparent", Opacity = Math.Min(1, opacity * 1.6) },
        AreaStyle = new() { Color = opacity > 0 ? Look.Blue : null, Opacity = opacity },
        Emphasis = new(true),
        Tooltip = new(false),
    };

    private static Series Line(string name, ImmutableArray<Datum> data, string color, string type) => new("line", name, data)
    {
        Symbol = "none",
        ConnectNulls = false,
        Z = 3,
        LineStyle = new() { Color = color, Width = 2, Type = type },
        ItemStyle = new() { Color = color },
    };
}
