using System.Globalization;
using Headroom.Analytics.Randomness;

namespace Headroom.Bench.Demand;

/// <summary>Dates of saturation where the law of demand is known: does the range from the 10th to the 90th percentile of dates hold the true one in four of five cases?</summary>
internal static class Dates
{
    private const int Horizon = 365;
    private const int Sustained = 7;
    private const double Threshold = 90;
    private const int Cases = 80;
    private const int Count = 300;

    private static readonly int[] Histories = [35, 70, 140];

    /// <summary>Of a case: where it starts, when its line reaches the threshold after the history, and how it is disturbed.</summary>
    private static readonly (string Name, Func<Case, int, double> Demand)[] Laws =
    [
        ("line, noise", (c, t) => c.Line(t) * (1 + c.Noise[t])),
        ("line, waves", (c, t) => c.Line(t) * (1 + c.Waves[t] + (c.Noise[t] / 2))),
        ("walk with drift", (c, t) => c.Line(t) * Math.Exp(c.Walk[t]) * (1 + (c.Noise[t] / 2))),
        ("level, waves", (c, t) => c.Level * (1 + c.Waves[t] + (c.Noise[t] / 2))),
        ("logistic", (c, t) => (10 + (c.Most / (1 + Math.Exp(-c.Speed * (t - c.Middle))))) * (1 + ((c.Waves[t] + c.Noise[t]) / 2))),
        ("exponential", (c, t) => c.Start * Math.Pow(92 / c.Start, t / c.Reaches) * (1 + ((c.Waves[t] + c.Noise[t]) / 2))),
    ];

    public static void Run((string Name, Func<double[], int, Func<double[]>> Draws)[] ways)
    {
        Console.WriteLine("| demand | way | " + string.Join(" | ", Histories.Select(days => $"{days} days of history: date held %, sooner %, later %")) + " |");
        Console.WriteLine("|---|---|" + string.Concat(Enumerable.Repeat("---|", Histories.Length)));
        foreach (var way in ways)
        {
            var all = new List<int>();
            foreach (var (name, law) in Laws)
            {
                var cells = Histories.Select(days => Enumerable.Range(0, Cases).AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(i => Place(law, way.Draws, days, (ulong)((i * 1_000) + days))).ToList()).ToList();
                all.AddRange(cells.SelectMany(cell => cell));
                Console.WriteLine($"| {name} | {way.Name} | {string.Join(" | ", cells.Select(Told))} |");
            }

            Console.WriteLine($"| all | {way.Name} | {Told(all)} |");
        }
    }

    /// <summary>-1: sooner than the 10th percentile, 1: later than the 90th, 0: inside.</summary>
    private static int Place(Func<Case, int, double> law, Func<double[], int, Func<double[]>> way, int days, ulong seed)
    {
        for (var attempt = 0UL; ; attempt++)
        {
            var drawn = new Case(days, days + Horizon + Sustained, new SplitMix(seed + (attempt * 7_919)));
            var demand = Enumerable.Range(0, days + Horizon + Sustained).Select(day => Math.Max(0, law(drawn, day) * drawn.Weekday(day))).ToArray();
            if (First(demand[..days]) < int.MaxValue || demand[..days].TakeLast(Sustained).Average() > Threshold - 2)
            {
                continue;
            }

            var draw = way(demand[..days], Horizon + Sustained);
            var dates = Enumerable.Range(0, Count).Select(_ => First(draw())).Order().ToArray();
            var truth = First(demand[days..]);
            return truth < dates[Count / 10] ? -1 : truth > dates[(9 * Count / 10) - 1] ? 1 : 0;
        }
    }

    private static int First(double[] demand)
    {
        var run = 0;
        for (var day = 0; day < demand.Length; day++)
        {
            run = demand[day] > Threshold ? run + 1 : 0;
            if (run == Sustained)
            {
                return day - Sustained + 1;
            }
        }

        return int.MaxValue;
    }

    private static string Told(List<int> places) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Percent(places, 0):F0}, {Percent(places, -1):F0}, {Percent(places, 1):F0}");

    private static double Percent(List<int> places, int place) => 100.0 * places.Count(p => p == place) / places.Count;

    private sealed class Case
    {
        private readonly double _weekend;

        public Case(int history, int length, SplitMix random)
        {
            (Start, Reaches) = (35 + (30 * random.Share()), history + 20 + (250 * random.Share()));
            (Level, Most, Middle, Speed) = (75 + (10 * random.Share()), 70 + (60 * random.Share()), history * (0.3 + (0.9 * random.Share())), 3.0 / history * (0.7 + (0.8 * random.Share())));
            (_weekend, Noise, Waves, Walk) = (0.05 * random.Share(), new double[length], new double[length], new double[length]);
            var (noise, kept, size, wave, walk) = (0.03 + (0.05 * random.Share()), Math.Pow(0.5, 1 / (6 + (10 * random.Share()))), 0.04 + (0.08 * random.Share()), 0.0, 0.0);
            for (var day = 0; day < length; day++)
            {
                wave = (kept * wave) + (Math.Sqrt(1 - (kept * kept)) * size * random.Normal());
                walk += 0.012 * random.Normal();
                (Noise[day], Waves[day], Walk[day]) = (noise * random.Normal(), wave, walk);
            }
        }

        public double Start { get; }

        public double Reaches { get; }

        public double Level { get; }

        public double Most { get; }

        public double Middle { get; }

        public double Speed { get; }

        public double[] Noise { get; }

        public double[] Waves { get; }

        public double[] Walk { get; }

        public double Line(int day) => Start + ((92 - Start) * day / Reaches);

        public double Weekday(int day) => day % 7 >= 5 ? 1 - _weekend : 1;
    }
}
