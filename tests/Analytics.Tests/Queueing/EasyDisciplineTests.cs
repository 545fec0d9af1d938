using FsCheck;
using FsCheck.Fluent;
using Headroom.Analytics.Queueing;

namespace Headroom.Analytics.Tests.Queueing;

[TestClass]
public sealed class EasyDisciplineTests
{
    private const long End = 1_000;

    [TestMethod]
    public void Run_SmallJobThatEndsBeforeTheReservation_PassesTheHead()
    {
        // 4 devices: A takes 3 until 10, B wants 2 and is reserved for 10. C fits and ends at 7; D would run to 32 on the device that B leaves over.
        var outcomes = Run(4, new(0, 10, 3), new(1, 5, 3), new(2, 5, 1), new(7, 25, 1));

        CollectionAssert.AreEqual(new long?[] { 0, 10, 2, 7 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_SmallJobThatWouldDelayTheHead_Waits()
    {
        // B needs all 4 at 10; C would hold one of them until 12.
        var outcomes = Run(4, new(0, 10, 3), new(1, 5, 4), new(2, 10, 1));

        CollectionAssert.AreEqual(new long?[] { 0, 10, 15 }, Starts(outcomes));
    }

    [TestMethod]
    public void Run_RequestedTimes_AreAllThatTheReservationKnows()
    {
        // A ends at 10 but asks until 20: C, which asks until 17, passes B. Where A asks until 10, C, which would end at 7 but asks until 17, waits for B.
        var (b, c) = (new QueuedJob(1, 5, 4), new QueuedJob(2, 5, 1) { RequestedMicros = 15 });

        CollectionAssert.AreEqual(new long?[] { 0, 10, 2 }, Starts(Run(4, new(0, 10, 3) { RequestedMicros = 20 }, b, c)));
        CollectionAssert.AreEqual(new long?[] { 0, 10, 15 }, Starts(Run(4, new(0, 10, 3) { RequestedMicros = 10 }, b, c)));
    }

    [TestMethod]
    public void Run_JobsOfOneDevice_IsFirstComeFirstServed() => Prop.ForAll(Jobs(1).ToArbitrary(), jobs =>
        QueueingEngine.Run(jobs, CapacityPath.Constant(4), End, EasyDiscipline.Instance).SequenceEqual(QueueingEngine.Run(jobs, CapacityPath.Constant(4), End)))
        .QuickCheckThrowOnFailure();

    [TestMethod]
    public void Run_AnyJobs_NobodyStartsLaterThanHisReservation() => Prop.ForAll(Jobs(6).ToArbitrary(), jobs =>
    {
        var discipline = new Witness();
        var outcomes = QueueingEngine.Run(jobs, CapacityPath.Constant(6), long.MaxValue, discipline);
        return discipline.Reserved.All(reserved => outcomes[reserved.Key].StartMicros <= reserved.Value);
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Run_AnyJobs_NobodyWaitsWhoFitsAndEndsBeforeTheReservation() => Prop.ForAll(Jobs(6).ToArbitrary(), jobs =>
    {
        var discipline = new Witness();
        QueueingEngine.Run(jobs, CapacityPath.Constant(6), long.MaxValue, discipline);
        return discipline.IdleBesideWork == 0;
    }).QuickCheckThrowOnFailure();

    private static Gen<QueuedJob[]> Jobs(int largest) =>
        (from submit in Gen.Choose(0, 200)
         from runtime in Gen.Choose(1, 40)
         from devices in Gen.Choose(1, largest)
         select new QueuedJob(submit, runtime, devices)).ArrayOf();

    private static QueueOutcome[] Run(int devices, params QueuedJob[] jobs) => QueueingEngine.Run(jobs, CapacityPath.Constant(devices), End, EasyDiscipline.Instance);

    private static long?[] Starts(QueueOutcome[] outcomes) => [.. outcomes.Select(outcome => outcome.StartMicros)];

    /// <summary>Asks EASY, and works out the reservation of the head by sorting all ends.</summary>
    private sealed class Witness : IQueueDiscipline
    {
        public string Name => "witness";

        /// <summary>The earliest reservation that each head was ever given.</summary>
        public Dictionary<int, long> Reserved { get; } = [];

        /// <summary>How often nothing was started though a job behind the head fitted and would have ended by the reservation.</summary>
        public int IdleBesideWork { get; private set; }

        public int Next(in QueueView view)
        {
            var chosen = EasyDiscipline.Instance.Next(view);
            if (view.Head == QueueView.None || view.Jobs[view.Head].Devices <= view.FreeDevices)
            {
                return chosen;
            }

            var shadow = Shadow(view);
            Reserved[view.Head] = Math.Min(Reserved.GetValueOrDefault(view.Head, long.MaxValue), shadow);
            for (var job = view.After(view.Head); chosen == QueueView.None && job != QueueView.None; job = view.After(job))
            {
                IdleBesideWork += view.Jobs[job].Devices <= view.FreeDevices && view.NowMicros + view.Jobs[job].RuntimeMicros <= shadow ? 1 : 0;
            }

            return chosen;
        }

        private static long Shadow(in QueueView view)
        {
            var (instants, jobs, free) = (view.ReleaseMicros.ToArray(), view.ReleaseJobs.ToArray(), view.FreeDevices);
            Array.Sort(instants, jobs);
            for (var i = 0; i < jobs.Length; i++)
            {
                free += view.Jobs[jobs[i]].Devices;
                if (free >= view.Jobs[view.Head].Devices)
                {
                    return instants[i];
                }
            }

            return long.MaxValue;
        }
    }
}
