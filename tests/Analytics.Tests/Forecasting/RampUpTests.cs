using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.DampedTrend;
using Headroom.Analytics.Forecasting.OptimizedTheta;
using Headroom.Analytics.Forecasting.RampUp;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class RampUpTests
{
    [TestMethod]
    public void At_Bass_IsTheClosedForm()
    {
        // p = 0.03, q = 0.38, t = 5: e^-2.05 = 0.128735; (1 - 0.128735) / (1 + 12.6667 x 0.128735) = 0.331199 (Bass 1969, equation 5).
        Assert.AreEqual(0.331199, new GrowthCurve(GrowthShape.Bass, 1, 0.38, Math.Log(0.38 / 0.03)).At(5), 1e-6);
    }

    [TestMethod]
    public void At_LogisticAndGompertz_AreHalfAndOneInEAtTheirPlace()
    {
        Assert.AreEqual(5, new GrowthCurve(GrowthShape.Logistic, 10, 0.7, 4).At(4), 1e-12);
        Assert.AreEqual(10 / Math.E, new GrowthCurve(GrowthShape.Gompertz, 10, 0.7, 4).At(4), 1e-12);
    }

    [TestMethod]
    public void Forecast_LogisticPastItsTurn_FindsTheLevel()
    {
        var curve = new GrowthCurve(GrowthShape.Logistic, 400, 0.8, 6);
        var mean = new double[6];
        new RampUpForecaster().Forecast(Synthetic.Of(12, t => curve.At(t + 1)), new ForecastSpec(6, 1) { NonNegative = true }, mean);

        Assert.AreEqual(400, mean[5], 12);
    }

    [TestMethod]
    public void Forecast_BeforeTheTurn_KeepsAnEnd()
    {
        var mean = new double[24];
        new RampUpForecaster().Forecast(Synthetic.Of(8, t => 10 * (t + 1)), new ForecastSpec(24, 1) { NonNegative = true }, mean);

        Assert.IsGreaterThan(85, mean[2]);
        // A straight line would be at 320.
        Assert.IsLessThan(280, mean[23]);
    }

    [TestMethod]
    public void Ahead_StraightLine_GoesOnWhateverTheTheta()
    {
        foreach (var theta in new[] { 1.5, 2, 7 })
        {
            // A theta line that follows at once: level = theta y + (1 - theta)(a + b n) = a + b n.
            var line = new OptimizedThetaForecaster.ThetaLine(Alpha: 1, theta, Level: 3 + (2 * 50), Intercept: 3, Slope: 2, Length: 50);
            Assert.AreEqual((103 / theta) + ((1 - (1 / theta)) * 107), line.Ahead(2), 1e-9);
        }
    }

    [TestMethod]
    public void Forecast_OptimizedThetaOfTheNile_IsNearTheThetaOfR()
    {
        // R 4.2.2, forecast 8.20: thetaf(Nile) 799.81, 798.45, 797.10 with theta 2; the fitted theta differs a little.
        var mean = new double[3];
        new OptimizedThetaForecaster().Forecast(Published.Nile, new ForecastSpec(3, 1), mean);

        Assert.AreEqual(799.8, mean[0], 12);
        Assert.IsLessThan(mean[0], mean[2]);
    }

    [TestMethod]
    public void Forecast_DampedTrend_FadesByTheSameShareEachStep()
    {
        var mean = new double[4];
        new DampedTrendForecaster().Forecast(Synthetic.Of(60, t => 100 + (2 * t)), new ForecastSpec(4, 1), mean);
        var (first, second, third) = (mean[1] - mean[0], mean[2] - mean[1], mean[3] - mean[2]);

        Assert.AreEqual(second / first, third / second, 1e-6);
        Assert.IsTrue(first is > 1.4 and <= 2 && second / first is >= 0.8 and <= 0.98);
    }
}
