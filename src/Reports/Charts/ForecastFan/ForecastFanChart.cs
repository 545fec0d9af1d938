using System.Collections.Immutable;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.Forecasts;

namespace Headroom.Reports.Charts.ForecastFan;

/// <summary>History, the middle of the forecast, its bands, and the capacity they are compared with.</summary>
public static class ForecastFanChart
{
    /// <summary>The newest part of the history that is drawn. Unit: steps; two weeks of hours.</summary>
    public const int HistorySteps = 336;

    private static readonly double[] Opacities = [0.14, 0.26, 0.42];

    public static Chart Of(PoolForecast forecast, bool simulated, TextLookup text)
    {
        var view = forecast.View;
        var metric = text[$"Metric.{view.Metric.Name}.Name"];
        var skipped = Skipped(forecast);
        var history = view.History.RemoveRange(0, skipped);
        var scale = view.Unit == MetricUnit.Share ? 100 : 1;
        var (ceiling, interval) = view.Unit == MetricUnit.Share ? (100, 25) : Ceiling(forecast);
        var names = (History: text["Chart.ForecastFan.History"], Mean: text["Chart.ForecastFan.Mean"]);
        var levels = view.Steps.IsEmpty ? [] : view.Steps[0].Bands.Select(band => band.Level).OrderDescending().ToImmutableArray();
        var series = ImmutableArray.CreateBuilder<Series>();
        AddBands(series, forecast, history, levels, scale, text);
        series.Add(Line(names.History, [.. history.Select(point => Scaled(point.Value, scale)), .. view.Steps.Select(_ => new Datum(null))], Look.Ink, "solid"));
        series.Add(Line(names.Mean, [.. BeforeForecast(history, scale), .. view.Steps.Select(step => Scaled(step.Mean, scale))], Look.Blue, "dashed") with
        {
            MarkLine = forecast.Capacity is { Value: { } capacity } figure ? CapacityLine(capacity * scale, text["Chart.ForecastFan.Capacity", FigureText.Headline(figure, text)]) : null,
        });
        return new(
            $"forecast-{Chart.Slug(view.Pool.Value)}-{Chart.Slug(view.Metric.Name)}",
            "forecast-fan",
            Height: 340,
            text["Chart.ForecastFan.Summary", forecast.Name.In(text.Name), metric],
            new(
                Chart.Title(text["Chart.ForecastFan.Title", forecast.Name.In(text.Name), metric], simulated, text),
                new(Left: 52, Right: 16, Top: Chart.TitleHeight(simulated) + 10, Bottom: 76),
                new("category")
                {
                    Data = [.. forecast.HistoryLocal.Skip(skipped).Concat(forecast.StepsLocal).Select(LocalTimes.Moment)],
                    BoundaryGap = false,
                    AxisLabel = new() { HideOverlap = true, Interval = LabelInterval(forecast, history.Length) },
                },
                new("value")
                {
                    Min = 0,
                    Max = ceiling,
                    Interval = interval,
                    SplitLine = new(true),
                    AxisLabel = new() { Formatter = view.Unit == MetricUnit.Share ? "{value}%" : "{value}" },
                },
                series.DrainToImmutable())
            {
                Legend = new([new(names.History), new(names.Mean), .. levels.Reverse().Select(level => LegendItem.Area(BandName(level, text)))]),
            });
    }

    // A transparent base at the lowest bound, then the differences between neighboring bounds, from the outside in and out again.
    private static void AddBands(ImmutableArray<Series>.Builder series, PoolForecast forecast, ImmutableArray<SeriesPoint> history, ImmutableArray<int> levels, int scale, TextLookup text)
    {
        if (levels.IsEmpty)
        {
            return;
        }

        var steps = forecast.View.Steps.Select(step => step.Bands.OrderByDescending(band => band.Level).ToArray()).ToArray();
        ImmutableArray<Datum> Values(Func<Band[], double> value) =>
            [.. BeforeForecast(history, 0), .. steps.Select(bands => new Datum(value(bands) * scale))];

        series.Add(Area("", [.. BeforeForecast(history, scale), .. steps.Select(bands => Scaled(bands[0].Low, scale))], 0));
        for (var i = 0; i < levels.Length; i++)
        {
            var (outer, innermost) = (i, i == levels.Length - 1);
            series.Add(Area(BandName(levels[i], text), Values(bands => (innermost ? bands[outer].High : bands[outer + 1].Low) - bands[outer].Low), Opacity(i, levels.Length)));
        }

        for (var i = levels.Length - 2; i >= 0; i--)
        {
            var outer = i;
            series.Add(Area($"{BandName(levels[i], text)} ", Values(bands => bands[outer].High - bands[outer + 1].High), Opacity(i, levels.Length)));
        }
    }

    // The fan opens at the last measured value, so that the line does not break between history and forecast.
    private static IEnumerable<Datum> BeforeForecast(ImmutableArray<SeriesPoint> history, int scale) =>
        history.Select((point, i) => i == history.Length - 1 ? Scaled(point.Value, scale) : new Datum(null));

    // The drawn history begins at a local midnight, where it is long enough to be cut.
    private static int Skipped(PoolForecast forecast)
    {
        var skipped = Math.Max(0, forecast.HistoryLocal.Length - HistorySteps);
        var midnight = forecast.HistoryLocal.Skip(skipped).TakeWhile(local => local.TimeOfDay != TimeSpan.Zero).Count();
        return skipped > 0 && skipped + midnight < forecast.HistoryLocal.Length ? skipped + midnight : skipped;
    }

    // A label at each midnight, or at each second or later one where there are many days; null: left to the chart.
    private static int? LabelInterval(PoolForecast forecast, int historyLength)
    {
        var steps = forecast.View.Steps;
        var step = steps.Length < 2 ? 0 : steps[1].Instant - steps[0].Instant;
        if (step <= 0 || Micros.PerDay % step != 0)
        {
            return null;
        }

        var perDay = (int)(Micros.PerDay / step);
        var days = (historyLength + steps.Length) / perDay;
        return days < 2 ? null : (perDay * Math.Max(1, (int)Math.Ceiling(days / 8.0))) - 1;
    }

    private static double Opacity(int place, int count) => Opacities[Math.Clamp(place + Opacities.Length - count, 0, Opacities.Length - 1)];

    private static string BandName(int level, TextLookup text) => text["Chart.ForecastFan.Band", level];

    private static Series Area(string name, ImmutableArray<Datum> data, double opacity) => new("line", name, data)
    {
        Stack = "fan",
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

    private static MarkLine CapacityLine(double at, string label) =>
        new([new(Math.Round(at, 4), new(true, "insideStartTop", label))], new() { Color = Look.Vermilion, Width = 2, Type = "solid" });

    private static Datum Scaled(double? value, int scale) => new(value * scale);

    private static (double Ceiling, double Interval) Ceiling(PoolForecast forecast) => RoundScale.Above(forecast.View.Steps
        .SelectMany(step => step.Bands.Select(band => band.High).Append(step.Mean))
        .Concat(forecast.View.History.Select(point => point.Value ?? 0))
        .Append(forecast.View.Capacity ?? 0)
        .Max());
}
