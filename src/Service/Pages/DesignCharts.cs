using Headroom.Domain.Accounting;
using Headroom.Reports.Charts;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Language;

namespace Headroom.Service.Pages;

/// <summary>A chart of every state side by side, in the look of all charts.</summary>
internal static class DesignCharts
{
    public static Chart States(TextLookup text, string place = "all") => new(
        $"design-states-{place}",
        "design-states",
        Height: 190,
        text["Design.States"],
        new(
            Chart.Title(text["Design.StatesChart"], simulated: true, text),
            new(Left: 8, Right: 8, Top: Chart.TitleHeight(simulated: true), Bottom: 76),
            new("category") { Data = [""], AxisTick = new(false) },
            new("value") { Min = 0, Max = 60, Interval = 60, AxisLabel = new() { FontSize = 1 } },
            [
                .. Enum.GetValues<ReportedState>().Select(state => new Series("bar", text[$"State.{state}"], [new(50)]) { ItemStyle = Look.Of(state) }),
            ])
        {
            Legend = new([.. Enum.GetValues<ReportedState>().Select(state => LegendItem.Area(text[$"State.{state}"]))]),
        });
}
