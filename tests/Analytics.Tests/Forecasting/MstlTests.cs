using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Mstl;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class MstlTests
{
    // R 4.2.2: stl(USAccDeaths, s.window = 11), and with robust = TRUE, which is one inner and fifteen outer passes.
    [TestMethod]
    [DataRow(2, 0, new[] { -860.4495033, -1572.2236599, -757.5907426, 182.75252648, -325.78342161, 39.49063361 }, new[] { 9988.949007, 9920.481700, 9852.014393, 8980.350039, 9025.963169, 9071.576299 }, DisplayName = "plain")]
    [DataRow(1, 15, new[] { -705.5359427, -1612.5728607, -764.4231495, 181.80342803, -320.27566317, 77.21079893 }, new[] { 9846.161786, 9802.254161, 9758.346535, 8962.181896, 9006.055596, 9049.929296 }, DisplayName = "robust")]
    public void Split_AccidentalDeaths_IsWhatRGives(int inner, int outer, double[] seasons, double[] trends)
    {
        var (season, trend) = (new double[72], new double[72]);
        new Stl(12, seasonWindow: 11, inner, outer).Split(Published.Deaths, season, trend);

        int[] places = [0, 1, 2, 69, 70, 71];
        for (var i = 0; i < places.Length; i++)
        {
            Assert.AreEqual(seasons[i], season[places[i]], 1e-4, $"season at {places[i]}");
            Assert.AreEqual(trends[i], trend[places[i]], 1e-4, $"trend at {places[i]}");
        }
    }

    [TestMethod]
    public void Split_OneWildValue_LeavesTheSeasonAlone()
    {
        var values = Synthetic.Of(168, t => 100 + (10 * Math.Sin(2 * Math.PI * t / 24)));
        values[80] = 10_000;
        var (season, trend) = (new double[168], new double[168]);
        new Stl(24, seasonWindow: 11, inner: 1, outer: 5).Split(values, season, trend);

        Assert.AreEqual(10 * Math.Sin(2 * Math.PI * 86 / 24), season[86], 0.5);
        Assert.AreEqual(100, trend[86], 1);
    }

    [TestMethod]
    public void Forecast_TwoSeasonsAroundALevel_GoesOn()
    {
        static double At(int t) => 100 + (20 * Math.Sin(2 * Math.PI * t / 24)) + (10 * Math.Cos(2 * Math.PI * t / 168));
        var mean = new double[168];
        new MstlForecaster().Forecast(Synthetic.Of(1_000, At), new ForecastSpec(168, 24, 168), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(At(1_000 + h), mean[h], 1);
        }
    }
}
