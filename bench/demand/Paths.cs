using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Jobs;

namespace Headroom.Bench.Demand;

/// <summary>Two ways to draw daily demand: the forecaster's own paths, and those that saturation and demand after the window are made of. What do their 80 % bands hold?</summary>
internal static class Paths
{
    private const int FirstOrigin = 28;
    private const int DaysBetween = 7;
    private const int Week = 7;
    private const int Horizon = 28;
    private const int ShortestSeries = 42;
    private const int Count = 400;

    /// <summary>Tenants with less demand than this are not forecast by the day. Unit: mean devices.</summary>
    private const double Least = 4;

    private static readonly (string Name, int From, int Until)[] Spans = [("1-7", 0, 7), ("8-14", 7, 14), ("15-28", 14, 28)];

    private static readonly (string Name, Func<double[], int, Func<double[]>> Draws)[] Ways =
    [
        ("own paths of the forecaster", Own),
        ("shared paths", Shared),
    ];

    public static int Run(string folder)
    {
        Console.WriteLine("| series | number | way | " + string.Join(" | ", Spans.Select(span => $"day {span.Name}: days held %, weeks held %, width %, interval score %")) + " |");
        Console.WriteLine("|---|---|---|" + string.Concat(Enumerable.Repeat("---|", Spans.Length)));
        var groups = Directory.EnumerateFiles(folder, "jobs.csv.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(Series).ToList();
        foreach (var (name, series) in groups.Append(("all", [.. groups.SelectMany(group => group.Series)])))
        {
            foreach (var way in Ways)
            {
                Console.WriteLine($"| {name} | {series.Count} | {way.Name} | {Scored(series, way.Draws)} |");
            }
        }

        Console.WriteLine();
        Dates.Run(Ways);
        return groups.Count == 0 ? 1 : 0;
    }

    private static Func<double[]> Own(double[] history, int days)
    {
        var (paths, next) = (Forecast.Run(history, new ForecastSpec(days, Week) { NonNegative = true }).Paths(Count, seed: 7), 0);
        return () => paths.Of(next++ % Count).ToArray();
    }

    private static Func<double[]> Shared(double[] history, int days)
    {
        var (paths, random) = (new DemandPaths(history, days, deviation: 0), new SplitMix(7));
        return () => paths.Draw(random);
    }

    private static string Scored(List<double[]> series, Func<double[], int, Func<double[]>> way)
    {
        var sums = new double[Spans.Length, 6];
        Parallel.ForEach(series, new ParallelOptions { MaxDegreeOfParallelism = 2 }, one =>
        {
            for (var origin = FirstOrigin; origin + Week <= one.Length; origin += DaysBetween)
            {
                var draw = way(one[..origin], Horizon);
                var futures = Enumerable.Range(0, Count).Select(_ => draw()).ToArray();
                lock (sums)
                {
                    Add(sums, futures, one.AsSpan(origin), one.Average());
                }
            }
        });
        return string.Join(" | ", Enumerable.Range(0, Spans.Length).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{100 * sums[i, 0] / sums[i, 1]:F0}, {100 * sums[i, 2] / sums[i, 3]:F0}, {100 * sums[i, 4] / sums[i, 1]:F0}, {100 * sums[i, 5] / sums[i, 1]:F0}")));
    }

    /// <summary>Held days, days, held weeks, weeks, width and interval score (Gneiting and Raftery, 2007; over the mean of the series).</summary>
    private static void Add(double[,] sums, double[][] futures, ReadOnlySpan<double> real, double mean)
    {
        for (var span = 0; span < Spans.Length; span++)
        {
            var (_, from, until) = Spans[span];
            for (var day = from; day < Math.Min(until, real.Length); day++)
            {
                var at = day;
                var (low, high) = Band(futures, path => path[at]);
                var outside = Math.Max(0, low - real[day]) + Math.Max(0, real[day] - high);
                sums[span, 0] += outside <= 0 ? 1 : 0;
                sums[span, 1]++;
                sums[span, 4] += (high - low) / mean;
                sums[span, 5] += (high - low + (10 * outside)) / mean;
            }

            for (var week = from; week + Week <= Math.Min(until, real.Length); week += Week)
            {
                var at = week;
                var ((low, high), truth) = (Band(futures, path => path.AsSpan(at, Week).ToArray().Average()), real.Slice(week, Week).ToArray().Average());
                sums[span, 2] += truth >= low && truth <= high ? 1 : 0;
                sums[span, 3]++;
            }
        }
    }

    private static (double Low, double High) Band(double[][] futures, Func<double[], double> of)
    {
        var values = futures.Select(of).Order().ToArray();
        return (values[values.Length / 10], values[(9 * values.Length / 10) - 1]);
    }

    /// <summary>Of a job log: all of it, and its tenants.</summary>
    private static IEnumerable<(string Name, List<double[]> Series)> Series(string file)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(file)!);
        var jobs = JobsFile.Read(file, new RecordSource(file, Instants.Never - Micros.PerDay) { Zone = TimeZoneInfo.Utc }).Rows.Where(job => job is { Started: not null, Ended: not null }).ToList();
        var span = new Window(jobs.Min(job => job.Submitted), jobs.Max(job => job.Submitted));
        yield return (name, [.. new[] { Daily(jobs.Select(Wanted), span) }.OfType<double[]>()]);
        List<double[]> tenants = [.. jobs.GroupBy(job => job.Tenant).OrderBy(tenant => tenant.Key.Value, StringComparer.Ordinal).Select(tenant => Daily(tenant.Select(Wanted), span)).OfType<double[]>()];
        if (tenants.Count > 1)
        {
            yield return ($"{name}, by tenant", tenants);
        }

        static (Window, int) Wanted(Domain.Facts.JobFact job) => (new(job.Submitted, job.Submitted + (job.Ended!.Value - job.Started!.Value)), job.Devices);
    }

    /// <summary>Mean devices wanted by day: each job from its submission for as long as it ran. The first and last week are left out, where the log is not whole, and so are days of next to nothing at the ends.</summary>
    private static double[]? Daily(IEnumerable<(Window Wanted, int Devices)> jobs, Window span)
    {
        var (first, last) = (span.From / Micros.PerDay, span.Until / Micros.PerDay);
        var days = new double[last - first + 1];
        foreach (var (wanted, devices) in jobs)
        {
            for (var day = wanted.From / Micros.PerDay; day <= last && day * Micros.PerDay < wanted.Until; day++)
            {
                days[day - first] += devices * (double)wanted.Within(new(day * Micros.PerDay, (day + 1) * Micros.PerDay)).Length.Value / Micros.PerDay;
            }
        }

        var whole = days[Week..^Week];
        var enough = 0.2 * whole.Average();
        var from = Array.FindIndex(whole, value => value >= enough);
        var until = Array.FindLastIndex(whole, value => value >= enough) + 1;
        return whole.Average() >= Least && until - from >= ShortestSeries ? whole[from..until] : null;
    }
}
