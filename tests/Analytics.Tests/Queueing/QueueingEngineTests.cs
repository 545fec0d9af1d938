using Headroom.Analytics.Queueing;

namespace Headroom.Analytics.Tests.Queueing;

[TestClass]
public sealed class QueueingEngineTests
{
    private const long End = 1_000;

    [TestMethod]
    public void Run_GangAtTheHead_BlocksASmallJobThatWouldFit()
    {
        // 4 devices: A takes 3 until 10; B wants 2 and waits; C wants 1 and stands behind B although 1 is free.
        var outcomes = Run(4, new(0, 10, 3), new(1, 5, 2), new(2, 5, 1));

        CollectionAssert.AreEqual(new long?[] { 0, 10, 10 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_SameInstant_DevicesGivenBackAreTakenAtOnce()
    {
        var outcomes = Run(1, new(0, 10, 1), new(10, 10, 1), new(10, 10, 1));

        CollectionAssert.AreEqual(new long?[] { 0, 10, 20 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_JobsOutOfOrder_OutcomesKeepTheOrderOfTheInput()
    {
        var outcomes = Run(1, new(5, 10, 1), new(0, 10, 1));

        CollectionAssert.AreEqual(new long?[] { 10, 0 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_CapacityFalls_RunningJobGoesOnAndStartsAreHeldBack()
    {
        // 4 devices until 5, then 2: A (3 devices) runs on to 10; B (1 device) fits only when A has ended.
        var capacity = new CapacityPath(new(0, 4), new(5, 2));
        var outcomes = QueueingEngine.Run([new(0, 10, 3), new(6, 3, 1)], capacity, End);

        CollectionAssert.AreEqual(new long?[] { 0, 10 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_CapacityRises_TheHeadStartsAtThatInstant()
    {
        var capacity = new CapacityPath(new(0, 1), new(7, 4));
        var outcomes = QueueingEngine.Run([new(0, 3, 4), new(1, 3, 1)], capacity, End);

        CollectionAssert.AreEqual(new long?[] { 7, 10 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_BeforeTheFirstStep_ThereAreNoDevices()
    {
        var outcomes = QueueingEngine.Run([new(0, 3, 1)], new CapacityPath(new CapacityStep(50, 1)), End);

        Assert.AreEqual(new QueueOutcome(JobFate.Finished, 50), outcomes[0]);
    }

    [TestMethod]
    public void Run_PatienceRunsOut_TheJobLeavesAndWhomItBlockedStarts()
    {
        // 4 devices, A holds 3 until 100; B (2 devices) gives up at 1 + 20; C (1 device) starts then.
        var outcomes = Run(4, new(0, 100, 3), new(1, 5, 2, PatienceMicros: 20), new(2, 5, 1));

        Assert.AreEqual(new QueueOutcome(JobFate.Left, 21), outcomes[1]);
        Assert.AreEqual(21L, outcomes[1].LeftAtMicros);
        Assert.AreEqual(21L, outcomes[2].StartMicros);
    }

    [TestMethod]
    public void Run_DevicesComeFreeAsPatienceEnds_TheJobStarts()
    {
        var outcomes = Run(1, new(0, 21, 1), new(1, 5, 1, PatienceMicros: 20));

        Assert.AreEqual(21L, outcomes[1].StartMicros);
    }

    [TestMethod]
    public void Run_PatienceZero_NowOrNever()
    {
        var outcomes = Run(1, new(0, 10, 1, PatienceMicros: 0), new(0, 10, 1, PatienceMicros: 0), new(10, 10, 1, PatienceMicros: 0));

        CollectionAssert.AreEqual(new[] { JobFate.Finished, JobFate.Left, JobFate.Finished }, Fates(outcomes));
    }

    [TestMethod]
    public void Run_AskingMoreThanThereWillEverBe_IsSetAsideAndBlocksNobody()
    {
        var outcomes = Run(4, new(0, 10, 5), new(0, 10, 4));

        Assert.AreEqual(new QueueOutcome(JobFate.TooLarge, 0), outcomes[0]);
        Assert.AreEqual(0L, outcomes[1].StartMicros);
    }

    [TestMethod]
    public void Run_CapacityFallsForGoodWhileALargeJobWaits_ItIsSetAside()
    {
        var capacity = new CapacityPath(new(0, 4), new(5, 2));
        var outcomes = QueueingEngine.Run([new(0, 10, 4), new(1, 10, 4), new(2, 10, 1)], capacity, End);

        Assert.AreEqual(new QueueOutcome(JobFate.TooLarge, 5), outcomes[1]);
        Assert.AreEqual(10L, outcomes[2].StartMicros);
    }

    [TestMethod]
    public void Run_AtTheHorizon_WaitingRunningAndUnseenAreToldApart()
    {
        var outcomes = QueueingEngine.Run([new(0, 50, 1), new(50, 51, 1), new(60, 5, 1), new(100, 5, 1)], CapacityPath.Constant(1), 100);

        CollectionAssert.AreEqual(new[] { JobFate.Finished, JobFate.Running, JobFate.Waiting, JobFate.NotSubmitted }, Fates(outcomes));
        Assert.AreEqual(100L, outcomes[2].AtMicros);
    }

    [TestMethod]
    public void Run_ZeroRuntime_PassesThroughWithoutHoldingDevices()
    {
        var outcomes = Run(1, new(0, 0, 1), new(0, 0, 1), new(0, 5, 1));

        CollectionAssert.AreEqual(new long?[] { 0, 0, 0 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_NoJobs_GivesNoOutcomes() => Assert.IsEmpty(Run(1));

    [TestMethod]
    [DataRow(0, 1L, 1L, DisplayName = "no devices")]
    [DataRow(1, -1L, 1L, DisplayName = "negative runtime")]
    [DataRow(1, 1L, -1L, DisplayName = "negative patience")]
    public void Run_ImpossibleJob_Throws(int devices, long runtime, long patience) =>
        Assert.ThrowsExactly<ArgumentException>(() => Run(1, new QueuedJob(0, runtime, devices, patience)));

    [TestMethod]
    public void Run_JobThatRunsForLongerThanItAsks_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => Run(1, new QueuedJob(0, 10, 1) { RequestedMicros = 9 }));

    [TestMethod]
    public void Run_DisciplineStartsWhatDoesNotFit_Throws() =>
        Assert.ThrowsExactly<InvalidOperationException>(() =>
            QueueingEngine.Run([new(0, 10, 1), new(1, 10, 1)], CapacityPath.Constant(1), End, new Reckless()));

    private static QueueOutcome[] Run(int devices, params QueuedJob[] jobs) =>
        QueueingEngine.Run(jobs, CapacityPath.Constant(devices), End);

    private static long?[] Starts(QueueOutcome[] outcomes) => [.. outcomes.Select(o => o.StartMicros)];

    private static JobFate[] Fates(QueueOutcome[] outcomes) => [.. outcomes.Select(o => o.Fate)];

    private sealed class Reckless : IQueueDiscipline
    {
        public string Name => "reckless";

        public int Next(in QueueView view) => view.Head;
    }
}
