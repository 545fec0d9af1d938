using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Forecasting.Repair;
using Headroom.Analytics.Forecasting.SeasonalNaive;
using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>Situations with a known right answer, 24 of each: better than the seasonal naive, and the 95 % band holds at least 85 %.</summary>
[TestClass]
public sealed class InjectedCases
{
    private const int Instances = 24;
    private static readonly long Monday = Micros(2025, 3, 3);

    [TestMethod]
    public void Run_PhaseOpensWithABacklogWaiting_ReleasesIt() => AssertBeats(seed =>
    {
        // 100 served at full load for four weeks; 100 more open half a day ahead, 40 to 90 wait.
        var random = new Random(seed);
        var backlog = 40 + (50 * random.NextDouble());
        var whole = Synthetic.Of(672 + 72, t => 96 + (2 * Math.Sin(2 * Math.PI * t / 24)) + Synthetic.Gaussian(random)
            + (t < 672 + 12 ? 0 : backlog * (1 - Math.Exp(-3.0 * (t - 671 - 12) / 24))));
        var opening = KnownEvent.Opening(Monday + ((672 + 12) * SeriesStep.Hour), addedCapacity: 100, backlog: backlog * (1 + (0.15 * Synthetic.Gaussian(random))));
        return new(whole, 672, SeriesStep.Hour, 24, new(72) { Events = [opening] });
    });

    [TestMethod]
    public void Run_FiveDaysOutageInTheHistory_IsNotRepeated() => AssertBeats(seed =>
    {
        var whole = Synthetic.Load(840 + 72, 100, 0.05, seed);
        var from = 400 + (seed * 8);
        whole.AsSpan(from, 120).Clear();
        return new(whole, 840, SeriesStep.Hour, 24, new(72));
    }, FindingKind.Outage);

    [TestMethod]
    public void Run_SpringFestivalAhead_IsForeseen() => AssertBeats(seed =>
    {
        // Three years of days up to a week before Spring Festival 2026; work falls by half for ten days, a little more or less each year.
        var random = new Random(seed);
        var depth = Enumerable.Range(2023, 4).ToDictionary(year => year, _ => 0.5 + (0.06 * Synthetic.Gaussian(random)));
        var first = new DateOnly(2023, 1, 2);
        var festival = ChineseHolidays.SpringFestival(2026);
        var known = festival.DayNumber - first.DayNumber - 7;
        var whole = Synthetic.Of(known + 28, t =>
        {
            var date = first.AddDays(t);
            var away = date.DayNumber - ChineseHolidays.SpringFestival(date.Year).DayNumber;
            var level = 200 * (1 + (t % 7 >= 5 ? -0.2 : 0)) * (1 + (0.04 * Synthetic.Gaussian(random)));
            return away is >= -3 and <= 8 ? level * (1 - (depth[date.Year] * Math.Min(1, (away + 4) / 3.0))) : level;
        });
        return new(whole, known, SeriesStep.Day, 7, new(28));
    });

    [TestMethod]
    public void Run_RampOfEightPoints_GoesOn() => AssertBeats(seed =>
    {
        // A center that opened eight months ago fills up.
        var random = new Random(seed);
        var (most, speed, place) = (200 + (200 * random.NextDouble()), 0.35 + (0.4 * random.NextDouble()), 5 + (4 * random.NextDouble()));
        var whole = Synthetic.Of(8 + 4, t => most / (1 + Math.Exp(-speed * (t + 1 - place))) * (1 + (0.04 * Synthetic.Gaussian(random))));
        return new(whole, 8, 30 * SeriesStep.Day, 1, new(4));
    });

    [TestMethod]
    public void Run_FortyPercentMissing_IsBridged() => AssertBeats(seed =>
    {
        var random = new Random(seed);
        var whole = Synthetic.Load(840 + 72, 100, 0.08, seed);
        for (var t = 1; t < 840;)
        {
            // Half of it in single hours, half in stretches of up to a day.
            var (length, missing) = (random.Next(2) == 0 ? 1 : random.Next(2, 24), random.NextDouble() < 0.4);
            for (var i = 0; i < length && t < 840; i++, t++)
            {
                whole[t] = missing ? double.NaN : whole[t];
            }
        }

        return new(whole, 840, SeriesStep.Hour, 24, new(72));
    });

    [TestMethod]
    public void Run_LevelShiftThreeDaysAgo_IsTakenUp() => AssertBeats(seed =>
    {
        var whole = Synthetic.Load(1008 + 72, 100, 0.05, seed);
        for (var t = 1008 - 72; t < whole.Length; t++)
        {
            whole[t] = seed % 2 == 0 ? whole[t] * 1.6 : whole[t] - 35;
        }

        return new(whole, 1008, SeriesStep.Hour, 24, new(72));
    }, FindingKind.LevelShift);

    private static void AssertBeats(Func<int, Case> build, FindingKind? finding = null)
    {
        var (ours, naive, held, of) = (0.0, 0.0, 0, 0);
        for (var seed = 0; seed < Instances; seed++)
        {
            var injected = build(seed);
            var history = injected.Whole[..injected.Known];
            var instants = Enumerable.Range(0, injected.Known).Select(t => Monday + (t * injected.Step)).ToArray();
            if (injected.Step == SeriesStep.Day)
            {
                instants = [.. instants.Select(instant => instant - Monday + Micros(2023, 1, 2))];
            }

            var answer = (SeriesAnswer.Forecasted)SeriesForecaster.Run(instants, history, injected.Options);
            var again = new double[injected.Options.Horizon];
            new SeasonalNaiveForecaster("seasonal-naive", longest: false).Forecast(history, new ForecastSpec(again.Length, injected.Season), again);
            var scale = Enumerable.Range(injected.Season, injected.Known - injected.Season).Select(t => Math.Abs(history[t] - history[t - injected.Season])).Where(double.IsFinite).Average();
            foreach (var row in answer.Rows)
            {
                var actual = injected.Whole[injected.Known + row.Step - 1];
                ours += Math.Abs(actual - row.Mean) / scale;
                naive += Math.Abs(actual - again[row.Step - 1]) / scale;
                held += actual >= row.Bounds[^1].Low && actual <= row.Bounds[^1].High ? 1 : 0;
                of++;
            }

            Assert.IsTrue(finding is null || answer.Result.Findings.Any(f => f.Kind == finding), $"instance {seed}: {finding} not found");
        }

        Console.WriteLine(FormattableString.Invariant($"MASE {ours / of:F3}, seasonal naive {naive / of:F3}, 95 % band holds {100.0 * held / of:F1} %"));
        Assert.IsLessThan(naive, ours);
        Assert.IsGreaterThanOrEqualTo(0.85, (double)held / of);
    }

    private static long Micros(int year, int month, int day) => (new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / 10;

    /// <param name="Known">How much of the whole is history.</param>
    /// <param name="Step">Unit: microseconds.</param>
    private sealed record Case(double[] Whole, int Known, long Step, int Season, SeriesOptions Options);
}
