using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Combining;
using Headroom.Analytics.Forecasting.Intervals;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class BlendTests
{
    [TestMethod]
    public void Of_ThreeMembers_IsTheirWeightedMedian()
    {
        // Errors 4, 5, 5. The excess of 1 has a variance of 4 (differences -1 and 3), thrice that for two origins only: 1 / (1 + 2 x 12) of it is believed, the weight is (4 / (4 + 1/25))^4.
        var blend = Blend.Weigh([Missing(4, 4), Missing(3, 7), Missing(3, 7)])!;

        var weight = Math.Pow(100.0 / 101, 4);
        Assert.AreEqual(weight / (1 + (2 * weight)), blend.Weights[1], 1e-12);

        // Half of all weight lies between 10, at 0.5, and 20, at 1 + weight / 2.
        Assert.AreEqual(10 + (10 * ((0.5 + weight) - 0.5) / (0.5 + (weight / 2))), blend.Of([10, 20, 60]), 1e-12);
    }

    [TestMethod]
    public void Of_TwoMembers_TakesTheMiddleAsMedian() =>
        Assert.AreEqual(15, Blend.Weigh([Missing(3, 3), Missing(3, 3)])!.Of([10, 20]), 1e-12);

    [TestMethod]
    public void Weigh_MemberFarFromTheBest_HasNoSay()
    {
        // Its origins disagree so much that it is not surely worse, but it is more than four times as bad.
        var blend = Blend.Weigh([Missing(1, 1), Missing(1, 1), Missing(0, 8.1)])!;

        Assert.AreEqual(0, blend.Weights[2]);
        Assert.AreEqual(15, blend.Of([10, 20, 1e9]), 1e-12);
    }

    [TestMethod]
    public void Weigh_MemberAlwaysALittleWorse_WeighsLessThanOneThatVaries()
    {
        var blend = Blend.Weigh([Missing(1, 1, 1, 1), Missing(1.1, 1.1, 1.1, 1.1), Missing(0.6, 1.6, 0.6, 1.6)])!;

        Assert.AreEqual(Math.Pow(1 / 1.1, 4), blend.Weights[1] / blend.Weights[0], 1e-9);
        Assert.IsGreaterThan(blend.Weights[1], blend.Weights[2]);
    }

    [TestMethod]
    public void Weigh_Prior_MultipliesTheWeights()
    {
        var blend = Blend.Weigh([Missing(3, 3), Missing(3, 3)], [1.5, 1])!;

        Assert.AreEqual(0.6, blend.Weights[0], 1e-12);
    }

    [TestMethod]
    public void Of_Negated_IsNegated()
    {
        // What makes the past errors of the blend from those of its members.
        var blend = Blend.Weigh([Missing(1, 1), Missing(2, 2), Missing(1.5, 1.5), Missing(1.2, 1.2)])!;

        Assert.AreEqual(7 - blend.Of([3, 9, 4, 6]), blend.Of([4, -2, 3, 1]), 1e-12);
    }

    [TestMethod]
    public void Weigh_FewerThanTwoWorthBlending_IsNull()
    {
        Assert.IsNull(Blend.Weigh([Missing(1, 1), Missing(5, 5)]));
        Assert.IsNull(Blend.Weigh([Missing(0, 0), Missing(1, 1)]));
        Assert.IsNull(Blend.Weigh([Missing(double.NaN), Missing(double.NaN)]));
    }

    [TestMethod]
    public void StandardErrorOver_ErrorsOfFourOrigins_IsThatOfTheirDifferences()
    {
        // Differences 1, 3, 1, 3: variance 4/3; four origins a whole horizon apart: a fourth of it, times 5/3 since there are but four.
        Assert.AreEqual(Math.Sqrt(4.0 / 3 / 4 * 5 / 3), Missing(2, 5, 2, 5).StandardErrorOver(Missing(1, 2, 1, 2)), 1e-6);
    }

    /// <summary>What a forecaster that is off by these amounts, origin by origin, leaves behind.</summary>
    private static PastErrors Missing(params double[] errors) =>
        PastErrors.Replay(new Off(errors), new double[errors.Length + 1], new ForecastSpec(1, 1), [.. Enumerable.Range(1, errors.Length)]);

    private sealed class Off(double[] errors) : IForecaster
    {
        public string Name => "off";

        public int NeedsAtLeast(ForecastSpec spec) => 1;

        public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => mean.Fill(errors[history.Length - 1]);
    }
}
