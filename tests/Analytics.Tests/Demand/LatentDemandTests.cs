using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

[TestClass]
public sealed class LatentDemandTests
{
    [TestMethod]
    public void Of_JobThatWaited_CountsFromWhenItCouldHaveStarted()
    {
        var demand = Log.Demand([Log.Job("a", submitted: 1, started: 5, ended: 7.5, devices: 4)], Log.Unseen(8));

        CollectionAssert.AreEqual(new double[] { 0, 4, 4, 2, 0, 0, 0, 0 }, Log.Means(demand));
        Assert.AreEqual(DemandMethod.IntervalSweep, ((DemandAnswer.Estimate)demand).Method);
    }

    [TestMethod]
    public void Of_EligibleLaterThanSubmitted_CountsFromEligible()
    {
        var job = Log.Job("a", submitted: 0, started: 3, ended: 4, devices: 2) with { Eligible = Log.At(2) };

        CollectionAssert.AreEqual(new double[] { 0, 0, 2, 0, 0 }, Log.Means(Log.Demand([job], Log.Unseen(5))));
    }

    [TestMethod]
    public void Of_Retries_AreOneDemandOfAllTheirRuntime()
    {
        JobFact[] jobs =
        [
            Log.Job("a", submitted: 0, started: 1, ended: 2, devices: 8, JobState.NodeFail),
            Log.Job("a-r1", submitted: 2, started: 4, ended: 5, devices: 8, JobState.Cancelled, attemptOf: "a"),
            Log.Job("a-r2", submitted: 5, started: 5, ended: 6, devices: 8, attemptOf: "a-r1"),
        ];

        CollectionAssert.AreEqual(new double[] { 8, 8, 8, 0, 0, 0, 0 }, Log.Means(Log.Demand(jobs, Log.Unseen(7))));
    }

    [TestMethod]
    public void Of_PreemptibleFiller_IsNotFirmDemand()
    {
        var demand = Log.Demand([Log.Job("a", 0, 0, 4, 8) with { Preemptible = true }, Log.Job("b", 0, 0, 4, 1)], Log.Unseen(4));

        CollectionAssert.AreEqual(new double[] { 1, 1, 1, 1 }, Log.Means(demand));
    }

    [TestMethod]
    public void Of_LogSplitInTwo_AddsUpToTheWhole()
    {
        var job = from start in Gen.Choose(0, 300)
                  from wait in Gen.Choose(0, 100)
                  from run in Gen.Choose(1, 200)
                  from devices in Gen.Choose(1, 64)
                  select (start, wait, run, devices);
        Prop.ForAll(job.ListOf().ToArbitrary(), Gen.Choose(0, 1_000).ToArbitrary(), (jobs, cut) =>
        {
            var log = jobs.Select((j, i) => Log.Job($"{i}", j.start / 7.0, (j.start + j.wait) / 7.0, (j.start + j.wait + j.run) / 7.0, j.devices)).ToList();
            var at = cut % (log.Count + 1);
            var hours = Log.Unseen(100);
            var (whole, first, second) = (Log.Means(Log.Demand(log, hours)), Log.Means(Log.Demand(log[..at], hours)), Log.Means(Log.Demand(log[at..], hours)));
            return whole.Index().All(hour => Math.Abs(hour.Item - first[hour.Index] - second[hour.Index]) < 1e-9);
        }).QuickCheckThrowOnFailure();
    }

    [TestMethod]
    [DataRow(true, DisplayName = "served at once")]
    [DataRow(false, DisplayName = "behind a queue")]
    public void Of_PoissonArrivals_MeanIsArrivalRateTimesMeanRuntime(bool atOnce)
    {
        // M/M/infinity: mean occupancy lambda / mu (Kleinrock, Queueing Systems I, section 3.4). 6 an hour of 2 devices for 5 hours: 60.
        const double perHour = 6;
        const double meanHours = 5;
        const int hours = 2_000;
        var (random, jobs, now) = (new SplitMix(7), new List<JobFact>(), -100.0);
        while (now < hours)
        {
            now += random.Exponential() / perHour;
            var start = atOnce ? now : now + 50 + (10 * random.Share());
            var end = start + (meanHours * random.Exponential());
            jobs.Add(Log.Job($"{jobs.Count}", now, start < hours ? start : null, end < hours ? end : null, 2, end < hours ? JobState.Completed : start < hours ? JobState.Running : JobState.Pending));
        }

        var demand = (DemandAnswer.Estimate)Log.Demand(jobs, Log.Unseen(hours));
        Assert.AreEqual(2 * perHour * meanHours, demand.Series.Mean, 0.03 * 2 * perHour * meanHours);
        Assert.AreEqual(2 * perHour * meanHours, demand.Series.Observed[^20..].Average(hour => hour.Mean), 0.25 * 2 * perHour * meanHours);
    }

