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
    private const int DaysAhead = 20;

    public static int Run(string folder)
    {
        var instances = Directory.EnumerateFiles(folder, "truth.csv", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).ToList();
        const string scores = "bias % | hourly WAPE % | daily WAPE % | weekly WAPE % | last 7 days WAPE %";
        Console.WriteLine($"| with jobs | {scores} | 80 % band holds, of hours with a band | at earlier cuts: cuts | bias % | band holds, of hours | % |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        Each(Print);
        Console.WriteLine();
        Console.WriteLine($"| counts and a sample of runtimes | method | {scores} | 80 % band holds % of hours |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        Each(PrintCounts);
        Console.WriteLine();
        Console.WriteLine("| after the window | days | bias % | daily WAPE % | mean of the last four weeks % | 80 % band holds, days | width % |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Each(PrintAhead);
        return instances.Count == 0 ? 1 : 0;

        void Each(Action<string, Instance> print)
        {
            foreach (var instance in instances)
            {
                print(Path.GetRelativePath(folder, instance), Instance.Read(instance));
            }
        }
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
                (cuts, held, banded, bias) = (cuts + 1, held + earlier.Held, banded + earlier.Banded, bias + Score.Bias(earlier.Demand, earlier.Real));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Scores(last.Demand, real)} | {last.Held} of {last.Banded} | {cuts} | {bias / Math.Max(1, cuts):F2} | {held} of {banded} | {100.0 * held / Math.Max(1, banded):F0} |"));
    }

    /// <summary>Counts and a sample of runtimes only, beside what is often taken for demand.</summary>
    private static void PrintCounts(string name, Instance instance)
    {
        var hours = instance.Observed;
        double[] real = [.. hours.Select(hour => instance.Truth[hour.Start])];
        var sample = instance.Jobs.Where(job => job is { Started: not null, Ended: not null }).Select(job => new FinishedRuntime(job.Devices, job.Ended!.Value - job.Started!.Value)).ToImmutableArray();
        var answer = LatentDemand.Of(new(hours, null, hours[^1].Start + Micros.PerHour) { Runtimes = sample });
        if (answer is DemandAnswer.Estimate estimate)
        {
            var observed = estimate.Series.Observed;
            var banded = observed.Zip(real).Where(pair => pair.First.High80 - pair.First.Low80 > 1e-6).ToList();
            var held = banded.Count(pair => pair.Second >= pair.First.Low80 && pair.Second <= pair.First.High80);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | flow balance | {Scores([.. observed.Select(hour => hour.Mean)], real)} | {100.0 * held / Math.Max(1, banded.Count):F0} of {banded.Count} |"));
        }
        else
        {
            Console.WriteLine($"| {name} | flow balance: {answer.Kind} |");
        }

        double[] served = [.. hours.Select(hour => hour.Allocated)];
        Console.WriteLine($"| {name} | allocated | {Scores(served, real)} | |");
        Console.WriteLine($"| {name} | allocated + queued | {Scores([.. hours.Select(hour => hour.Allocated + (hour.Queued ?? 0))], real)} | |");
        Console.WriteLine($"| {name} | straight line | {Scores(Score.Line(served), real)} | |");
    }

    /// <summary>Demand of the days after the last observed hour, against the mean of the last four weeks of the estimate.</summary>
    private static void PrintAhead(string name, Instance instance)
    {
        var observed = instance.Observed;
        var now = observed[^1].Start + Micros.PerHour;
        if (LatentDemand.Of(new(observed, Episodes.Of(instance.Jobs, now), now) { Horizon = 24 * DaysAhead }) is not DemandAnswer.Estimate estimate)
        {
            return;
        }

        var days = Enumerable.Range(0, DaysAhead).Where(day => instance.Truth.ContainsKey(now + (((day * 24) + 23) * Micros.PerHour))).ToList();
        var real = days.Select(day => Enumerable.Range(0, 24).Average(hour => instance.Truth[now + (((day * 24) + hour) * Micros.PerHour)])).ToArray();
        double[] Of(Func<DemandHour, double> value) => [.. days.Select(day => Enumerable.Range(day * 24, 24).Average(hour => value(estimate.Series.Ahead[hour])))];
        var (mean, low, high) = (Of(hour => hour.Mean), Of(hour => hour.Low80), Of(hour => hour.High80));
        var flat = estimate.Series.Observed.TakeLast(28 * 24).Average(hour => hour.Mean);
        var inside = real.Index().Count(day => day.Item >= low[day.Index] && day.Item <= high[day.Index]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {days.Count} | {Score.Bias(mean, real):F1} | {Score.Wape(mean, real, 1):F1} | {Score.Wape([.. real.Select(_ => flat)], real, 1):F1} | {inside} | {100 * high.Zip(low).Average(pair => pair.First - pair.Second) / real.Average():F0} |"));
    }

    private static string Scores(double[] guess, double[] real) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Score.Bias(guess, real):F2} | {Score.Wape(guess, real, 1):F2} | {Score.Wape(guess, real, 24):F2} | {Score.Wape(guess, real, 168):F2} | {Score.Wape(guess[^168..], real[^168..], 24):F2}");

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
}
