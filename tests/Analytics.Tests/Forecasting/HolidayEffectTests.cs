using Headroom.Analytics.Forecasting.Events;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class HolidayEffectTests
{
    private const int Days = 735;
    private static readonly DateOnly First = new(2023, 3, 18);

    // One in two hundred for each of seven holidays: about 7 of 200, and neighbors of a calendar are like it.
    [TestMethod]
    public void Of_RestlessDaysWithoutHolidays_SeldomFindsOne()
    {
        var found = Enumerable.Range(0, 200).Count(seed => HolidayEffect.Of(Restless(new Random(seed), _ => 1), First) is not null);

        Assert.IsLessThanOrEqualTo(20, found);
    }

    [TestMethod]
    [DataRow(0.4, 38)]
    [DataRow(0.7, 30)]
    public void Of_RestlessDaysThatHolidaysEmpty_KnowsByHowMuch(double share, int atLeast)
    {
        var effects = Enumerable.Range(0, 40).Select(seed => HolidayEffect.Of(Restless(new Random(seed), date => IsSpring(date) ? share : 1), First)).OfType<HolidayEffect>().ToList();

        Assert.IsGreaterThanOrEqualTo(atLeast, effects.Count);
        Assert.AreEqual(share, effects.Average(effect => effect.FactorOn(ChineseHolidays.SpringFestival(2026).AddDays(2))), 0.1);
    }

    // Days of a cash machine: a week, and errors of two kinds, one of ten three times as large.
    private static double[] Restless(Random random, Func<DateOnly, double> factor) =>
    [
        .. Enumerable.Range(0, Days).Select(day => factor(First.AddDays(day)) * (day % 7 >= 5 ? 60 : 100) * Math.Exp(Synthetic.Gaussian(random) * (random.Next(10) == 0 ? 0.45 : 0.15))),
    ];

    private static bool IsSpring(DateOnly date) => date.DayNumber - ChineseHolidays.SpringFestival(date.Year).DayNumber is >= 0 and <= 7;
}
