using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Theta;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class ThetaTests
{
    [TestMethod]
    public void Forecast_StraightLine_GoesOnWithHalfTheSlope()
    {
        // Hyndman and Billah (2003): smoothing that follows at once (factor 1) plus half the slope per step.
        var mean = new double[5];
        new ThetaForecaster().Forecast(Synthetic.Of(50, t => 3 * t), new ForecastSpec(5, 1), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(147 + (1.5 * (h + 1)), mean[h], 1e-9);
        }
    }

    [TestMethod]
    public void Forecast_PureSeason_GoesOn()
    {
        double[] week = [5, 6, 7, 8, 7, 1, 1];
        var mean = new double[14];
        new ThetaForecaster().Forecast(Synthetic.Of(140, t => week[t % 7]), new ForecastSpec(14, 7), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(week[h % 7], mean[h], 1e-6);
        }
    }

    [TestMethod]
    public void Forecast_SeasonThatIsNotThere_IsNotInvented()
    {
        // Noise of deviation 1 around 100: a forecast that repeated its accidental weekly profile would swing far more.
        var random = new Random(9);
        var mean = new double[7];
        new ThetaForecaster().Forecast(Synthetic.Of(700, _ => 100 + Synthetic.Gaussian(random)), new ForecastSpec(7, 7), mean);

        Assert.IsLessThan(0.2, mean.Max() - mean.Min());
    }
}
