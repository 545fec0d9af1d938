using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.SeasonalMedian;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class SeasonalMedianTests
{
    [TestMethod]
    public void Forecast_ThreeSeasons_IsTheirWeightedMedian()
    {
        // Places 10, 20, 90 and 1, 2, 3, the last season weighing most: 1, 0.85 and 0.7225 of 2.5725. Middles of 10 at 0.7225 / 2, of 20 at 0.7225 + 0.85 / 2, of 90 at 1.5725 + 1 / 2.
        var mean = Run([10, 1, 20, 2, 90, 3], new ForecastSpec(4, 2));

        var share = ((2.5725 / 2) - (0.7225 + (0.85 / 2))) / ((0.85 + 1) / 2);
        Assert.AreEqual(20 + (70 * share), mean[0], 1e-12);
        Assert.AreEqual(2 + share, mean[1], 1e-12);
        Assert.AreEqual(mean[0], mean[2]);
    }

    [TestMethod]
    public void Forecast_OneHolidayAmongTheWeeks_IsPassedOver()
    {
        var history = Synthetic.Of(140, t => t / 7 == 18 ? 0 : 10 + (t % 7));
        var mean = Run(history, new ForecastSpec(7, 7));

        CollectionAssert.AreEqual(Synthetic.Of(7, t => 10 + t), mean);
    }

    [TestMethod]
    public void Forecast_Gap_CountsOnlyWhatIsKnown() => Assert.AreEqual(4, Run([4, 1, double.NaN, 2], new ForecastSpec(1, 2))[0]);

    [TestMethod]
    public void Forecast_PlaceNeverKnown_TakesTheLastKnownValue() => Assert.AreEqual(2, Run([double.NaN, 1, double.NaN, 2], new ForecastSpec(1, 2))[0]);

    [TestMethod]
    public void Forecast_Moved_StandsWhereTheLastSeasonStood()
    {
        // Twenty weeks of 10 to 16, then one of 15 to 21: the medians by place stay, the level goes along.
        var history = Synthetic.Of(147, t => 10 + (t % 7) + (t < 140 ? 0 : 5));

        CollectionAssert.AreEqual(Synthetic.Of(7, t => 10 + t), Run(history, new ForecastSpec(7, 7)));
        CollectionAssert.AreEqual(Synthetic.Of(7, t => 15 + t), Run(history, new ForecastSpec(7, 7), moved: true));
    }

    [TestMethod]
    public void Forecast_MovedLongHorizon_LooksBackAsFarAsAhead()
    {
        // Of the last 21 days 7 are off by 5: the median of what they are off is 0.
        var history = Synthetic.Of(147, t => 10 + (t % 7) + (t < 140 ? 0 : 5));

        CollectionAssert.AreEqual(Synthetic.Of(21, t => 10 + (t % 7)), Run(history, new ForecastSpec(21, 7), moved: true));
    }

    private static double[] Run(double[] history, ForecastSpec spec, bool moved = false)
    {
        var mean = new double[spec.Horizon];
        new SeasonalMedianForecaster("median", moved).Forecast(history, spec, mean);
        return mean;
    }
}
