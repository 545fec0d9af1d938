using System.Collections.Immutable;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Queueing;

namespace Headroom.Bench.Demand;

/// <summary>Whether the kind of answer is the right one, on made-up centers.</summary>
internal static class Kinds
{
    private const int Each = 200;
    private const int From = 7 * 24;
    private const int Until = 42 * 24;
    private const double Wanted = 120;

    public static int Run()
    {
        Console.WriteLine("| case | n | right kind | estimate | lower bound | refused | by Little's law | largest error % |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var good = Print("always full, only allocated counts", DemandAnswerKind.LowerBound, Each, (center, _) => (Full(center) with { Episodes = null }, null), random => 1.5 + random.NextDouble());
        good &= Print("job log, 0.5 to 2.5 times the capacity, half of them with patience", DemandAnswerKind.Estimate, 195, (center, _) => (Of(center), center.Truth), random => 0.5 + (2 * random.NextDouble()));
        good &= Print("queue counts and runtimes, up to 1.2 times the capacity", DemandAnswerKind.Estimate, 195, (center, _) => (Counts(center), center.Truth), random => 0.7 + (0.5 * random.NextDouble()), patience: false);
        good &= Print("requests with 10 % noise on size and runtime, 0.6 to 1.3 times the capacity", DemandAnswerKind.Estimate, 195, (center, random) => (Of(Noisy(center, random)), center.Truth), random => 0.6 + (0.7 * random.NextDouble()), most: 5);
        good &= Print("queue counted 3 to 10 times too high, sample with waits", DemandAnswerKind.Refused, Each, (center, random) => (Scaled(center, 3 + (7 * random.NextDouble())), null), random => 1.1 + (0.3 * random.NextDouble()), patience: false);
        good &= Print("queue counted 3 to 10 times too low, sample with waits", DemandAnswerKind.Refused, Each, (center, random) => (Scaled(center, 1 / (3 + (7 * random.NextDouble()))), null), random => 1.1 + (0.3 * random.NextDouble()), patience: false);
        good &= Print("queue of random numbers, sample without waits", DemandAnswerKind.Refused, Each, (center, random) => (Random(center, random), null), random => 0.9 + (0.5 * random.NextDouble()), patience: false);
        good &= Print("queue that stands still, sample without waits", DemandAnswerKind.Refused, Each, (center, random) => (Still(center), null), random => 0.9 + (0.5 * random.NextDouble()), patience: false);
        good &= Print("job log, and a queue count 3 times as high", DemandAnswerKind.Refused, Each, (center, _) => (Of(center) with { Observed = [.. center.Observed.Select(hour => hour with { Queued = 3 * hour.Queued })] }, null), random => 1.2 + (0.3 * random.NextDouble()), patience: false);
        return good ? 0 : 1;
    }

    private static bool Print(string name, DemandAnswerKind right, int least, Func<ReplayCase, Random, (DemandInput Input, double[]? Truth)> ask, Func<Random, double> load, bool patience = true, double most = double.PositiveInfinity)
    {
        var (kinds, little, largest, within) = (new int[3], 0, 0.0, 0);
        for (var i = 0; i < Each; i++)
        {
            var random = new Random((i * 7_919) + name.Length);
            var jobs = Logs.Made(Wanted, Until + 24, random);
            var devices = (int)(Wanted / load(random));
            List<TrueJob> wishes = patience && i % 2 == 0 ? [.. jobs.Select(job => job with { Patience = -24 * Math.Log(1 - random.NextDouble()) })] : jobs;
            var center = ReplayCase.Run(wishes, _ => devices, i % 3 == 0 ? EasyDiscipline.Instance : FifoDiscipline.Instance, From, Until);
            var (input, truth) = ask(center, random);
            var answer = LatentDemand.Of(input);
            kinds[(int)answer.Kind]++;
            little += answer is DemandAnswer.Refused { Because: DemandReason.LittlesLaw } ? 1 : 0;
            if (truth is not null && answer is DemandAnswer.Estimate estimate)
            {
                var error = Math.Abs(Score.Bias([.. estimate.Series.Observed.Select(hour => hour.Mean)], truth));
                (largest, within) = (Math.Max(largest, error), within + (error <= most ? 1 : 0));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Each} | {right} {kinds[(int)right]} | {kinds[0]} | {kinds[1]} | {kinds[2]} | {little} | {(largest > 0 ? largest.ToString("F1", CultureInfo.InvariantCulture) : "")}{(double.IsFinite(most) ? $"; {within} within {most:F0} %" : "")} |"));
        return kinds[(int)right] >= least && largest <= most;
    }

    private static DemandInput Of(ReplayCase center) => new(center.Observed, Episodes.Of(center.Jobs, center.Now), center.Now);

    private static DemandInput Counts(ReplayCase center) => new(center.Observed, null, center.Now) { Runtimes = center.Sample };

    /// <summary>Every hour full to the last device, and nobody counts who waits.</summary>
    private static DemandInput Full(ReplayCase center) => new([.. center.Observed.Select(hour => hour with { Allocated = hour.Installed, Queued = null })], null, center.Now);

    /// <summary>Sizes, runtimes and times of submission of the log are off by a tenth; what was allocated and queued is counted right.</summary>
    private static ReplayCase Noisy(ReplayCase center, Random random) => center with
    {
        Jobs =
        [
            .. center.Jobs.Select(job =>
            {
                double Off() => 1 + (0.1 * Math.Clamp(Logs.Normal(random), -2.5, 2.5));
                var devices = Math.Max(1, (int)Math.Round(job.Devices * Off()));
                var ended = job is { Started: { } start, Ended: { } end } ? Math.Min(center.Now - 1, start + (long)((end - start) * Off())) : job.Ended;
                return job with { Devices = devices, Ended = ended };
            }),
        ],
    };

    private static DemandInput Scaled(ReplayCase center, double factor) => new([.. center.Observed.Select(hour => hour with { Queued = factor * hour.Queued })], null, center.Now)
    {
        Runtimes = [.. center.Jobs.Where(job => job is { Started: not null, Ended: not null }).Select(job => new FinishedRuntime(job.Devices, job.Ended!.Value - job.Started!.Value) { Waited = job.Started.Value - job.Submitted })],
    };

    private static DemandInput Random(ReplayCase center, Random random) => Counts(center) with { Observed = [.. center.Observed.Select(hour => hour with { Queued = 400 * random.NextDouble() })] };

    private static DemandInput Still(ReplayCase center) => Counts(center) with { Observed = [.. center.Observed.Select(hour => hour with { Queued = 300 })] };
}
