using Headroom.Analytics.Demand;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Young centers: prior against posterior.</summary>
[TestClass]
public sealed class CenterRampTests
{
    private static double Logistic(double level, double speed, double middle, int month) => level / (1 + Math.Exp(-speed * (month + 0.5 - middle)));

    private static RampMonth[] Months(int count, double level, double full = double.PositiveInfinity) =>
        [.. Enumerable.Range(0, count).Select(month => Logistic(level, 0.5, 8, month)).Select(demand => new RampMonth(Math.Min(demand, full), demand >= full))];

    [TestMethod]
    public void Of_FewMonthsBeforeTheBend_SaysThatItIsThePrior()
    {
        var ramp = CenterRamp.Of(Months(2, level: 3), RampPrior.Assumed, 12, 1);

        Assert.IsTrue(ramp.IsPrior, $"{ramp.PriorToPosterior}");
        Assert.HasCount(12, ramp.Ahead);
        Assert.IsTrue(ramp.Ahead.All(month => month.Low80 <= month.Median && month.Median <= month.High80));
    }

    [TestMethod]
    public void Of_MonthsBeyondTheBend_FindTheLevel()
    {
        var ramp = CenterRamp.Of(Months(24, level: 0.8), RampPrior.Assumed, 12, 1);

        Assert.IsFalse(ramp.IsPrior);
        Assert.AreEqual(0.8, ramp.Level.Median, 0.08);
        Assert.AreEqual(0.8, ramp.Ahead[^1].Median, 0.08);
    }

    [TestMethod]
    public void Of_FullMonths_AreAtLeastAndNotTheLevel()
    {
        var (bound, counted) = (CenterRamp.Of(Months(14, 2.5, full: 1), RampPrior.Assumed, 1, 1), CenterRamp.Of([.. Months(14, 2.5, full: 1).Select(month => month with { AtLeast = false })], RampPrior.Assumed, 1, 1));

        Assert.IsGreaterThan(1.3, bound.Level.Median);
        Assert.IsLessThan(1.2, counted.Level.Median);
    }

    [TestMethod]
    public void Of_SistersThatGrewToATwice_MoveThePrior()
    {
        var sister = Months(30, 2.0).Select(month => month.Demand).ToArray();
        var prior = RampPrior.Of([sister, sister, sister, [1, 1]]);

        Assert.AreEqual(3, prior.Sisters);
        Assert.AreEqual(2, prior.Level.Median, 0.25);
        Assert.IsLessThan(RampPrior.Assumed.Level.Spread, prior.Level.Spread);
        Assert.AreEqual(RampPrior.Assumed, RampPrior.Of([]));
    }
}
