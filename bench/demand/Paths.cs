using System.Collections.Immutable;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Jobs;

namespace Headroom.Bench.Demand;

/// <summary>Daily demand of finished job logs, forecast from many days by the sample paths that saturation is made of.</summary>
internal static class Paths
{
    private const int FirstOrigin = 28;
    private const int DaysBetween = 4;
    private const int Horizon = 20;

    private static readonly (string Name, int From, int Until)[] Spans = [("1-7", 0, 7), ("8-14", 7, 14), ("15-20", 14, 20)];

    public static int Run(string folder)
    {
        Console.WriteLine("| log | days | origins | " + string.Join(" | ", Spans.Select(span => $"day {span.Name}: holds %, width % of mean")) + " |");
        Console.WriteLine("|---|---|---|" + string.Concat(Enumerable.Repeat("---|", Spans.Length)));
        var all = new int[Spans.Length, 2];
        foreach (var file in Directory.EnumerateFiles(folder, "jobs.csv.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Print(Path.GetFileName(Path.GetDirectoryName(file)!), Daily(file), all);
        }

        Console.WriteLine("| all | | | " + string.Join(" | ", Enumerable.Range(0, Spans.Length).Select(i => Percent(all[i, 0], all[i, 1]))) + " |");
        return 0;
    }

    private static void Print(string name, double[] demand, int[,] all)
    {
        var (held, of, width, origins) = (new int[Spans.Length], new int[Spans.Length], new double[Spans.Length], 0);
        for (var origin = FirstOrigin; origin + Horizon <= demand.Length; origin += DaysBetween)
        {
            origins++;
            var ahead = Ahead(demand.AsSpan(0, origin));
            for (var span = 0; span < Spans.Length; span++)
            {
                for (var day = Spans[span].From; day < Spans[span].Until; day++)
                {
                    of[span]++;
                    held[span] += demand[origin + day] >= ahead[day].Low80 && demand[origin + day] <= ahead[day].High80 ? 1 : 0;
                    width[span] += ahead[day].High80 - ahead[day].Low80;
                }
            }
        }

        for (var span = 0; span < Spans.Length; span++)
        {
            all[span, 0] += held[span];
            all[span, 1] += of[span];
        }

        var cells = Enumerable.Range(0, Spans.Length).Select(i => $"{Percent(held[i], of[i])}, {(100 * width[i] / of[i] / demand.Average()).ToString("F0", CultureInfo.InvariantCulture)}");
        Console.WriteLine($"| {name} | {demand.Length} | {origins} | {string.Join(" | ", cells)} |");
    }

    private static ImmutableArray<DemandDay> Ahead(ReadOnlySpan<double> demand)
    {
        var (hours, observed) = (ImmutableArray.CreateBuilder<DemandHour>(), ImmutableArray.CreateBuilder<ObservedHour>());
        for (var hour = 0; hour < demand.Length * 24; hour++)
        {
            hours.Add(DemandHour.Exactly(hour * Micros.PerHour, demand[hour / 24]));
            observed.Add(new(hour * Micros.PerHour, 1e9, 0, null));
        }

        return SaturationForecast.Of(new(new DemandAnswer.Estimate(new(hours.ToImmutable(), []), DemandMethod.IntervalSweep), observed.ToImmutable(), new("UTC")) { HorizonDays = Horizon }).Ahead;
    }

    /// <summary>Mean devices wanted by day: each job from its submission for as long as it ran. The first and last week are left out: the log is not whole there.</summary>
    private static double[] Daily(string file)
    {
        var jobs = JobsFile.Read(file, new RecordSource(file, Instants.Never - Micros.PerDay) { Zone = TimeZoneInfo.Utc }).Rows;
        var (first, last) = (jobs.Min(job => job.Submitted) / Micros.PerDay, jobs.Max(job => job.Submitted) / Micros.PerDay);
        var days = new double[last - first + 1];
        foreach (var job in jobs.Where(job => job is { Started: not null, Ended: not null }))
        {
            var wanted = new Window(job.Submitted, job.Submitted + (job.Ended!.Value - job.Started!.Value));
            for (var day = wanted.From / Micros.PerDay; day <= last && day * Micros.PerDay < wanted.Until; day++)
            {
                days[day - first] += job.Devices * (double)wanted.Within(new(day * Micros.PerDay, (day + 1) * Micros.PerDay)).Length.Value / Micros.PerDay;
            }
        }

        return days[7..^7];
    }

    private static string Percent(int part, int of) => (100.0 * part / Math.Max(1, of)).ToString("F0", CultureInfo.InvariantCulture);
}
