using Headroom.Analytics.Forecasting.Intervals;

namespace Headroom.Analytics.Tests.Forecasting.Intervals;

[TestClass]
public sealed class ErrorLineTests
{
    [TestMethod]
    public void Fitted_ErrorsOnALine_IsThatLine()
    {
        var line = ErrorLine.Of([1, -3, double.NaN, 7, -9]).Fitted();

        Assert.AreEqual(1, line.Start, 1e-12);
        Assert.AreEqual(2, line.Slope, 1e-12);
        Assert.AreEqual(5, line.At(2), 1e-12);
    }

    [TestMethod]
    public void Fitted_FallingErrors_IsTheirMean() => Assert.AreEqual(new(4, 0), ErrorLine.Of([6, 4, 2]).Fitted());

    [TestMethod]
    public void Fitted_LineFromBelowZero_GoesThroughZero()
    {
        // Least squares through the origin: (2 * 3) / (1 + 4).
        var line = ErrorLine.Of([0, 0, 3]).Fitted();

        Assert.AreEqual(0, line.Start);
        Assert.AreEqual(1.2, line.Slope, 1e-12);
    }

    [TestMethod]
    public void With_AddedAndTakenAway_IsTheRest()
    {
        var (one, other) = (ErrorLine.Of([1, 2, 3]), ErrorLine.Of([4, 1]));

        Assert.AreEqual(one, one.With(other, +1).With(other, -1));
    }

    [TestMethod]
    public void Fitted_NoErrors_IsZero() => Assert.AreEqual(0, ErrorLine.Of([double.NaN]).Fitted().At(3));
}
