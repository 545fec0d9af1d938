using System.Diagnostics;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Series;

namespace Headroom.ForecastBench;

/// <summary>Forecasts scored on what is known: from origins inside the training part to choose by, or on the continuation that was held back.</summary>
internal static class Validation
{
    /// <summary>Origins per series, a horizon apart, the last of them a horizon before the end of the training part.</summary>
    private const int Origins = 6;

    /// <summary>Of the training part, what an origin must know: bands are calibrated for histories of about the whole length.</summary>
    private const double LeastKnown = 0.6;

    public static readonly string Header = $"{"set",-12} {"with",-28} {"cases",5} {"sMAPE",7} {"MASE",7} {"OWA",7} {"sQL",7} {"80 %",6} {"95 %",6} {"±80",5} {"±95",5} {"MSIS",7} {"ms",7}";

    /// <summary>A series cut at an origin, and what came after it.</summary>
    /// <param name="Origin">Horizons before the end of the training part; 0 for the end.</param>
    public sealed record Case(string Series, int Origin, long[] Instants, double[] History, double[] Actual);

    public static List<Case> Inside(SeriesSet set)
    {
        var cases = new List<Case>();
        foreach (var series in set.Train())
        {
            for (var origin = Origins; origin >= 1; origin--)
            {
                var length = series.Values.Length - (origin * set.Horizon);
                if (length >= Math.Max(LeastKnown * series.Values.Length, Math.Max(2 * set.ScaleSeason, set.Horizon)))
                {
                    cases.Add(new(series.Id, origin, series.Instants[..length], series.Values[..length], series.Values[length..(length + set.Horizon)]));
                }
            }
        }

        return cases;
    }

    public static List<Case> Held(SeriesSet set)
    {
        var truth = set.Truth();
        return set.Train().ConvertAll(s => new Case(s.Id, 0, s.Instants, s.Values, truth[s.Id]));
    }

    /// <summary>The whole training part, nothing to score.</summary>
    public static List<Case> Whole(SeriesSet set) => set.Train().ConvertAll(s => new Case(s.Id, 0, s.Instants, s.Values, []));

    /// <param name="Held80">The share that the 80 % band holds, by series and date.</param>
    /// <param name="CpuMilliseconds">Per series, all members and all origins.</param>
    public sealed record Row(SeriesSet Set, string Name, int Cases, Score Mean, HeldShare Held80, HeldShare Held95, double CpuMilliseconds)
    {
        public override string ToString() => FormattableString.Invariant(
            $"{Set.Name,-12} {Name,-28} {Cases,5} {Mean.Smape,7:F3} {Mean.Mase,7:F4} {Mean.Owa,7:F4} {Mean.Quantile,7:F4} {100 * Mean.Held80,6:F1} {100 * Mean.Held95,6:F1} {Held80.TwoErrors(),5:F1} {Held95.TwoErrors(),5:F1} {Mean.Msis,7:F2} {CpuMilliseconds,7:F2}");
    }

    public static Row Of(SeriesSet set, string name, List<Case> cases, ForecasterCatalog catalog)
    {
        var (scores, results) = (new Score?[cases.Count], new ForecastResult[cases.Count]);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        Parallel.For(0, cases.Count, i => results[i] = Run(set, cases[i], catalog));
        var cpu = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / cases.Count;
        Parallel.For(0, cases.Count, i => scores[i] = Score.Of(cases[i].History, cases[i].Actual, Columns(results[i]), set.ScaleSeason));
        var known = cases.Zip(scores).Where(pair => pair.Second is not null).Select(pair => (pair.First, Score: pair.Second!.Value)).ToList();
        HeldShare Held(Func<Score, double> share) => new([.. known.Select(pair => (pair.First.Series, pair.First.Origin, share(pair.Score)))]);
        return new(set, name, known.Count, Score.Mean([.. known.Select(pair => pair.Score)]), Held(s => s.Held80), Held(s => s.Held95), cpu);
    }

    /// <summary>As `headroom forecast` makes it, dates and all.</summary>
    public static ForecastResult Run(SeriesSet set, Case known, ForecasterCatalog catalog)
    {
        var options = new SeriesOptions(set.Horizon, ForecastSpec.Shown([.. set.Seasons], known.History.Length)) { Levels = [0.8, 0.95], Catalog = catalog };
        return ((SeriesAnswer.Forecasted)SeriesForecaster.Run(known.Instants, known.History, options)).Result;
    }

    /// <summary>lo95, lo80, mean, hi80, hi95 of a forecast at levels 80 and 95 %.</summary>
    public static double[][] Columns(ForecastResult result) =>
        [[.. result.Bands[1].Low], [.. result.Bands[0].Low], [.. result.Mean], [.. result.Bands[0].High], [.. result.Bands[1].High]];
}
