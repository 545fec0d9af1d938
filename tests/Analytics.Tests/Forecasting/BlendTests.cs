using Headroom.Analytics.Forecasting.Combining;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class BlendTests
{
    [TestMethod]
    public void Of_ThreeMembers_IsHalfMedianHalfWeightedMean()
    {
        // Errors 4, 5, 5: weights 1, 0.512, 0.512 over 2.024. Median 20, weighted mean (10 + 0.512 x 80) / 2.024 = 25.178.
        var blend = Blend.Weigh([4, 5, 5])!;

        Assert.AreEqual(1 / 2.024, blend.Weights[0], 1e-12);
        Assert.AreEqual((20 + (50.96 / 2.024)) / 2, blend.Of([10, 20, 60]), 1e-12);
    }

    [TestMethod]
    public void Of_TwoMembers_TakesTheMiddleAsMedian() =>
        Assert.AreEqual(15, Blend.Weigh([3, 3])!.Of([10, 20]), 1e-12);

    [TestMethod]
    public void Weigh_MemberFarFromTheBest_HasNoSay()
    {
        var blend = Blend.Weigh([1, 1, 1.51])!;

        Assert.AreEqual(0, blend.Weights[2]);
        Assert.AreEqual(15, blend.Of([10, 20, 1e9]), 1e-12);
    }

    [TestMethod]
    public void Weigh_FewerThanTwoWorthBlending_IsNull()
    {
        Assert.IsNull(Blend.Weigh([1, 5]));
        Assert.IsNull(Blend.Weigh([0, 1]));
        Assert.IsNull(Blend.Weigh([double.NaN, double.NaN]));
        Assert.IsNull(Blend.Weigh([]));
    }
}
