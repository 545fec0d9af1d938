using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Language;

namespace Headroom.Reports.Charts.CardDay;

/// <summary>One card's day: how long it was in each state, hour by hour, and what its gauge said.</summary>
public static class CardDayCharts
{
    /// <summary>A day with more samples is drawn by the minute. Unit: samples.</summary>
    public const int MostPoints = 1_500;

    // From the ground up: what was used, what was not, what is not known, what was out of service.
    private static readonly ImmutableArray<ReportedState> Order =
    [
        ReportedState.Busy, ReportedState.AllocIdle, ReportedState.Free, ReportedState.Unattributed, ReportedState.Unknown, ReportedState.Maintenance, ReportedState.Down,
    ];

    /// <summary>Minutes of each hour by state. The bars of an hour sum to its installed minutes.</summary>
    public static Chart States(string device, ImmutableArray<CardHour> hours, CenterClock clock, bool simulated, TextLookup text)
    {
        var locals = hours.Select(hour => clock.Local(hour.HourStart)).ToImmutableArray();
        var present = Order.Where(state => hours.Any(hour => Minutes(hour, state) > 0)).ToImmutableArray();
        return new(
            "card-states",
            "card-states",
            Height: 280,
            text["Chart.CardStates.Summary", device],
            new(
                Chart.Title(text["Chart.CardStates.Title", device], simulated, text),
                new(Left: 48, Right: 16, Top: Chart.TitleHeight(simulated), Bottom: 62),
                new("category") { Data = [.. locals.Select(local => LocalTimes.Hour(local, locals))], AxisLabel = new() { HideOverlap = true } },
                new("value") { Min = 0, Max = 60, Interval = 15, SplitLine = new(true) },
                [
                    .. present.Select(state => new Series("bar", text[$"State.{state}"], [.. hours.Select(hour => new Datum(Math.Round(Minutes(hour, state), 2)))])
                    {
                        Stack = "hour",
                        BarWidth = "82%",
                        ItemStyle = Look.Of(state),
                    }),
                ])
            {
                Legend = new([.. present.Select(state => LegendItem.Area(text[$"State.{state}"]))]),
            });
    }

    /// <summary>Utilization as it was sampled; a day of more than <see cref="MostPoints"/> samples by the minute, with the least and the most of it.</summary>
    public static Chart Samples(string device, DeviceSamples samples, CenterClock clock, bool simulated, TextLookup text)
    {
        var points = Points(samples);
        var byMinute = samples.Count > MostPoints;
        var use = text["Chart.CardSamples.Use"];
        var band = text["Chart.CardSamples.Band"];
        var series = ImmutableArray.CreateBuilder<Series>();
        if (byMinute)
        {
            series.Add(Band("", points.Select(point => point.Low), null));
            series.Add(Band(band, points.Select(point => point.High - point.Low), Look.Gray));
        }

        series.Add(new("line", use, [.. points.Select(point => new Datum(Round(point.Mean)))])
        {
            Symbol = "circle",
            SymbolSize = 3,
            ShowSymbol = points.Length <= 200,
            ConnectNulls = false,
            Z = 3,
            LineStyle = new() { Color = Look.Blue, Width = 1.5 },
            ItemStyle = new() { Color = Look.Blue },
        });
        return new(
            "card-samples",
            "card-samples",
            Height: 280,
            text["Chart.CardSamples.Summary", device],
            new(
                Chart.Title(text[byMinute ? "Chart.CardSamples.TitleByMinute" : "Chart.CardSamples.Title", device], simulated, text),
                new(Left: 52, Right: 16, Top: Chart.TitleHeight(simulated), Bottom: 56),
                new("category") { Data = [.. points.Select(point => clock.Local(point.Instant).ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture))], AxisLabel = new() { HideOverlap = true } },
                new("value") { Min = 0, Max = 100, Interval = 25, SplitLine = new(true), AxisLabel = new() { Formatter = "{value}%" } },
                series.DrainToImmutable())
            {
                Legend = new(byMinute ? [new(use), LegendItem.Area(band)] : [new(use)]),
            });
    }

    /// <summary>Unit: minutes.</summary>
    public static double Minutes(CardHour hour, ReportedState state)
    {
        var sum = 0L;
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            sum += ReportedStates.Of((Cell)cell) == state ? hour.Cells[(Cell)cell] : 0;
        }

        return (double)sum / Micros.PerMinute;
    }

    private static ImmutableArray<Point> Points(DeviceSamples samples) => samples.Count <= MostPoints
        ? [.. Enumerable.Range(0, samples.Count).Select(i => new Point(samples.Instants[i], Percent(samples.UsePpm[i]), null, null))]
        :
        [
            .. Enumerable.Range(0, samples.Count)
                .GroupBy(i => samples.Instants[i] / Micros.PerMinute)
                .Select(minute =>
                {
                    var known = minute.Select(i => Percent(samples.UsePpm[i])).OfType<double>().ToList();
                    return known.Count == 0
                        ? new Point(minute.Key * Micros.PerMinute, null, null, null)
                        : new Point(minute.Key * Micros.PerMinute, known.Average(), known.Min(), known.Max());
                }),
        ];

    private static double? Percent(int ppm) => ppm == TelemetryMetrics.Missing ? null : ppm / 10_000.0;

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 2) : null;

    private static Series Band(string name, IEnumerable<double?> values, string? color) => new("line", name, [.. values.Select(value => new Datum(Round(value)))])
    {
        Stack = "band",
        StackStrategy = "all",
        Symbol = "none",
        Silent = true,
        Z = 1,
        LineStyle = new() { Opacity = 0 },
        ItemStyle = new() { Color = color ?? "transparent" },
        AreaStyle = new() { Color = color, Opacity = color is null ? 0 : 0.45 },
        Emphasis = new(true),
        Tooltip = new(false),
    };

    private readonly record struct Point(long Instant, double? Mean, double? Low, double? High);
}
