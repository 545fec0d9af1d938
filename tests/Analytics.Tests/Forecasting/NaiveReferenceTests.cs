using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.LastValue;
using Headroom.Analytics.Forecasting.RecentLevel;
using Headroom.Analytics.Forecasting.SeasonalAutoregression;
using Headroom.Analytics.Forecasting.SeasonalNaive;

namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>Reference values: R 4.2.2, `forecast` 8.20, and closed forms.</summary>
[TestClass]
public sealed class NaiveReferenceTests
{
    [TestMethod]
    public void LastValue_Nile_IsWhatNaiveOfRGives() => CollectionAssert.AreEqual(new double[] { 740, 740 }, Run(new LastValueForecaster(), Published.Nile, new(2, 1)));

    [TestMethod]
    public void SeasonalNaive_Deaths_IsWhatSnaiveOfRGives() =>
        CollectionAssert.AreEqual(new double[] { 7836, 6892, 7791 }, Run(new SeasonalNaiveForecaster("seasonal-naive", longest: false), Published.Deaths, new(3, 12)));

    [TestMethod]
    public void SeasonalNaiveLong_DayAndWeek_RepeatsTheWeek()
    {
        var history = Synthetic.Of(400, t => t);

        CollectionAssert.AreEqual(Synthetic.Of(30, h => 400 - 168 + h), Run(new SeasonalNaiveForecaster("seasonal-naive-long", longest: true), history, new(30, 24, 168)));
    }

    [TestMethod]
    public void RecentLevel_NoSeason_IsTheMeanOfTheLastEight()
    {
        var mean = Run(new RecentLevelForecaster(), Published.Nile, new(2, 1));

        Assert.AreEqual((901 + 1170 + 912 + 746 + 919 + 718 + 714 + 740) / 8.0, mean[0], 1e-9);
        Assert.AreEqual(mean[0], mean[1], 1e-12);
    }

    [TestMethod]
    public void SeasonalAutoregression_WeekAroundAnAutoregression_FollowsBoth()
    {
        // The best forecast is the week and 0.8^h of the last deviation; 4,000 days know the week to about 0.2.
        double[] week = [30, 10, -10, -20, -20, -10, 20];
        var rest = Synthetic.Ar2(4_000, 0.8, 0, deviation: 1, seed: 11);
        var mean = Run(new SeasonalAutoregressionForecaster(), Synthetic.Of(4_000, t => 100 + week[t % 7] + rest[t]), new(10, 7));

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(100 + week[(4_000 + h) % 7] + (Math.Pow(0.8, h + 1) * rest[^1]), mean[h], 1, $"step {h + 1}");
        }
    }

    private static double[] Run(IForecaster forecaster, double[] history, ForecastSpec spec)
    {
        var mean = new double[spec.Horizon];
        forecaster.Forecast(history, spec, mean);
        return mean;
    }
}
