using System.Collections.Immutable;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.HourlyCurve;

namespace Headroom.Reports.Charts.HourlyCurve;

/// <summary>U1s and U3 over a day, a week or a month, beside the time before. The hatched band is where U3 can lie: it opens where use is unknown, and a line breaks where less than half is known.</summary>
public static class HourlyCurveChart
{
    public static Chart Of(PoolCurve pool, bool simulated, TextLookup text)
    {
        var (use, allocation, band) = (text["Chart.HourlyCurve.U3"], text["Chart.HourlyCurve.U1s"], text["Chart.HourlyCurve.Band"]);
        var (before, weekBefore, usual) = (text[$"HourlyCurve.Before.{pool.Kind}"], text["HourlyCurve.WeekBefore"], text["Chart.HourlyCurve.Usual"]);
        var title = text[$"Chart.HourlyCurve.Title.{pool.Kind}", pool.Name.In(text.Name)];
        var (series, legend) = (ImmutableArray.CreateBuilder<Series>(), ImmutableArray.CreateBuilder<LegendItem>());
        legend.Add(new(use));
        if (pool.HasAllocation)
        {
            legend.Add(new(allocation));
        }

        legend.Add(LegendItem.Area(band));
        if (pool.Steps.Any(step => step.Usual is not null))
        {
            series.Add(Band("usual", "", pool.Steps.Select(step => Percent(step.Usual?.Low)), null, null));
            series.Add(Band("usual", usual, pool.Steps.Select(step => Percent(step.Usual?.High - step.Usual?.Low)), Look.Sky, null));
            legend.Add(LegendItem.Area(usual));
        }

        series.Add(Band("band", "", pool.Steps.Select(step => Percent(step.U3?.Low)), null, null));
        series.Add(Band("band", band, pool.Steps.Select(step => Percent(step.U3?.High - step.U3?.Low)), Look.Gray, Look.Hatch));
        if (pool.Steps.Any(step => step.Before is not null))
        {
            series.Add(Past(before, pool.Steps.Select(step => step.Before), "solid"));
            legend.Add(new(before));
        }

        if (pool.Steps.Any(step => step.WeekBefore is not null))
        {
            series.Add(Past(weekBefore, pool.Steps.Select(step => step.WeekBefore), "dotted"));
            legend.Add(new(weekBefore));
        }

        if (pool.HasAllocation)
        {
            series.Add(Line(allocation, pool.Steps.Select(step => Percent(step.U1s?.Value)), Look.Vermilion, "dashed"));
        }

        series.Add(Line(use, pool.Steps.Select(step => Percent(step.U3?.Value)), Look.Blue, "solid"));
        return new(
            $"hours-{Chart.Slug(pool.Pool.Value)}",
            "hourly-curve",
            Height: 320,
            text[$"Chart.HourlyCurve.Summary.{pool.Kind}", pool.Name.In(text.Name)],
            new(
                Chart.Title(title, simulated, text),
                new(Left: 48, Right: 16, Top: Chart.TitleHeight(simulated), Bottom: 76),
                new("category") { Data = [.. pool.Steps.Select(step => NameOf(step, pool))], AxisLabel = new() { HideOverlap = true } },
                new("value") { Min = 0, Max = 100, Interval = 25, SplitLine = new(true), AxisLabel = new() { Formatter = "{value}%" } },
                series.DrainToImmutable())
            {
                Legend = new(legend.DrainToImmutable()),
            });
    }

    /// <summary>A step on the axis: "08", "03-05".</summary>
    public static string NameOf(CurveStep step, PoolCurve pool) => pool.Kind == PeriodKind.Day
        ? LocalTimes.Hour(step.Local, pool.Steps.Select(other => other.Local))
        : LocalTimes.Day(step.Local);

    // What was is thin and gray, so that what is stands out.
    private static Series Past(string name, IEnumerable<Figure?> values, string type) => Line(name, values.Select(figure => Percent(figure?.Value)), Look.DarkGray, type) with
    {
        Symbol = "none",
        Z = 2,
        LineStyle = new() { Color = Look.DarkGray, Width = 1.2, Type = type },
    };

    private static Series Line(string name, IEnumerable<double?> values, string color, string type) => new("line", name, [.. values.Select(value => new Datum(value))])
    {
        Step = "middle",
        Symbol = type == "solid" ? "circle" : "emptyCircle",
        SymbolSize = 5,
        ConnectNulls = false,
        Z = 3,
        LineStyle = new() { Color = color, Width = 2, Type = type },
        ItemStyle = new() { Color = color },
    };

    private static Series Band(string stack, string name, IEnumerable<double?> values, string? color, Decal? hatch) => new("line", name, [.. values.Select(value => new Datum(value))])
    {
        Stack = stack,
        StackStrategy = "all",
        Step = "middle",
        Symbol = "none",
        Silent = true,
        Z = 1,
        LineStyle = new() { Opacity = 0 },
        ItemStyle = new() { Color = color ?? "transparent", Decal = hatch },
        AreaStyle = new() { Color = color, Opacity = color is null ? 0 : hatch is null ? 0.25 : 0.45 },
        Emphasis = new(true),
        Tooltip = new(false),
    };

    private static double? Percent(double? share) => share * 100;
}
