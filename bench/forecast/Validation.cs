using System.Diagnostics;
using Headroom.Analytics.Forecasting;

namespace Headroom.ForecastBench;

/// <summary>Forecasts scored on what is known: from origins inside the training part to choose by, or on the continuation that was held back.</summary>
internal static class Validation
{
    /// <summary>Origins per series, a horizon apart, the last of them a horizon before the end of the training part.</summary>
    private const int Origins = 3;

    public static readonly string Header = $"{"set",-12} {"with",-28} {"cases",5} {"sMAPE",7} {"MASE",7} {"OWA",7} {"sQL",7} {"80 %",6} {"95 %",6} {"±80",5} {"±95",5} {"MSIS",7} {"ms",7}";

    /// <summary>A series cut at an origin, and what came after it.</summary>
    public sealed record Case(double[] History, double[] Actual);

    public static List<Case> Inside(SeriesSet set)
    {
        var cases = new List<Case>();
        foreach (var series in set.Train())
        {
            for (var origin = Origins; origin >= 1; origin--)
            {
                var length = series.Values.Length - (origin * set.Horizon);
                if (length >= 2 * set.ScaleSeason && length >= set.Horizon)
                {
                    cases.Add(new(series.Values[..length], series.Values[length..(length + set.Horizon)]));
                }
            }
        }

        return cases;
    }

    public static List<Case> Held(SeriesSet set)
    {
        var truth = set.Truth();
        return set.Train().ConvertAll(s => new Case(s.Values, truth[s.Id]));
    }

    /// <summary>One line: mean scores, the share each band held, twice the standard error of these shares over series, CPU per case.</summary>
    public static string Line(SeriesSet set, string name, List<Case> cases, ForecasterCatalog catalog, Dictionary<string, int>? chosen = null)
    {
        var (scores, results) = (new Score?[cases.Count], new ForecastResult[cases.Count]);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        Parallel.For(0, cases.Count, i => results[i] = Run(set, cases[i].History, catalog));
        var cpu = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / cases.Count;
        Parallel.For(0, cases.Count, i => scores[i] = Score.Of(cases[i].History, cases[i].Actual, Columns(results[i]), set.ScaleSeason));
        foreach (var result in results)
        {
            chosen?.TryAdd(result.Forecaster, 0);
            _ = chosen is null ? 0 : chosen[result.Forecaster]++;
        }

        if (Environment.GetEnvironmentVariable("HR_F") is not null) { for (var i = 0; i < results.Length; i++) { foreach (var f in results[i].Findings) { Console.WriteLine($"{i} n={cases[i].History.Length} {f} mase {scores[i]?.Mase:F3} snaive {scores[i]?.SeasonalNaive:F3}"); } } }
        Score[] known = [.. scores.Where(s => s is not null).Select(s => s!.Value)];
        var mean = Score.Mean(known);
        return FormattableString.Invariant(
            $"{set.Name,-12} {name,-28} {known.Length,5} {mean.Smape,7:F3} {mean.Mase,7:F4} {mean.Owa,7:F4} {mean.Quantile,7:F4} {100 * mean.Held80,6:F1} {100 * mean.Held95,6:F1} {TwoErrors(known, s => s.Held80),5:F1} {TwoErrors(known, s => s.Held95),5:F1} {mean.Msis,7:F2} {cpu,7:F2}");
    }

    public static ForecastResult Run(SeriesSet set, double[] history, ForecasterCatalog catalog)
    {
        int[] seasons = [.. set.Seasons.Where(s => 2 * s <= history.Length)];
        var spec = new ForecastSpec(set.Horizon, [.. seasons.Length == 0 ? [1] : seasons]) { NonNegative = !history.Any(v => v < 0), Levels = [0.8, 0.95] };
        return Forecast.Run(history, spec, catalog);
    }

    private static double[][] Columns(ForecastResult result) =>
        [[.. result.Bands[1].Low], [.. result.Bands[0].Low], [.. result.Mean], [.. result.Bands[0].High], [.. result.Bands[1].High]];

    private static double TwoErrors(Score[] scores, Func<Score, double> held)
    {
        var mean = scores.Average(held);
        return 200 * Math.Sqrt(scores.Sum(s => (held(s) - mean) * (held(s) - mean)) / scores.Length / scores.Length);
    }
}
