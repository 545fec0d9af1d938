using System.Collections.Immutable;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Jobs;
using Headroom.Ingest.Formats.Records.Observed;

namespace Headroom.Bench.Demand;

/// <summary>Job logs replayed on a smaller cluster, whose true demand is known.</summary>
internal static class Replays
{
    private const int FirstCut = 30;
    private const int DaysBetweenCuts = 2;

    public static int Run(string folder)
    {
        var instances = Directory.EnumerateFiles(folder, "truth.csv", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).ToList();
        Console.WriteLine("| instance | truth mean | bias % | hourly WAPE % | daily WAPE % | last 7 days WAPE % | 80 % band holds, of hours with a band | at earlier cuts: cuts | bias % | band holds, of hours | % | served bias % | served+queued bias % | served daily WAPE % |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var instance in instances)
        {
            Print(Path.GetRelativePath(folder, instance), Instance.Read(instance));
        }

        return instances.Count == 0 ? 1 : 0;
    }

    private static void Print(string name, Instance instance)
    {
        var hours = instance.Observed;
        if (Ask(instance, hours.Length) is not { } last)
        {
            Console.WriteLine($"| {name} | no estimate |");
            return;
        }

        var real = last.Real;
        var (cuts, held, banded, bias) = (0, 0, 0, 0.0);
        for (var cut = FirstCut * 24; cut < hours.Length; cut += DaysBetweenCuts * 24)
        {
            if (Ask(instance, cut) is { } earlier)
            {
                (cuts, held, banded, bias) = (cuts + 1, held + earlier.Held, banded + earlier.Banded, bias + Bias(earlier.Demand, earlier.Real));
            }
        }

        var served = hours.Select(hour => hour.Allocated).ToArray();
        var both = hours.Select(hour => hour.Allocated + (hour.Queued ?? 0)).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {real.Average():F1} | {Bias(last.Demand, real):F2} | {Wape(last.Demand, real, 1):F2} | {Wape(last.Demand, real, 24):F2} | {Wape(last.Demand[^168..], real[^168..], 24):F2} | {last.Held} of {last.Banded} | {cuts} | {bias / Math.Max(1, cuts):F2} | {held} of {banded} | {100.0 * held / Math.Max(1, banded):F0} | {Bias(served, real):F1} | {Bias(both, real):F1} | {Wape(served, real, 24):F1} |"));
    }

    /// <summary>What is said after the first <paramref name="count"/> hours, of which only what was known then is told.</summary>
    private static Asked? Ask(Instance instance, int count)
    {
        var observed = instance.Observed[..count];
        var now = observed[^1].Start + Micros.PerHour;
        if (LatentDemand.Of(new(observed, Episodes.Of(instance.Jobs, now), now)) is not DemandAnswer.Estimate estimate)
        {
            return null;
        }

        double[] real = [.. observed.Select(hour => instance.Truth[hour.Start])];
        var banded = estimate.Series.Observed.Zip(real).Where(pair => pair.First.High80 - pair.First.Low80 > 1e-6).ToList();
        return new([.. estimate.Series.Observed.Select(hour => hour.Mean)], real, banded.Count(pair => pair.Second >= pair.First.Low80 - 1e-9 && pair.Second <= pair.First.High80 + 1e-9), banded.Count);
    }

    private sealed record Asked(double[] Demand, double[] Real, int Held, int Banded);

    private sealed record Instance(ImmutableArray<ObservedHour> Observed, ImmutableArray<JobFact> Jobs, Dictionary<long, double> Truth)
    {
        public static Instance Read(string folder)
        {
            var source = new RecordSource(folder, Instants.Never - Micros.PerDay) { Zone = TimeZoneInfo.Utc };
            var observed = ObservedFile.Read(Path.Combine(folder, "observed.csv"), source).Rows
                .Select(row => new ObservedHour(row.Hour, row.Installed, row.Allocated, row.Queued)).OrderBy(hour => hour.Start).ToImmutableArray();
            var jobs = JobsFile.Read(Path.Combine(folder, "jobs_observed.csv"), source with { Now = observed[^1].Start + Micros.PerHour }).Rows;
            var truth = File.ReadLines(Path.Combine(folder, "truth.csv")).Skip(1).Select(line => line.Split(','))
                .ToDictionary(cells => Instants.From(DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture)), cells => double.Parse(cells[1], CultureInfo.InvariantCulture));
            return new(observed, jobs, truth);
        }
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
