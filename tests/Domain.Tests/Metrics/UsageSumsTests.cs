using Headroom.Domain.Accounting;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Metrics;

[TestClass]
public sealed class UsageSumsTests
{
    private static UsageSums Cards(int count, long weight, double hours, params (Cell Cell, double Share)[] parts)
    {
        var cells = new long[HourCells.Count];
        foreach (var (cell, share) in parts)
        {
            cells[(int)cell] = (long)Math.Round(hours * Micros.PerHour * share) * count;
        }

        return UsageSums.Of(new HourCells(cells), weight);
    }

    [TestMethod]
    public void U3_UnlikeCards_IsWeighedByRating()
    {
        var sums = Cards(100, 256_000_000, 24, (Cell.AllocatedBusy, 0.95), (Cell.AllocatedIdle, 0.05))
            + Cards(20, 1_000_000_000, 24, (Cell.AllocatedBusy, 0.20), (Cell.AllocatedIdle, 0.80));

        Assert.AreEqual(0.621053, sums.U3.Point!.Value, 5e-7, "F1");
    }

    [TestMethod]
    public void U3_CapacityAddedMidMonth_IsTheRatioOfSums()
    {
        var sums = Cards(100, 1, 30 * 24, (Cell.AllocatedBusy, 0.9), (Cell.AllocatedIdle, 0.1))
            + Cards(100, 1, 15 * 24, (Cell.AllocatedBusy, 0.3), (Cell.AllocatedIdle, 0.7));

        Assert.AreEqual(0.7, sums.U3.Point!.Value, 1e-12, "F3");
    }

    [TestMethod]
    public void U2AndU3_TenCardsDown_AreTwoNumbersWithTwoNames()
    {
        var sums = Cards(10, 1, 24, (Cell.Down, 1)) + Cards(90, 1, 24, (Cell.AllocatedBusy, 0.9), (Cell.AllocatedIdle, 0.1));

        Assert.AreEqual(0.81, sums.U2.Point!.Value, 1e-12, "F4");
        Assert.AreEqual(0.90, sums.U3.Point!.Value, 1e-12, "F4");
    }

    [TestMethod]
    public void U3_HalfKnown_PrintsThePointAndItsBounds()
    {
        var u3 = Cards(1, 1, 24, (Cell.AllocUnknownBusy, 0.45), (Cell.AllocUnknownIdle, 0.05), (Cell.AllocUnknownUseUnknown, 0.5)).U3;

        Assert.AreEqual((0.9, 0.5, 0.45, 0.95), (u3.Point!.Value, u3.Coverage, u3.Low, u3.High), "F2");
        Assert.IsTrue(u3.IsMarked);
    }

    [TestMethod]
    public void U3_LessThanHalfKnown_PrintsOnlyBounds() =>
        Assert.IsNull(Cards(1, 1, 24, (Cell.AllocUnknownBusy, 0.4), (Cell.AllocUnknownUseUnknown, 0.6)).U3.Point);

    [TestMethod]
    public void U1s_NoAllocationSource_HasNoPointAndSaysSo()
    {
        var sums = Cards(4, 1, 24, (Cell.AllocUnknownBusy, 1));

        Assert.IsFalse(sums.HasAllocationSource);
        Assert.IsNull(sums.U1s.Point);
    }

    [TestMethod]
    public void Identities_AtFullCoverage_Hold()
    {
        var sums = Cards(7, 3, 24, (Cell.Down, 0.1), (Cell.Maintenance, 0.05), (Cell.AllocatedBusy, 0.4), (Cell.AllocatedIdle, 0.2), (Cell.FreeBusy, 0.05), (Cell.FreeIdle, 0.2));
        var availability = (double)sums.Available / (double)sums.Installed;
        var unattributed = (double)sums.Of(ReportedState.Unattributed) / (double)sums.Available;

        Assert.AreEqual(sums.U2.Point!.Value, sums.U3.Point!.Value * availability, 1e-12);
        Assert.AreEqual(sums.U3.Point!.Value, (sums.U1s.Point!.Value * sums.U4.Point!.Value) + unattributed, 1e-12);
        Assert.AreEqual(sums.Installed, Enum.GetValues<ReportedState>().Aggregate((Int128)0, (sum, state) => sum + sums.Of(state)));
    }

    [TestMethod]
    public void Ratio_MoreBusyThanKnown_IsOurMistakeAndThrows() =>
        Assert.ThrowsExactly<ArgumentException>(() => MetricValue.Ratio(MetricCatalog.U3.Id, 2, 1, 3));
}
