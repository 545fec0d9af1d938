using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Intervals;
using Headroom.Analytics.Forecasting.LastValue;

namespace Headroom.Analytics.Tests.Forecasting.Intervals;

[TestClass]
public sealed class SplitConformalTests
{
    [TestMethod]
    public void HalfWidth_ErrorsOfOneSize_LiesBetweenThatSizeAndTheUsualQuantile()
    {
        // 0 and 2 in turn: repeating the last value is off by 2 from wherever it is repeated.
        var history = Synthetic.Of(41, t => t % 2 == 0 ? 0 : 2);
        var conformal = SplitConformal.Calibrate(Replay(history, horizon: 1, lengths: [.. Enumerable.Range(20, 20)]), season: 1)!;

        // 20 independent origins against 6 of exponential errors, whose quantile at level p is -ln(1 - p).
        Assert.AreEqual(Math.Pow(Math.Log(20) / Math.Log(5), 6.0 / 26), HalfWidth(conformal, 0.95, 0) / HalfWidth(conformal, 0.8, 0), 1e-12);
        Assert.AreEqual(2 * Math.Pow(Math.Log(5), 6.0 / 26) * Math.Sqrt(1 + (1.0 / 400)), HalfWidth(conformal, 0.8, 0), 1e-12);
    }

    [TestMethod]
    public void Factor_LateOriginsOutside_IsWiderThanIfTheyHadBeenTheFirst()
    {
        // The same errors, small ones and large ones, in turn and the other way round.
        double Width(Func<int, double> size) => HalfWidth(
            SplitConformal.Calibrate(Replay(Synthetic.Of(41, t => t % 2 == 0 ? 0 : size(t)), horizon: 1, lengths: [.. Enumerable.Range(20, 20)]), season: 1)!, 0.8, 0);

        Assert.IsGreaterThan(1.1 * Width(t => t < 30 ? 5 : 1), Width(t => t < 30 ? 1 : 5));
    }

    [TestMethod]
    public void Factor_RisingLevels_Rises()
    {
        var random = new Random(3);
        var history = Synthetic.Of(400, _ => random.NextDouble());
        var conformal = SplitConformal.Calibrate(Replay(history, horizon: 7, lengths: [.. Enumerable.Range(20, 10).Select(i => i * 12)]), season: 7)!;

        var factors = Enumerable.Range(1, 999).Select(i => conformal.Factor(i / 1000.0)).ToArray();

        CollectionAssert.AreEqual(factors.Order().ToArray(), factors);
        Assert.IsTrue(double.IsFinite(factors[^1]));
    }

    [TestMethod]
    public void HalfWidth_RandomWalk_GrowsWithTheLead()
    {
        var random = new Random(1);
        var walk = new double[30_500];
        for (var t = 1; t < walk.Length; t++)
        {
            walk[t] = walk[t - 1] + Synthetic.Gaussian(random);
        }

        var conformal = SplitConformal.Calibrate(Replay(walk, horizon: 50, lengths: [.. Enumerable.Range(0, 600).Select(i => 500 + (i * 50))]), season: 1)!;

        // Leads 7 and 43 in the middle of their smoothing windows: sqrt(43 / 7) = 2.48.
        Assert.AreEqual(Math.Sqrt(43.0 / 7), HalfWidth(conformal, 0.8, 42) / HalfWidth(conformal, 0.8, 6), 0.3);
    }

    [TestMethod]
    public void Calibrate_TooFewErrors_IsNull()
    {
        var history = Synthetic.Of(20, t => t * t % 7);

        Assert.IsNull(SplitConformal.Calibrate(Replay(history, horizon: 8, lengths: [8, 10, 12]), season: 1));
        Assert.IsNull(SplitConformal.Calibrate(Replay(history, horizon: 1, lengths: [10, 11, 12, 13, 14]), season: 1));
        Assert.IsNull(SplitConformal.Calibrate(Replay(history, horizon: 1, lengths: []), season: 1));
    }

    [TestMethod]
    public void Independent_OverlappingOrigins_CountLess()
    {
        var history = Synthetic.Of(100, t => t);

        Assert.AreEqual(3, Replay(history, horizon: 10, lengths: [70, 80, 90]).Independent);
        Assert.AreEqual(1.2, Replay(history, horizon: 10, lengths: [88, 89, 90]).Independent, 1e-12);
        Assert.AreEqual(3, Replay(history, horizon: 10, lengths: [10, 50, 90]).Independent);
    }

    [TestMethod]
    public void Replay_GapOrEndOfHistory_IsNoError()
    {
        var past = Replay([1, 2, double.NaN, 5], horizon: 3, lengths: [2]);

        CollectionAssert.AreEqual(new[] { double.NaN, 3, double.NaN }, past.Of(0).ToArray());
        Assert.AreEqual(3, past.MeanAbsolute());
    }

    private static double HalfWidth(SplitConformal conformal, double level, int lead) => conformal.Factor(level) * conformal.ScaleAt(lead);

    private static PastErrors Replay(double[] history, int horizon, int[] lengths) =>
        PastErrors.Replay(new LastValueForecaster(), history, new ForecastSpec(horizon, 1), lengths);
}
