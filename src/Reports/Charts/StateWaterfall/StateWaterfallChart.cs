using System.Collections.Immutable;
using Headroom.Domain.Metrics;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.StateWaterfall;

namespace Headroom.Reports.Charts.StateWaterfall;

/// <summary>Installed capacity on top, then what each state takes from it, down to what was busy.</summary>
public static class StateWaterfallChart
{
    public static Chart Of(PoolWaterfall pool, bool simulated, TextLookup text)
    {
        var unit = pool.Installed.Unit;
        var title = text["Chart.StateWaterfall.Title", pool.Name.In(text.Name), text[$"Unit.{unit}"]];
        var names = pool.Steps.Select(step => text[$"State.{step.State}"]).Prepend(text["State.Installed"]).ToImmutableArray();
        return new(
            $"waterfall-{Chart.Slug(pool.Pool.Value)}",
            "state-waterfall",
            Height: 300,
            text["Chart.StateWaterfall.Summary", pool.Name.In(text.Name)],
            new(
                Chart.Title(title, simulated, text),
                new(Left: 112, Right: 84, Top: Chart.TitleHeight(simulated), Bottom: 28),
                new("value") { Min = 0, Max = Ceiling(pool), SplitNumber = 4, SplitLine = new(true), AxisLabel = new() { HideOverlap = true } },
                new("category") { Data = names, Inverse = true, AxisTick = new(false), AxisLabel = new() { Width = 104, Overflow = "break", Interval = 0 } },
                [
                    new("bar", "", Bases(pool)) { Stack = "steps", Silent = true, ItemStyle = new() { Color = "transparent" }, BarWidth = "68%", Tooltip = new(false) },
                    new("bar", text[$"Unit.{unit}"], Bars(pool)) { Stack = "steps" },
                ])
            {
                Tooltip = new("item"),
            });
    }

    // The bar of what is installed, then each state hanging from the end of the one before.
    private static ImmutableArray<Datum> Bases(PoolWaterfall pool)
    {
        var bases = ImmutableArray.CreateBuilder<Datum>(pool.Steps.Length + 1);
        bases.Add(new(0));
        var left = pool.Installed.Value!.Value;
        foreach (var step in pool.Steps)
        {
            left -= step.Amount.Value!.Value;
            bases.Add(new(Math.Max(0, left)));
        }

        return bases.DrainToImmutable();
    }

    private static ImmutableArray<Datum> Bars(PoolWaterfall pool) =>
    [
        Bar(pool.Installed, new() { Color = Look.DarkGray }),
        .. pool.Steps.Select(step => Bar(step.Amount, Look.Of(step.State))),
    ];

    private static Datum Bar(Figure amount, ItemStyle style) =>
        new(amount.Value, Style: style, Label: new(true, "right", FigureText.Rounded(amount.Value!.Value, amount.Unit)));

    private static double? Ceiling(PoolWaterfall pool) => pool.Installed.Value > 0 ? null : 1;
}
