using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Intervals;

namespace Headroom.Analytics.Tests.Forecasting.Intervals;

[TestClass]
public sealed class SamplePathsTests
{
    private static readonly ForecastSpec Hourly = new(48, 24, 168) { NonNegative = true };

    [TestMethod]
    public void Paths_LeadByLead_SpreadAsTheBandsSay()
    {
        var result = Forecast.Run(Synthetic.Load(800, 100, 0.1, seed: 1), Hourly);
        var paths = result.Paths(2_000, seed: 7);

        Assert.AreEqual((2_000, 48), (paths.Count, paths.Horizon));
        for (var lead = 0; lead < 48; lead++)
        {
            var at = lead;
            foreach (var band in result.Bands)
            {
                var inside = Enumerable.Range(0, 2_000).Count(p => paths.Of(p)[at] >= band.Low[at] && paths.Of(p)[at] <= band.High[at]);
                Assert.AreEqual(band.Level, inside / 2_000.0, 0.02, $"lead {lead}, level {band.Level}");
            }
        }
    }

    [TestMethod]
    public void Paths_SlowlyMovingErrors_HangTogetherAlongTheHorizon()
    {
        // A random walk is off by nearly the same one step later; its errors a horizon apart still go together, less.
        var random = new Random(2);
        var walk = new double[600];
        for (var t = 1; t < walk.Length; t++)
        {
            walk[t] = walk[t - 1] + Synthetic.Gaussian(random);
        }

        var result = Forecast.Run(walk, new ForecastSpec(24, 1));
        var paths = result.Paths(1_000, seed: 3);

        Assert.IsGreaterThan(0.8, Correlation(paths, 20, 21));
        Assert.IsGreaterThan(0.1, Correlation(paths, 4, 20));
        Assert.IsLessThan(0.9, Correlation(paths, 4, 20));
    }

    [TestMethod]
    public void Paths_SameSeed_AreTheSameAndOthersAreNot()
    {
        var result = Forecast.Run(Synthetic.Load(800, 100, 0.1, seed: 1), Hourly);

        CollectionAssert.AreEqual(result.Paths(10, seed: 1).Of(9).ToArray(), result.Paths(10, seed: 1).Of(9).ToArray());
        CollectionAssert.AreNotEqual(result.Paths(10, seed: 1).Of(9).ToArray(), result.Paths(10, seed: 2).Of(9).ToArray());
    }

    [TestMethod]
    public void Paths_Demand_NeverBelowZero()
    {
        var random = new Random(4);
        var result = Forecast.Run(Synthetic.Of(400, _ => Math.Max(0, Synthetic.Gaussian(random))), new ForecastSpec(24, 24) { NonNegative = true });
        var paths = result.Paths(200, seed: 1);

        Assert.IsTrue(Enumerable.Range(0, 200).All(p => paths.Of(p).ToArray().All(v => v >= 0)));
    }

    [TestMethod]
    public void Paths_HugeValues_ScaleWithTheBands()
    {
        var result = Forecast.Run([.. Synthetic.Load(600, 100, 0.1, seed: 5).Select(v => Math.ScaleB(v, 900))], Hourly);
        var middle = result.Paths(101, seed: 1).Of(50)[0];

        Assert.IsTrue(double.IsFinite(middle) && middle > Math.ScaleB(10, 900) && middle < Math.ScaleB(300, 900));
    }

    [TestMethod]
    public void Enforce_FallingSeasons_ArePooled()
    {
        double[] scale = [1, 3, 1, 1, 4, 4, 8];
        RisingScale.Enforce(scale, season: 2);

        // Means 2, 1, 4 become 1.5, 1.5, 4; the cut season at the end goes with the one before.
        CollectionAssert.AreEqual(new[] { 0.75, 2.25, 1.5, 1.5, 4, 4, 8 }, scale);
    }

    [TestMethod]
    public void Bands_NoSeason_NeverNarrowWithTheLead()
    {
        var random = new Random(6);
        var result = Forecast.Run(Synthetic.Of(300, _ => Synthetic.Gaussian(random)), new ForecastSpec(30, 1));

        foreach (var band in result.Bands)
        {
            Assert.IsTrue(Enumerable.Range(1, 29).All(h => band.High[h] - band.Low[h] >= band.High[h - 1] - band.Low[h - 1] - 1e-9));
        }
    }

    private static double Correlation(SamplePaths paths, int one, int other)
    {
        var (a, b) = (Column(paths, one), Column(paths, other));
        return a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));
    }

    private static double[] Column(SamplePaths paths, int lead)
    {
        var values = Enumerable.Range(0, paths.Count).Select(p => paths.Of(p)[lead]).ToArray();
        var mean = values.Average();
        return Array.ConvertAll(values, v => v - mean);
    }
}
