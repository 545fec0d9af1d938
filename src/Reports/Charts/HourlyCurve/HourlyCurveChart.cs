using System.Collections.Immutable;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.HourlyCurve;

namespace Headroom.Reports.Charts.HourlyCurve;

/// <summary>U1s and U3 over a day. The shaded band is where U3 can lie: it opens where use is unknown, and a line breaks where less than half is known.</summary>
public static class HourlyCurveChart
{
    public static Chart Of(PoolCurve pool, bool simulated, TextLookup text)
    {
        var (use, allocation, band) = (text["Chart.HourlyCurve.U3"], text["Chart.HourlyCurve.U1s"], text["Chart.HourlyCurve.Band"]);
        var title = text["Chart.HourlyCurve.Title", pool.Name.In(text.Name)];
        var series = ImmutableArray.CreateBuilder<Series>();
        series.Add(Band("", pool.Hours.Select(hour => Percent(hour.U3?.Low)), null));
        series.Add(Band(band, pool.Hours.Select(hour => Percent(hour.U3?.High - hour.U3?.Low)), Look.Gray));
        if (pool.HasAllocation)
        {
            series.Add(Line(allocation, pool.Hours.Select(hour => Percent(hour.U1s?.Value)), Look.Vermilion, "dashed"));
        }

        series.Add(Line(use, pool.Hours.Select(hour => Percent(hour.U3?.Value)), Look.Blue, "solid"));
        return new(
            $"hours-{Chart.Slug(pool.Pool.Value)}",
            "hourly-curve",
            Height: 300,
            text["Chart.HourlyCurve.Summary", pool.Name.In(text.Name)],
            new(
                Chart.Title(title, simulated, text),
                new(Left: 48, Right: 16, Top: Chart.TitleHeight(simulated), Bottom: 56),
                new("category") { Data = [.. pool.Hours.Select(hour => LocalTimes.Hour(hour.Local, pool.Hours.Select(h => h.Local)))], AxisLabel = new() { HideOverlap = true } },
                new("value") { Min = 0, Max = 100, SplitNumber = 4, SplitLine = new(true), AxisLabel = new() { Formatter = "{value}%" } },
                series.DrainToImmutable())
            {
                Legend = new(pool.HasAllocation ? [use, allocation, band] : [use, band]),
            });
    }

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

    private static Series Band(string name, IEnumerable<double?> values, string? color) => new("line", name, [.. values.Select(value => new Datum(value))])
    {
        Stack = "band",
        StackStrategy = "all",
        Step = "middle",
        Symbol = "none",
        Silent = true,
        Z = 1,
        LineStyle = new() { Opacity = 0 },
        ItemStyle = new() { Color = color ?? "transparent", Decal = color is null ? null : Look.Hatch },
        AreaStyle = new() { Color = color, Opacity = color is null ? 0 : 0.45 },
        Emphasis = new(true),
        Tooltip = new(false),
    };

    private static double? Percent(double? share) => share * 100;
}
