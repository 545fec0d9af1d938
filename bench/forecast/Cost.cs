using System.Diagnostics;
using Headroom.Analytics.Forecasting;

namespace Headroom.ForecastBench;

/// <summary>What each forecaster of the catalog takes of a forecast: from all past origins, and once more for what is ahead.</summary>
internal static class Cost
{
    /// <summary>Each series this often; the least time counts, since others share the machine.</summary>
    private const int Rounds = 3;

    private const int MostSeries = 104;

    /// <param name="Name">Of the forecaster; else what the row says.</param>
    /// <param name="Past">Milliseconds per series, on one core.</param>
    public readonly record struct Row(string Name, double Past, double Ahead)
    {
        public override string ToString() => FormattableString.Invariant($"{Name,-28} {Past,9:F3} {Ahead,9:F3} {Past + Ahead,9:F3}");
    }

    /// <summary>The dearest first, then what is done beside the forecasters, then all.</summary>
    public static IEnumerable<Row> Of(SeriesSet set)
    {
        Timed[] timed = [.. ForecasterCatalog.Default.Forecasters.Select(f => new Timed(f))];
        var catalog = new ForecasterCatalog([.. timed]);
        Validation.Case[] series = [.. Validation.Whole(set).Take(MostSeries)];
        // Compiled for speed before the clock runs.
        Parallel.For(0, series.Length, i => Validation.Run(set, series[i], ForecasterCatalog.Default));
        var (past, ahead, all) = (new double[timed.Length], new double[timed.Length], 0.0);
        foreach (var known in series)
        {
            var (leastPast, leastAhead, least) = (Most(timed.Length), Most(timed.Length), double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                Array.ForEach(timed, t => t.Clear());
                var from = Stopwatch.GetTimestamp();
                Validation.Run(set, known, catalog);
                least = Math.Min(least, Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                for (var i = 0; i < timed.Length; i++)
                {
                    (leastPast[i], leastAhead[i]) = (Math.Min(leastPast[i], timed[i].Past), Math.Min(leastAhead[i], timed[i].Ahead));
                }
            }

            all += least / series.Length;
            for (var i = 0; i < timed.Length; i++)
            {
                (past[i], ahead[i]) = (past[i] + (leastPast[i] / series.Length), ahead[i] + (leastAhead[i] / series.Length));
            }
        }

        var rows = timed.Select((t, i) => new Row(t.Name, past[i], ahead[i])).Where(row => row.Past > 0).OrderByDescending(row => row.Past + row.Ahead);
        return [.. rows, new Row("beside them", all - past.Sum() - ahead.Sum(), 0), new Row("all", all, 0)];
    }

    private static double[] Most(int count)
    {
        var most = new double[count];
        Array.Fill(most, double.MaxValue);
        return most;
    }

    /// <summary>A forecaster with a clock; for one thread.</summary>
    private sealed class Timed(IForecaster inner) : ICarriesOn
    {
        public double Past { get; private set; }

        public double Ahead { get; private set; }

        public string Name => inner.Name;

        public int NeedsAtLeast(ForecastSpec spec) => inner.NeedsAtLeast(spec);

        public int UsesAtMost(ForecastSpec spec) => inner.UsesAtMost(spec);

        public void Clear() => (Past, Ahead) = (0, 0);

        public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
        {
            var from = Stopwatch.GetTimestamp();
            inner.Forecast(history, spec, mean);
            Ahead += Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        public void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
        {
            var from = Stopwatch.GetTimestamp();
            inner.ForecastFrom(history, lengths, spec, means);
            Past += Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        public bool TryCarryOn(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means, Span<double> ahead)
        {
            var from = Stopwatch.GetTimestamp();
            var could = inner is ICarriesOn onward && onward.TryCarryOn(history, lengths, spec, means, ahead);
            Past += Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            return could;
        }
    }
}
