using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.SteadyLevel;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class SteadyLevelTests
{
    [TestMethod]
    public void Forecast_WeekWithoutNoise_RepeatsIt()
    {
        double[] week = [4, 9, 16, 25, 36, 1, 1];
        var mean = Run(Synthetic.Of(70, t => week[t % 7]), 14, 7);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(week[h % 7], mean[h], 1e-6);
        }
    }

    [TestMethod]
    public void Forecast_NoiseAroundALevel_IsTheLongMean()
    {
        // The mean of all is the best level of white noise; 400 values of deviation 1 leave an error of 0.05.
        var random = new Random(7);
        var mean = Run(Synthetic.Of(400, _ => 50 + Synthetic.Gaussian(random)), 28, 1);

        Assert.AreEqual(50, mean[0], 0.2);
        Assert.AreEqual(mean[0], mean[^1]);
    }

    [TestMethod]
    public void Forecast_LevelThatMovedAndStayed_StandsThere()
    {
        // A level that has moved before teaches that a move stays: half-lives of at most one round, no return.
        var mean = Run(Synthetic.Of(200, t => t < 60 ? 10 : t < 140 ? 30 : 20), 5, 1);

        Assert.AreEqual(20, mean[0], 0.1);
    }

    private static double[] Run(double[] history, int horizon, int season)
    {
        var mean = new double[horizon];
        new SteadyLevelForecaster().Forecast(history, new ForecastSpec(horizon, season), mean);
        return mean;
    }
}
