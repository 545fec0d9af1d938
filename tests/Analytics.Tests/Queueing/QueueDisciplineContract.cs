using FsCheck;
using FsCheck.Fluent;
using Headroom.Analytics.Queueing;

namespace Headroom.Analytics.Tests.Queueing;

/// <summary>What holds for every discipline, on random jobs under a random capacity path.</summary>
[TestClass]
public sealed class QueueDisciplineContract
{
    private const long Horizon = 400;

    /// <summary>One line per discipline.</summary>
    public static IEnumerable<object[]> Disciplines => [[FifoDiscipline.Instance], [EasyDiscipline.Instance]];

    [TestMethod]
    [DynamicData(nameof(Disciplines))]
    public void Run_AnyJobs_EveryJobHasTheFateItsInstantsSay(IQueueDiscipline discipline) => ForAll(discipline, (jobs, outcomes, _) =>
        jobs.Zip(outcomes).All(pair => pair.Second.Fate switch
        {
            JobFate.NotSubmitted => pair.First.SubmitMicros >= Horizon,
            JobFate.Waiting => pair.First.SubmitMicros < Horizon && pair.First.LeavesAtMicros >= Horizon,
            JobFate.Running => Began(pair) && pair.Second.AtMicros + pair.First.RuntimeMicros > Horizon,
            JobFate.Finished => Began(pair) && pair.Second.AtMicros + pair.First.RuntimeMicros <= Horizon,
            JobFate.Left => pair.Second.AtMicros == pair.First.LeavesAtMicros && pair.Second.AtMicros < Horizon,
            JobFate.TooLarge => pair.First.Devices > 0,
            _ => false,
        }));

    [TestMethod]
    [DynamicData(nameof(Disciplines))]
    public void Run_AnyJobs_NothingStartsBeyondTheCapacityOfItsInstant(IQueueDiscipline discipline) => ForAll(discipline, (jobs, outcomes, capacity) =>
        jobs.Zip(outcomes).Where(pair => pair.Second.StartMicros is not null && pair.First.RuntimeMicros > 0)
            .All(pair => Busy(jobs, outcomes, pair.Second.AtMicros) <= capacity.DevicesAt(pair.Second.AtMicros)));

    [TestMethod]
    [DynamicData(nameof(Disciplines))]
    public void Run_AnyJobs_TheHeadNeverWaitsWhileItFits(IQueueDiscipline discipline) => ForAll(discipline, (jobs, outcomes, capacity) =>
    {
        for (var now = 0L; now < Horizon; now++)
        {
            var head = Enumerable.Range(0, jobs.Length).Where(i => WaitsAfter(jobs[i], outcomes[i], now)).OrderBy(i => jobs[i].SubmitMicros).ThenBy(i => i).ToArray();
            if (head.Length > 0 && jobs[head[0]].Devices <= capacity.DevicesAt(now) - Busy(jobs, outcomes, now))
            {
                return false;
            }
        }

        return true;
    });

    [TestMethod]
    [DynamicData(nameof(Disciplines))]
    public void Run_Twice_GivesTheSame(IQueueDiscipline discipline) => ForAll(discipline, (jobs, outcomes, capacity) =>
        outcomes.SequenceEqual(QueueingEngine.Run(jobs, capacity, Horizon, discipline)));

    private static bool Began((QueuedJob Job, QueueOutcome Outcome) pair) =>
        pair.Outcome.AtMicros >= pair.Job.SubmitMicros && pair.Outcome.AtMicros <= pair.Job.LeavesAtMicros && pair.Outcome.AtMicros < Horizon;

    private static bool WaitsAfter(QueuedJob job, QueueOutcome outcome, long now) =>
        job.SubmitMicros <= now && outcome.Fate != JobFate.NotSubmitted && outcome.AtMicros > now;

    private static int Busy(QueuedJob[] jobs, QueueOutcome[] outcomes, long now) =>
        jobs.Zip(outcomes).Where(p => p.Second.StartMicros <= now && now < p.Second.StartMicros + p.First.RuntimeMicros).Sum(p => p.First.Devices);

    private static void ForAll(IQueueDiscipline discipline, Func<QueuedJob[], QueueOutcome[], CapacityPath, bool> holds)
    {
        var job =
            from submit in Gen.Choose(0, 450)
            from runtime in Gen.Choose(0, 60)
            from devices in Gen.Choose(1, 9)
            from patience in Gen.OneOf(Gen.Choose(0, 80).Select(p => (long)p), Gen.Constant(QueuedJob.NeverLeaves))
            select new QueuedJob(submit, runtime, devices, patience);
        var capacity =
            from a in Gen.Choose(0, 10)
            from b in Gen.Choose(0, 10)
            from c in Gen.Choose(0, 10)
            select new CapacityPath(new(0, a), new(100, b), new(250, c));
        Prop.ForAll(job.ArrayOf().ToArbitrary(), capacity.ToArbitrary(), (jobs, path) =>
                holds(jobs, QueueingEngine.Run(jobs, path, Horizon, discipline), path))
            .QuickCheckThrowOnFailure();
    }
}
