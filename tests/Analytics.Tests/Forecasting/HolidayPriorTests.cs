using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>Five weeks of history cannot have learned a holiday: a prior says what it does, and days that are seen move it.</summary>
[TestClass]
public sealed class HolidayPriorTests
{
    // Spring Festival 2026 is on 17 February.
    private static readonly DateOnly Festival = ChineseHolidays.SpringFestival(2026);
    private static readonly SeriesOptions Assuming = new(14) { AssumeHolidays = true };

    [TestMethod]
    public void Run_FiveWeeksBeforeTheFestival_TakesThePriorOffAndSaysSo()
    {
        // The days before it count as well: the last that is known is the eleventh before.
        var answer = Run(Festival.AddDays(-46), 35, _ => 1, Assuming);

        Assert.AreEqual(0, answer.AssumedHolidays!.DaysSeen);
        Assert.AreEqual(0.65, answer.AssumedHolidays.Lowest, 1e-9);
        Assert.AreEqual(65, answer.Result.Mean[11], 1, "the first day of the festival");
        Assert.IsFalse(answer.HolidaysStandOut);
        Assert.IsGreaterThan(20, answer.Result.Bands[1].High[11] - answer.Result.Bands[1].Low[11], "a prior is not sure of itself");
    }

    [TestMethod]
    public void Run_NotAsked_AssumesNothing() => Assert.IsNull(Run(Festival.AddDays(-35), 35, _ => 1, new(14)).AssumedHolidays);

    [TestMethod]
    public void Run_NoHolidayAhead_AssumesNothing()
    {
        var answer = Run(new(2026, 6, 25), 35, _ => 1, Assuming);

        Assert.IsNull(answer.AssumedHolidays);
        Assert.AreEqual(100, answer.Result.Mean[5], 1);
    }

    [TestMethod]
    [DataRow(0.0, 0.9, 1.0, DisplayName = "it does nothing here")]
    [DataRow(2.0, 0.25, 0.5, DisplayName = "it does twice as much here")]
    public void Run_FirstDaysOfTheFestivalWereSeen_TheyMoveTheRest(double strength, double least, double most)
    {
        // Known up to the third day of the festival.
        var first = Festival.AddDays(-40);
        var answer = Run(first, 43, day => 1 + (strength * HolidayPrior.EffectOf(ChineseHolidays.KeyOf(first.AddDays(day)))), Assuming);

        Assert.IsGreaterThan(5, answer.AssumedHolidays!.DaysSeen);
        Assert.IsTrue(answer.AssumedHolidays.Lowest >= least && answer.AssumedHolidays.Lowest <= most, $"{answer.AssumedHolidays.Lowest}");
    }

    /// <summary>Closed form: a strength of 1 with deviation 0.6, one day seen that is x off where m was assumed, with noise next to none and days that differ by 0.3 m.</summary>
    [TestMethod]
    public void Assumed_OneDaySeen_IsTheNormalPosterior()
    {
        // New Year: m = -0.1; seen at 50 of 100; ordinary days differ by 0.2 in turn.
        var first = new DateOnly(2025, 12, 4);
        var days = Enumerable.Range(0, 35).Select(day => first.AddDays(day) == new DateOnly(2026, 1, 1) ? 50.0 : 100 + (day % 14 < 7 ? 0.1 : -0.1)).ToArray();
        var effect = HolidayEffect.Assumed(days, first);

        var (prior, weight) = (1 / 0.36, 1 / (0.03 * 0.03));
        var strength = (prior + (-0.1 * -0.5 * weight)) / (prior + (0.01 * weight));
        Assert.AreEqual(1 - (0.1 * strength), effect.FactorOn(new(2027, 1, 1)), 0.005);
        Assert.AreEqual(0.1 * Math.Sqrt((1 / (prior + (0.01 * weight))) + 0.09), effect.DeviationOn(new(2027, 1, 1)), 0.001);
        Assert.AreEqual(0.65, effect.FactorOn(ChineseHolidays.SpringFestival(2026)), 1e-9, "another holiday keeps its prior");
    }

    private static SeriesAnswer.Forecasted Run(DateOnly first, int days, Func<int, double> share, SeriesOptions options)
    {
        // Local midnight in China.
        var start = ((first.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / 10) - (8 * SeriesStep.Hour);
        return (SeriesAnswer.Forecasted)SeriesForecaster.Run(
            [.. Enumerable.Range(0, days).Select(day => start + (day * SeriesStep.Day))],
            [.. Enumerable.Range(0, days).Select(day => 100 * share(day) * (1 + (day % 2 == 0 ? 0.01 : -0.01)))],
            options);
    }
}
