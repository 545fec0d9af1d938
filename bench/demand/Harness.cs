using System.Globalization;
using Headroom.Analytics.Demand;

namespace Headroom.Bench.Demand;

/// <summary>Every family on every log: how far the estimates are from the truth, and what kinds of answers they are.</summary>
internal static class Harness
{
    private const int MadeHours = 50 * 24;
    private const int Threads = 8;

    /// <param name="rounds">Instances of each family, log and load.</param>
    /// <param name="part">Families whose name has it.</param>
    public static void Run(string folder, int rounds, string part)
    {
        var count = 0;
        Console.WriteLine("| family | n | with jobs: estimates | bias %, mean | at 1.9 times the capacity | mean of absolute | largest | daily WAPE % | 80 % band: hours % | window mean % | with counts: estimate / bound / refused | bias % | mean of absolute | daily WAPE % | 80 % band: hours % |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var family in Families.All.Where(family => family.Name.Contains(part, StringComparison.Ordinal)))
        {
            var (direct, counts) = (new Tally(), new Tally());
            var cases = (from log in Enumerable.Range(0, Logs.Real.Length + 1) from load in family.Loads from round in Enumerable.Range(0, rounds) select (Log: log, Load: load, Round: round)).ToList();
            var answers = new (DemandAnswer Direct, DemandAnswer Counts, double[] Truth)[cases.Count];
            Parallel.For(0, cases.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i =>
            {
                var random = new Random(HashOf(family.Name, cases[i].Log, cases[i].Load, cases[i].Round));
                var jobs = cases[i].Log < Logs.Real.Length ? Logs.Thinned(folder, cases[i].Log, random) : Logs.Made(120, MadeHours, random);
                var made = family.Make(jobs, cases[i].Load, random);
                answers[i] = (
                    LatentDemand.Of(new(made.Observed, Episodes.Of(made.Jobs, made.Now), made.Now)),
                    LatentDemand.Of(new(made.Observed, null, made.Now) { Runtimes = made.Sample }),
                    made.Truth);
            });
            foreach (var (made, answer) in cases.Zip(answers))
            {
                count++;
                direct.Add(answer.Direct, answer.Truth, made.Load, made.Log);
                counts.Add(answer.Counts, answer.Truth, made.Load, made.Log);
            }

            Console.WriteLine($"| {family.Name}{(family.Assumed ? "" : " (not assumed)")} | {direct.Count} | {direct.Estimates} | {direct.Text()} | {direct.MeanHeld} | {counts.Estimates} / {counts.Bounds} / {counts.Refusals} | {counts.ShortText()} |");
            Console.WriteLine(direct.Worst());
        }

        Console.WriteLine();
        Console.WriteLine($"{count} instances.");
    }

    // string.GetHashCode differs from run to run.
    private static int HashOf(string family, int log, double load, int round) =>
        family.Aggregate((17 * 31) + (log * 1_009) + ((int)(load * 100) * 9_176) + (round * 77_003), (hash, letter) => unchecked((hash * 31) + letter)) & int.MaxValue;

    private sealed class Tally
    {
        private static readonly double[] Widths = [0.75, 1, 1.25, 1.5, 2];

        private readonly List<(double Bias, double Daily, double Load, int Log)> _scores = [];
        private readonly long[] _heldAt = new long[Widths.Length];
        private long _banded;
        private int _means;

        public int Count { get; private set; }

        public int Estimates => _scores.Count;

        public int Bounds { get; private set; }

        public int Refusals { get; private set; }

        public string MeanHeld => Percent(_means, _scores.Count);

        public void Add(DemandAnswer answer, double[] truth, double load, int log)
        {
            Count++;
            switch (answer)
            {
                case DemandAnswer.Estimate estimate:
                    Score(estimate.Series.Observed, truth, load, log);
                    break;
                case DemandAnswer.LowerBound:
                    Bounds++;
                    break;
                default:
                    Refusals++;
                    break;
            }
        }

        public string Text() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Mean(score => score.Bias):F2} | {AtNearlyTwice()} | {Mean(score => Math.Abs(score.Bias)):F2} | {_scores.Select(score => Math.Abs(score.Bias)).DefaultIfEmpty(0).Max():F1} | {Mean(score => score.Daily):F2} | {Percent(_heldAt[1], _banded)}");

        public string ShortText() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Mean(score => score.Bias):F2} | {Mean(score => Math.Abs(score.Bias)):F2} | {Mean(score => score.Daily):F2} | {Percent(_heldAt[1], _banded)}");

        /// <summary>By load, and how often bands of other widths would hold.</summary>
        public string Worst() => "  by load: " + string.Join("; ", _scores.GroupBy(score => score.Load).Select(group => string.Create(
            CultureInfo.InvariantCulture, $"{group.Key} bias {group.Average(score => score.Bias):F2}, largest {group.Max(score => Math.Abs(score.Bias)):F1}")))
            + "; by log: " + string.Join(", ", _scores.GroupBy(score => (score.Load, score.Log)).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key.Load}/{group.Key.Log} {group.Average(score => score.Bias):F1}")))
            + "; width: " + string.Join(", ", Widths.Index().Select(width => $"{width.Item.ToString(CultureInfo.InvariantCulture)}: {Percent(_heldAt[width.Index], _banded)} %"));

        private void Score(IReadOnlyList<DemandHour> hours, double[] truth, double load, int log)
        {
            double[] guess = [.. hours.Select(hour => hour.Mean)];
            _scores.Add((Demand.Score.Bias(guess, truth), Demand.Score.Wape(guess, truth, 24), load, log));
            foreach (var (hour, real) in hours.Zip(truth).Where(pair => pair.First.High80 - pair.First.Low80 > 1e-6))
            {
                _banded++;
                foreach (var (i, width) in Widths.Index())
                {
                    _heldAt[i] += real >= hour.Mean - (width * (hour.Mean - hour.Low80)) - 1e-9 && real <= hour.Mean + (width * (hour.High80 - hour.Mean)) + 1e-9 ? 1 : 0;
                }
            }

            var mean = truth.Average();
            _means += mean >= hours.Average(hour => hour.Low80) - 1e-9 && mean <= hours.Average(hour => hour.High80) + 1e-9 ? 1 : 0;
        }

        private string AtNearlyTwice() => _scores.Where(score => score.Load == 1.9).Select(score => score.Bias).DefaultIfEmpty(double.NaN).Average() is var bias && double.IsNaN(bias) ? "" : bias.ToString("F2", CultureInfo.InvariantCulture);

        private double Mean(Func<(double Bias, double Daily, double Load, int Log), double> of) => _scores.Count == 0 ? double.NaN : _scores.Average(of);

        private static string Percent(long part, long of) => of == 0 ? "-" : (100.0 * part / of).ToString("F0", CultureInfo.InvariantCulture);
    }
}
