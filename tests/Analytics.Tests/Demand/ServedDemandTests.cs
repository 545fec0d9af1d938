using Headroom.Analytics.Demand;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Counts without a job log.</summary>
[TestClass]
public sealed class ServedDemandTests
{
    private static DemandAnswer Of(ObservedHour[] observed, int horizon = 0) => LatentDemand.Of(new([.. observed], null, observed[^1].Start + Micros.PerHour) { Horizon = horizon });

    [TestMethod]
    public void Of_FullAllYearAndNobodyCountsWhoWaits_IsAtLeastCapacity()
    {
        // METRICS section 7, F13: demand 200P on 100P; only allocated counts.
        var answer = (DemandAnswer.LowerBound)Of(Log.Hours(365 * 24, _ => (390, 390, null)), horizon: 48);

        Assert.AreEqual(390, answer.Series.Mean, 1e-9);
        Assert.AreEqual(DemandReason.FullWithoutQueue, answer.Because);
        CollectionAssert.Contains(answer.WouldHelp, WouldHelp.Jobs);
        Assert.IsEmpty(answer.Series.Ahead);
    }

    [TestMethod]
    public void Of_FullNowAndThen_IsALowerBoundToo() =>
        Assert.IsInstanceOfType<DemandAnswer.LowerBound>(Of(Log.Hours(240, hour => (100, hour == 100 ? 95 : 60, null))));

    [TestMethod]
    public void Of_QueueColumnThatStaysAtZeroWhileFull_CountsNothing() =>
        Assert.AreEqual(DemandReason.FullWithoutQueue, ((DemandAnswer.LowerBound)Of(Log.Hours(240, _ => (100, 99, 0)))).Because);

    [TestMethod]
    public void Of_ClearlyBelowCapacity_ServedIsDemand()
    {
        var answer = (DemandAnswer.Estimate)Of(Log.Hours(240, hour => (100, 40 + (hour % 24), null)));

        Assert.AreEqual(DemandMethod.ServedBelowCapacity, answer.Method);
        Assert.AreEqual(51.5, answer.Series.Mean, 1e-9);
    }

    [TestMethod]
    public void Of_NotFullButALargeJobCouldWait_IsALowerBound() =>
        Assert.AreEqual(DemandReason.NearlyFullWithoutQueue, ((DemandAnswer.LowerBound)Of(Log.Hours(240, _ => (100, 90, null)))).Because);

    [TestMethod]
    public void Of_NobodyWaitsByTheCounts_ServedIsDemand() => Assert.IsInstanceOfType<DemandAnswer.Estimate>(Of(Log.Hours(240, _ => (100, 90, 0))));

    [TestMethod]
    public void Of_QueueWithoutJobs_IsNotAddedToDemand()
    {
        var answer = (DemandAnswer.LowerBound)Of(Log.Hours(240, _ => (100, 90, 500)));

        Assert.AreEqual(DemandReason.QueueWithoutJobs, answer.Because);
        Assert.AreEqual(90, answer.Series.Mean, 1e-9);
    }
}
