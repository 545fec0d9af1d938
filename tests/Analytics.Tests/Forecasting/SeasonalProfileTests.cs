using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class SeasonalProfileTests
{
    [TestMethod]
    [DataRow(1, DisplayName = "no season")]
    [DataRow(4, DisplayName = "even")]
    [DataRow(7, DisplayName = "odd")]
    public void Level_StraightLine_IsTheLineAwayFromTheEnds(int season)
    {
        var level = new double[40];
        SeasonalProfile.Level(Synthetic.Of(40, t => 2 * t), season, level);

        for (var t = season / 2; t < 40 - (season / 2); t++)
        {
            Assert.AreEqual(2 * t, level[t], 1e-9);
        }

        Assert.AreEqual(level[season / 2], level[0]);
    }

    [TestMethod]
    public void Of_DayWithinAWeek_IsFoundAndAveragesZero()
    {
        static double At(int t) => (t % 2 == 0 ? 1 : -1) + (t % 6 == 0 ? 5 : -1);
        var (level, profile, scratch) = (new double[60], new double[6], new double[6]);
        SeasonalProfile.Of(Synthetic.Of(60, At), level, [2, 6], profile, scratch);

        Assert.AreEqual(0, profile.Sum(), 1e-9);
        // Places 0, 2, 4 have deviations 6, 0, 0 of mean 2; the day lends 15 % of its own mean.
        Assert.AreEqual((0.85 * 6) + (0.15 * 2), profile[0], 1e-9);
        Assert.AreEqual(0.15 * 2, profile[2], 1e-9);
    }
}
