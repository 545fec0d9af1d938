using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Drift;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class DriftTests
{
    [TestMethod]
    public void Forecast_Nile_IsWhatRGives()
    {
        // R 4.2.2, forecast 8.20: rwf(Nile, drift = TRUE, h = 3).
        var mean = new double[3];
        new DriftForecaster().Forecast(Published.Nile, new ForecastSpec(3, 1), mean);

        Assert.AreEqual(736.1616162, mean[0], 1e-6);
        Assert.AreEqual(732.3232323, mean[1], 1e-6);
        Assert.AreEqual(728.4848485, mean[2], 1e-6);
    }

    [TestMethod]
    public void Forecast_LastValuesMissing_GoesOnFromTheLastKnown()
    {
        var mean = new double[1];
        new DriftForecaster().Forecast([1, 2, 3, 4, 5, 6, double.NaN], new ForecastSpec(1, 1), mean);

        Assert.AreEqual(8, mean[0], 1e-12);
    }
}
