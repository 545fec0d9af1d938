using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.SeasonalNaive;

namespace Headroom.ForecastBench;

/// <summary>Rolling origins over the shared traces of real clusters, hour by hour: the catalog against what anybody would try first.</summary>
internal static class Backtest
{
    private const int Week = 168;
    private const int MostOrigins = 6;
    private static readonly int[] HorizonDays = [7, 14, 28];

    private static readonly (string Name, ForecasterCatalog Catalog)[] Contenders =
    [
        ("catalog", ForecasterCatalog.Default),
        ("seasonal naive", new([new SeasonalNaiveForecaster("seasonal-naive", longest: false)])),
        ("last week's mean", new([new WeekMean()])),
        ("straight line", new([new StraightLine()])),
    ];

    /// <param name="Scores">In the order of the contenders.</param>
    public sealed record Row(string Trace, int Days, int Origins, (double Mase, double Pinball)[] Scores)
    {
        public bool Wins => Scores.Skip(1).All(s => Scores[0].Mase <= s.Mase) && Scores.Skip(1).All(s => Scores[0].Pinball <= s.Pinball);
    }

    public static IEnumerable<Row> Run()
    {
        foreach (var (trace, series) in Traces())
        {
            foreach (var days in HorizonDays)
            {
                if (Score(trace, series, days) is { } row)
                {
                    yield return row;
                }
            }
        }
    }

    private static Row? Score(string trace, List<double[]> series, int days)
    {
        var horizon = days * 24;
        var cases = new List<(double[] History, double[] Actual)>();
        foreach (var values in series)
        {
            for (var origin = 0; origin < MostOrigins; origin++)
            {
                var length = values.Length - horizon - (origin * Week);
                if (length >= 2 * Week)
                {
                    cases.Add((values[..length], values[length..(length + horizon)]));
                }
            }
        }

        var scores = new (double Mase, double Pinball)[Contenders.Length];
        for (var c = 0; c < Contenders.Length && cases.Count > 0; c++)
        {
            var (catalog, each) = (Contenders[c].Catalog, new Score?[cases.Count]);
            Parallel.For(0, cases.Count, i =>
            {
                var spec = new ForecastSpec(horizon, cases[i].History.Length >= 3 * Week ? [24, Week] : [24]) { NonNegative = true, Levels = [0.8, 0.95] };
                each[i] = ForecastBench.Score.Of(cases[i].History, cases[i].Actual, Validation.Columns(Forecast.Run(cases[i].History, spec, catalog)), season: 24);
            });
            Score[] known = [.. each.Where(s => s is not null).Select(s => s!.Value)];
            scores[c] = known.Length == 0 ? default : (known.Average(s => s.Mase), known.Average(s => s.Quantile));
        }

        return cases.Count == 0 ? null : new(trace, days, cases.Count, scores);
    }

    private static IEnumerable<(string Trace, List<double[]> Series)> Traces()
    {
        string Path(string trace, string file) => System.IO.Path.Combine(SeriesSet.Shared(), "data", "traces", trace, file);
        List<double[]> Whole(string path, string column, string from = "", string until = "9") => [Columns(path, column, from, until).SelectMany(s => s.Value).ToArray()];
        yield return ("helios-earth-vc", Whole(Path("helios-earth-vc", "hourly.csv.gz"), "demand_cards"));
        yield return ("helios-earth-vc, 16 tenants", [.. Columns(Path("helios-earth-vc", "hourly_by_tenant.csv.gz"), "demand_cards", "", "9", "tenant").Values.Select(v => v.ToArray())]);
        yield return ("philly-sia", Whole(Path("philly-sia", "hourly.csv.gz"), "demand_cards", "2017-09-25", "2017-12-10"));
        yield return ("philly-muri, 4 tenants", [.. Columns(Path("philly-muri", "hourly_by_tenant.csv.gz"), "demand_cards", "2017-09-25", "2017-12-10", "tenant").Values.Select(v => v.ToArray())]);
        yield return ("philly-nodes", Whole(Path("philly-nodes", "hourly.csv.gz"), "active_nodes_mean"));
    }

    /// <summary>One series per value of the key column, or one; rows from and until an instant as text.</summary>
    private static Dictionary<string, List<double>> Columns(string path, string column, string from, string until, string? key = null)
    {
        using var reader = new StreamReader(new System.IO.Compression.GZipStream(File.OpenRead(path), System.IO.Compression.CompressionMode.Decompress));
        var header = reader.ReadLine()!.Split(',');
        var (at, by) = (Array.IndexOf(header, column), key is null ? -1 : Array.IndexOf(header, key));
        var series = new Dictionary<string, List<double>>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            if (string.CompareOrdinal(cells[0], from) >= 0 && string.CompareOrdinal(cells[0], until) < 0)
            {
                var id = by < 0 ? "" : cells[by];
                series.TryAdd(id, []);
                series[id].Add(double.TryParse(cells[at], System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : double.NaN);
            }
        }

        return series;
    }

    private sealed class WeekMean : IForecaster
    {
        public string Name => "week-mean";

        public int NeedsAtLeast(ForecastSpec spec) => Week;

        public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) =>
            mean.Fill(history[^Week..].ToArray().Where(double.IsFinite).DefaultIfEmpty(0).Average());
    }

    private sealed class StraightLine : IForecaster
    {
        public string Name => "straight-line";

        public int NeedsAtLeast(ForecastSpec spec) => 2;

        public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
        {
            var (n, sumT, sumY, squares, cross) = (0, 0.0, 0.0, 0.0, 0.0);
            for (var t = 0; t < history.Length; t++)
            {
                if (double.IsFinite(history[t]))
                {
                    (n, sumT, sumY, squares, cross) = (n + 1, sumT + t, sumY + history[t], squares + ((double)t * t), cross + (t * history[t]));
                }
            }

            var slope = (n * squares) - (sumT * sumT) is > 0 and var spread ? ((n * cross) - (sumT * sumY)) / spread : 0;
            for (var h = 0; h < mean.Length; h++)
            {
                mean[h] = (sumY / n) + (slope * (history.Length + h - (sumT / n)));
            }
        }
    }
}
