using System.Diagnostics;
using Headroom.Analytics.Forecasting;

namespace Headroom.ForecastBench;

/// <summary>What many hourly series of 700 points cost, all members, all origins, 48 ahead.</summary>
internal static class Speed
{
    private const int Points = 700;
    private const int AtOnce = 256;
    private static readonly int[] Counts = [100, 1_000, 10_000];

    /// <param name="PeakMegabytes">The most that the process held, all series included and the results of as many as are forecast at once.</param>
    public readonly record struct Row(int Series, double WallSeconds, double CpuSeconds, double PeakMegabytes);

    public static IEnumerable<Row> Run()
    {
        _ = All(Series(64));
        foreach (var count in Counts)
        {
            var series = Series(count);
            GC.Collect();
            var (clock, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var kept = All(series);
            var process = Process.GetCurrentProcess();
            yield return new(kept, clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds, process.PeakWorkingSet64 / 1e6);
        }
    }

    /// <summary>As the command does: so many at once, and what is written is let go.</summary>
    private static int All(double[][] series)
    {
        var written = 0;
        foreach (var part in series.Chunk(AtOnce))
        {
            var results = new ForecastResult[part.Length];
            Parallel.For(0, part.Length, i => results[i] = Forecast.Run(part[i], new ForecastSpec(48, 24, 168) { NonNegative = true }));
            written += results.Length;
        }

        return written;
    }

    private static double[][] Series(int count) => [.. Enumerable.Range(0, count).Select(seed =>
    {
        var random = new Random(seed);
        var level = 50 + (100 * random.NextDouble());
        return Enumerable.Range(0, Points).Select(t =>
            Math.Max(0, level * (1 + (0.3 * Math.Sin(2 * Math.PI * t / 24)) + (0.1 * Math.Cos(2 * Math.PI * t / 168)) + (0.2 * (random.NextDouble() - 0.5))))).ToArray();
    })];
}
