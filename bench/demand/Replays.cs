using System.Collections.Immutable;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Jobs;
using Headroom.Ingest.Formats.Records.Observed;

namespace Headroom.Bench.Demand;

/// <summary>Job logs replayed on a smaller cluster, whose true demand is known.</summary>
internal static class Replays
{
    public static int Run(string folder)
    {
        var instances = Directory.EnumerateFiles(folder, "truth.csv", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).ToList();
        Console.WriteLine("| instance | truth mean | bias % | hourly WAPE % | daily WAPE % | 80 % band holds, of hours with a band | served bias % | served+queued bias % | served daily WAPE % |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var instance in instances)
        {
            Print(Path.GetRelativePath(folder, instance), instance);
        }

        return instances.Count == 0 ? 1 : 0;
    }

    private static void Print(string name, string folder)
    {
        var source = new RecordSource(folder, Instants.Never - Micros.PerDay) { Zone = TimeZoneInfo.Utc };
        var observed = ObservedFile.Read(Path.Combine(folder, "observed.csv"), source).Rows
            .Select(row => new ObservedHour(row.Hour, row.Installed, row.Allocated, row.Queued)).OrderBy(hour => hour.Start).ToImmutableArray();
        var now = observed[^1].Start + Micros.PerHour;
        var jobs = JobsFile.Read(Path.Combine(folder, "jobs_observed.csv"), source with { Now = now }).Rows;
        var truth = File.ReadLines(Path.Combine(folder, "truth.csv")).Skip(1).Select(line => line.Split(','))
            .ToDictionary(cells => Instants.From(DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture)), cells => double.Parse(cells[1], CultureInfo.InvariantCulture));
        if (LatentDemand.Of(new(observed, Episodes.Of(jobs, now), now)) is not DemandAnswer.Estimate estimate)
        {
            Console.WriteLine($"| {name} | no estimate | | | | | | | |");
            return;
        }

        double[] real = [.. observed.Select(hour => truth[hour.Start])];
        var hours = estimate.Series.Observed;
        var demand = hours.Select(hour => hour.Mean).ToArray();
        var served = observed.Select(hour => hour.Allocated).ToArray();
        var both = observed.Select(hour => hour.Allocated + (hour.Queued ?? 0)).ToArray();
        var banded = hours.Zip(real).Where(pair => pair.First.High80 - pair.First.Low80 > 1e-6).ToList();
        var held = banded.Count(pair => pair.Second >= pair.First.Low80 && pair.Second <= pair.First.High80);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {real.Average():F1} | {Bias(demand, real):F2} | {Wape(demand, real, 1):F2} | {Wape(demand, real, 24):F2} | {held} of {banded.Count} | {Bias(served, real):F1} | {Bias(both, real):F1} | {Wape(served, real, 24):F1} |"));
    }

    private static double Bias(double[] guess, double[] real) => 100 * ((guess.Sum() / real.Sum()) - 1);

    private static double Wape(double[] guess, double[] real, int hours)
    {
        var (errors, sum) = (0.0, 0.0);
        for (var from = 0; from + hours <= real.Length; from += hours)
        {
            var (g, r) = (guess.AsSpan(from, hours).ToArray().Sum(), real.AsSpan(from, hours).ToArray().Sum());
            (errors, sum) = (errors + Math.Abs(g - r), sum + r);
        }

        return 100 * errors / sum;
    }
}