    [TestMethod]
    public void Of_WaitingJobs_GetTheRuntimeOfTheirSizeClass()
    {
        // 500 jobs of 4 devices ran 3 hours each, 500 of 1 device 10 hours; the one that waits since hour 90 has 4.
        var jobs = Enumerable.Range(0, 500).Select(i => Log.Job($"l{i}", i * 0.1, i * 0.1, (i * 0.1) + 3, 4))
            .Concat(Enumerable.Range(0, 500).Select(i => Log.Job($"s{i}", i * 0.1, i * 0.1, (i * 0.1) + 10, 1)))
            .Append(Log.Job("w", 90, null, null, 4, JobState.Pending));
        var demand = (DemandAnswer.Estimate)Log.Demand(jobs, Log.Unseen(100));

        Assert.AreEqual(12, demand.Series.Observed[90..].Sum(hour => hour.Mean), 2.5);
        Assert.IsTrue(demand.Series.Observed.All(hour => hour.Low80 <= hour.Mean && hour.Mean <= hour.High80));
    }

    [TestMethod]
    public void Of_RequestedTime_IsACovariateAndABound()
    {
        // Jobs use half of what they ask for. One waits that asks for 4 hours, among jobs that ask for 4 and for 40.
        var jobs = Enumerable.Range(0, 400).SelectMany(i => (JobFact[])
            [
                Log.Job($"s{i}", i * 0.1, i * 0.1, (i * 0.1) + 2, 1, requested: 4),
                Log.Job($"l{i}", i * 0.1, i * 0.1, (i * 0.1) + 20, 1, requested: 40),
            ]).Append(Log.Job("w", 90, null, null, 8, JobState.Pending, requested: 4));
        var demand = Log.Means(Log.Demand(jobs, Log.Unseen(100)));

        Assert.AreEqual(16, demand[90..].Sum(), 2.5);
        Assert.AreEqual(0, demand[94..].Sum(), 1e-9);
    }

    [TestMethod]
    public void Of_JobsThatGaveUp_CountAsIfTheyHadRun()
    {
        var jobs = Enumerable.Range(0, 300).Select(i => Log.Job($"r{i}", i * 0.2, i * 0.2, (i * 0.2) + 2, 1))
            .Concat(Enumerable.Range(0, 50).Select(i => Log.Job($"x{i}", 70, null, 73, 1, JobState.Cancelled)));
        var demand = Log.Means(Log.Demand(jobs, Log.Unseen(80)));

        Assert.AreEqual(100, demand[70..].Sum(), 10);
    }

    [TestMethod]
    public void Of_JobsWithdrawnWithinMinutesWhereNobodyWaits_HardlyCount()
    {
        var jobs = Enumerable.Range(0, 300).Select(i => Log.Job($"r{i}", i * 0.2, i * 0.2, (i * 0.2) + 2, 1))
            .Concat(Enumerable.Range(0, 200).Select(i => Log.Job($"x{i}", 70, null, 70.01, 1, JobState.Cancelled)));

        Assert.IsLessThan(60, Log.Means(Log.Demand(jobs, Log.Unseen(80)))[70..].Sum());
    }

    [TestMethod]
    public void Of_OpenJobsWithoutOneKnownRuntime_IsALowerBound()
    {
        var answer = Log.Demand([Log.Job("a", 0, 0, null, 8, JobState.Running), Log.Job("b", 0, null, null, 8, JobState.Pending)], Log.Unseen(24));

        Assert.AreEqual(DemandReason.RuntimesUnknown, ((DemandAnswer.LowerBound)answer).Because);
        Assert.AreEqual(8, answer.Hourly!.Mean, 1e-9);
    }

    [TestMethod]
    public void Of_LogThatDoesNotExplainWhatIsAllocated_IsALowerBound()
    {
        var answer = Log.Demand([Log.Job("a", 0, 0, 24, 10)], Log.Hours(24, _ => (100, 60, null)));

        Assert.AreEqual(DemandReason.JobsIncomplete, ((DemandAnswer.LowerBound)answer).Because);
        Assert.AreEqual(60, answer.Hourly!.Mean, 1e-9);
    }

    [TestMethod]
    public void Of_SameSeed_SameBands()
    {
        var jobs = Enumerable.Range(0, 300).Select(i => Log.Job($"r{i}", i * 0.2, (i * 0.2) + 5, (i * 0.2) + 6 + (i % 7), 1 + (i % 9)))
            .Concat(Enumerable.Range(0, 50).Select(i => Log.Job($"w{i}", 70, null, null, 4, JobState.Pending))).ToList();
        var (one, same, other) = (Log.Demand(jobs, Log.Unseen(80)), Log.Demand(jobs, Log.Unseen(80)), Log.Demand(jobs, Log.Unseen(80), seed: 2));

        CollectionAssert.AreEqual(one.Hourly!.Observed, same.Hourly!.Observed);
        Assert.IsFalse(one.Hourly.Observed.SequenceEqual(other.Hourly!.Observed));
    }

    [TestMethod]
    public void Of_Horizon_AddsThatManyHoursInOrder()
    {
        var jobs = Enumerable.Range(0, 400).Select(i => Log.Job($"r{i}", i, i, i + 2, 3));
        var ahead = Log.Demand(jobs, Log.Unseen(400), horizon: 30).Hourly!.Ahead;

        Assert.HasCount(30, ahead);
        Assert.AreEqual(Log.At(400), ahead[0].Start);
        Assert.AreEqual(6, ahead.Average(hour => hour.Mean), 0.5);
    }

    [TestMethod]
    public void Of_NothingObserved_IsRefused() =>
        Assert.AreEqual(DemandReason.NothingObserved, ((DemandAnswer.Refused)LatentDemand.Of(new([], null, 0))).Because);
}
