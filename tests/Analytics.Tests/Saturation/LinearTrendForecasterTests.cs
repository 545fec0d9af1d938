using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Saturation;

namespace Headroom.Analytics.Tests.Saturation;

[TestClass]
public sealed class LinearTrendForecasterTests
{
    [TestMethod]
    public void Forecast_LineWithAGap_IsContinued()
    {
        double[] history = [.. Enumerable.Range(0, 30).Select(day => day == 11 ? double.NaN : 5 + (2.0 * day))];
        var mean = new double[100];
        new LinearTrendForecaster().Forecast(history, new ForecastSpec(100, 7), mean);

        Assert.IsTrue(mean.Index().All(step => Math.Abs(step.Item - 5 - (2 * (30 + step.Index))) < 1e-9));
    }

    [TestMethod]
    public void Forecast_Week_IsRepeated()
    {
        double[] history = [.. Enumerable.Range(0, 70).Select(day => day % 7 == 3 ? 8.0 : 1)];
        var mean = new double[7];
        new LinearTrendForecaster().Forecast(history, new ForecastSpec(7, 7), mean);

        Assert.AreEqual(8, mean[3], 0.2);
        Assert.AreEqual(1, mean[0], 0.2);
    }
}
