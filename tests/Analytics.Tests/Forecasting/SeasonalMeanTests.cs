using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.SeasonalMean;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class SeasonalMeanTests
{
    [TestMethod]
    public void Forecast_TwoSeasons_WeighsTheLaterOneMore()
    {
        // (4 + 0.7 x 1) / 1.7 for the first place.
        var mean = Run([1, 2, 3, 4, 5, 6], new ForecastSpec(4, 3));

        Assert.AreEqual(4.7 / 1.7, mean[0], 1e-12);
        Assert.AreEqual(mean[0], mean[3]);
    }

    [TestMethod]
    public void Forecast_LongSeasonSeenOnce_UsesTheShorterOne() =>
        Assert.AreEqual(4.7 / 1.7, Run([1, 2, 3, 4, 5, 6], new ForecastSpec(1, 3, 6))[0], 1e-12);

    [TestMethod]
    public void Forecast_Gap_CountsOnlyWhatIsKnown() =>
        Assert.AreEqual(1, Run([1, 2, 3, double.NaN, 5, 6], new ForecastSpec(1, 3))[0]);

    [TestMethod]
    public void Forecast_PlaceNeverKnown_TakesTheLastKnownValue() =>
        Assert.AreEqual(6, Run([double.NaN, 2, 3, double.NaN, 5, 6], new ForecastSpec(1, 3))[0]);

    private static double[] Run(double[] history, ForecastSpec spec)
    {
        var mean = new double[spec.Horizon];
        new SeasonalMeanForecaster().Forecast(history, spec, mean);
        return mean;
    }
}
