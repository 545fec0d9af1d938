using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Ssa;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class SsaTests
{
    [TestMethod]
    public void Forecast_SumOfSinusoids_GoesOnExactly()
    {
        // Two sinusoids and a constant obey a linear recurrence of order five, whatever comes: Golyandina and Zhigljavsky (2013), section 3.1.
        static double At(int t) => 10 + Math.Sin(2 * Math.PI * t / 24) + (0.5 * Math.Cos(2 * Math.PI * t / 10));
        var mean = new double[48];
        new SsaForecaster(new(WindowSize: 30, Rank: 5)).Forecast(Synthetic.Of(300, At), new ForecastSpec(48, 24), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(At(300 + h), mean[h], 1e-6);
        }
    }

    [TestMethod]
    public void Forecast_NoisySinusoid_FindsItsRank()
    {
        var random = new Random(3);
        var mean = new double[24];
        new SsaForecaster().Forecast(Synthetic.Of(600, t => 10 + (3 * Math.Sin(2 * Math.PI * t / 24)) + (0.3 * Synthetic.Gaussian(random))), new ForecastSpec(24, 24), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(10 + (3 * Math.Sin(2 * Math.PI * (600 + h) / 24)), mean[h], 0.35);
        }
    }

    [TestMethod]
    public void Forecast_TrainSize_LearnsFromTheEndOnly()
    {
        var changed = Synthetic.Of(200, t => t < 100 ? 1000 * (t % 3) : 10 + Math.Sin(2 * Math.PI * t / 12));
        var (all, end) = (new double[12], new double[12]);
        new SsaForecaster(new(TrainSize: 90)).Forecast(changed, new ForecastSpec(12, 12), all);
        new SsaForecaster().Forecast(changed.AsSpan(110), new ForecastSpec(12, 12), end);

        CollectionAssert.AreEqual(end, all);
    }
}
