using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.Heatmap;

namespace Headroom.Reports.Charts.CardHourHeatmap;

/// <summary>Cards by hours, the cards of a host side by side. Unknown is hatched, Down and Maintenance have their colors: none of them looks like 0.</summary>
public static class CardHourHeatmapChart
{
    /// <summary>Rows of one drawing: more are cut into several, at the border of a host, so that each fits a page.</summary>
    public const int MostRows = 128;

    private const int LegendHeight = 84;

    // Light to dark: also in gray a busy hour is darker than an idle one. Its lightest is not the white of hours that are not there.
    private static readonly ImmutableArray<string> Scale = ["#e6f0f9", "#b5d2ea", "#6baed6", "#2171b5", "#08306b"];

    public static ImmutableArray<Chart> Of(PoolHeat pool, bool simulated, TextLookup text)
    {
        var panels = Panels(pool.Rows);
        return [.. panels.Select((rows, place) => Panel(pool, rows, place, panels.Count, simulated, text))];
    }

    private static Chart Panel(PoolHeat pool, ImmutableArray<HeatRow> rows, int place, int count, bool simulated, TextLookup text)
    {
        var top = Chart.TitleHeight(simulated);
        var title = text[$"Chart.CardHourHeatmap.Title.{pool.Axis}{(IsDay(pool) ? "" : ".Hosts")}", pool.Name.In(text.Name)] + (count > 1 ? text["Chart.CardHourHeatmap.Part", place + 1, count] : "");
        var unknown = text["Heat.Unknown"];
        var (maintenance, down) = (text["State.Maintenance"], text["State.Down"]);
        return new(
            $"heat-{Chart.Slug(pool.Pool.Value)}-{place + 1}",
            IsDay(pool) ? "card-hour-heatmap" : "host-day-heatmap",
            Height: top + LegendHeight + (rows.Length * RowHeight(rows.Length)),
            text[IsDay(pool) ? "Chart.CardHourHeatmap.Summary" : "Chart.CardHourHeatmap.Summary.Hosts", pool.Name.In(text.Name)],
            new(
                Chart.Title(title, simulated, text),
                new(Left: 116, Right: 12, Top: top, Bottom: LegendHeight),
                new("category") { Data = [.. pool.Hours.Select(hour => IsDay(pool) ? LocalTimes.Hour(hour, pool.Hours) : LocalTimes.Day(hour))], AxisTick = new(false), AxisLabel = new() { FontSize = 11, Interval = IsDay(pool) ? 1 : null, HideOverlap = true } },
                new("category")
                {
                    Data = [.. rows.Select(row => Name(row))],
                    Inverse = true,
                    AxisTick = new(false),
                    AxisLabel = new() { FontSize = 11, Width = 108, Overflow = "truncate" },
                },
                [
                    Cells(text[$"Chart.CardHourHeatmap.{pool.Axis}"], rows, (cell, _) => cell.State is HeatState.Known or HeatState.Unknown, cell => cell.Use * 100),
                    Mark(unknown, rows, HeatState.Unknown, Look.Of(ReportedState.Unknown)),
                    Mark(maintenance, rows, HeatState.Maintenance, Look.Of(ReportedState.Maintenance)),
                    Mark(down, rows, HeatState.Down, Look.Of(ReportedState.Down)),
                ])
            {
                Tooltip = new("item"),
                Legend = new([new(unknown), new(maintenance), new(down)]),
                VisualMap =
                [
                    new("continuous", 0, 0, 100, new(Scale))
                    {
                        Show = true,
                        Calculable = false,
                        Orient = "horizontal",
                        Left = "center",
                        Bottom = 26,
                        ItemWidth = 10,
                        ItemHeight = 140,
                        Text = ["100%", text["Chart.CardHourHeatmap.Zero"]],
                    },
                    Flat(1, Look.LightGray),
                    Flat(2, Look.Yellow),
                    Flat(3, Look.Vermilion),
                ],
            });
    }

    private static bool IsDay(PoolHeat pool) => pool.Kind == PeriodKind.Day;

    private static Series Mark(string name, ImmutableArray<HeatRow> rows, HeatState state, ItemStyle style) =>
        Cells(name, rows, (cell, _) => cell.State == state, _ => 1) with { ItemStyle = style };

    private static Series Cells(string name, ImmutableArray<HeatRow> rows, Func<HeatCell, int, bool> chosen, Func<HeatCell, double?> value) =>
        new("heatmap", name, [.. rows.SelectMany((row, y) => row.Cells.Select((cell, x) => (cell, x, y))).Where(c => chosen(c.cell, c.x)).Select(c => new Datum(Round(value(c.cell)), (c.x, c.y)))])
        {
            Progressive = 0,
        };

    private static double? Round(double? percent) => percent is { } value ? Math.Round(value, 1) : null;

    private static VisualMap Flat(int series, string color) => new("continuous", series, 0, 1, new([color, color]));

    private static string Name(HeatRow row) => row switch
    {
        { Device: "" } => row.Host,
        { Host: "" } => row.Device,
        _ when row.Host == row.Device => row.Host,
        _ => $"{row.Host} · {row.Device}",
    };

    private static int RowHeight(int rows) => rows switch { <= 16 => 16, <= 48 => 10, _ => 6 };

    private static List<ImmutableArray<HeatRow>> Panels(ImmutableArray<HeatRow> rows)
    {
        var most = (int)Math.Ceiling(rows.Length / Math.Ceiling((double)rows.Length / MostRows));
        var panels = new List<ImmutableArray<HeatRow>>();
        var panel = ImmutableArray.CreateBuilder<HeatRow>();
        foreach (var host in rows.GroupBy(row => row.Host))
        {
            foreach (var part in host.Chunk(MostRows))
            {
                if (panel.Count >= most || (panel.Count > 0 && panel.Count + part.Length > MostRows))
                {
                    panels.Add(panel.DrainToImmutable());
                }

                panel.AddRange(part);
            }
        }

        if (panel.Count > 0)
        {
            panels.Add(panel.DrainToImmutable());
        }

        return panels;
    }
}
