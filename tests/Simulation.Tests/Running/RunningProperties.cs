using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Running;
using static Headroom.Simulation.Tests.SmallCenters;

namespace Headroom.Simulation.Tests.Running;

[TestClass]
public sealed class RunningProperties
{
    /// <summary>Small centers with many failures, swaps, maintenance and additions.</summary>
    private static Arbitrary<SimulatedCenter> Centers =>
        (from seed in Gen.Choose(0, 1_000_000)
         from devices in Gen.Choose(1, 40)
         from perHost in Gen.Choose(1, 8)
         from percent in Gen.Choose(20, 260)
         from failures in Gen.Choose(0, 150)
         from every in Gen.Choose(0, 5)
         from added in Gen.Choose(0, 9)
         let plan = Plan(percent / 100.0, days: 4, seed: (ulong)seed) with
         {
             FailuresPerThousandDeviceDays = failures,
             SwapShare = 0.4,
             MaintenanceEveryDays = every,
             Additions = added == 0 ? [] : [new(new(2021, 11, 17), Ai, added)],
         }
         select Simulator.Run(Center(Pool(Ai, devices, perHost)), plan, Catalog)).ToArbitrary();

    private static Config Some => Config.QuickThrowOnFailure.WithMaxTest(60);

    [TestMethod]
    public void Run_AnyCenter_NoDeviceRunsTwoJobsAtOnce() => Check.One(Some, Prop.ForAll(Centers, simulated =>
        Holdings(simulated).All(runs => runs.Zip(runs.Skip(1)).All(pair => pair.First.Until <= pair.Second.From))));

    [TestMethod]
    public void Run_AnyCenter_NobodyRunsOnADeviceThatIsDownOrGone() => Check.One(Some, Prop.ForAll(Centers, simulated =>
        simulated.Attempts.Where(attempt => attempt.Started is not null).All(attempt =>
        {
            var run = attempt.Run(simulated.Window.Until);
            return attempt.Devices.Select(ordinal => simulated.Fleet.Devices[ordinal]).All(device =>
                run.Until <= device.Installed.Until
                && (run.From >= device.Installed.From || device.Installed.From == simulated.Window.From)
                && !device.Outages.Any(outage => outage.Valid.Overlaps(run)));
        })));

    [TestMethod]
    public void Run_AnyCenter_EachJobWaitsRunsOrIsOver() => Check.One(Some, Prop.ForAll(Centers, simulated =>
        simulated.Attempts.All(StandsAsItsStateSays)));

    [TestMethod]
    public void Run_AnyCenter_EveryRequestAndInterruptionIsAccountedFor() => Check.One(Some, Prop.ForAll(Centers, simulated =>
    {
        var attempts = simulated.Attempts.ToLookup(attempt => attempt.Request.JobId);
        var recent = simulated.Requests.Where(request => request.Submitted >= simulated.Window.From && request.Submitted < simulated.Window.Until);
        return recent.All(request => attempts[request.JobId].Any(attempt => attempt.Number == 0))
            && simulated.Attempts.Where(a => a.State is JobState.NodeFail or JobState.Preempted && a.Ended < simulated.Window.Until - Micros.PerHour)
                .All(a => attempts[a.Request.JobId].Any(next => next.Number == a.Number + 1 && next.Submitted > a.Ended));
    }));

    [TestMethod]
    public void Run_AnyCenter_StartsFirstComeFirstServed() => Check.One(Some, Prop.ForAll(Centers, simulated =>
    {
        var started = simulated.Attempts.Where(a => a.Started is not null).OrderBy(a => a.Eligible).ToList();
        return started.Zip(started.Skip(1)).All(pair => pair.First.Eligible == pair.Second.Eligible || pair.First.Started <= pair.Second.Started);
    }));

    [TestMethod]
    public void Run_LittleLoad_PutsAGangOnAsFewHostsAsItNeeds()
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 160)), Plan(0.04, days: 10) with { FailuresPerThousandDeviceDays = 0, MaintenanceEveryDays = 0 }, Catalog);
        var gangs = simulated.Attempts.Where(a => a.Devices.Length > 1).ToList();
        Assert.IsNotEmpty(gangs);
        foreach (var gang in gangs)
        {
            Assert.AreEqual((gang.Devices.Length + 7) / 8, gang.Devices.Select(device => simulated.Fleet.Devices[device].Host).Distinct().Count(), gang.JobId);
        }
    }

    private static bool StandsAsItsStateSays(Attempt attempt) => (attempt.State, attempt.Started, attempt.Ended) switch
    {
        (JobState.Pending, null, null) => attempt.Devices.Length == 0,
        (JobState.Running, not null, null) => HoldsAll(attempt),
        (JobState.Cancelled, null, { } left) => attempt.Devices.Length == 0 && left == attempt.LeavesAt,
        (JobState.NodeFail or JobState.Preempted, { } start, { } end) => HoldsAll(attempt) && end > start && end <= start + attempt.Runtime,
        (_, { } start, { } end) => HoldsAll(attempt) && end == start + attempt.Runtime && attempt.State == attempt.Request.Outcome,
        _ => false,
    };

    private static bool HoldsAll(Attempt attempt) =>
        attempt.Devices.Distinct().Count() == attempt.Request.Devices && attempt.Started >= attempt.Eligible && attempt.Started <= attempt.LeavesAt;

    private static IEnumerable<List<Window>> Holdings(SimulatedCenter simulated) => simulated.Attempts
        .Where(attempt => attempt.Started is not null)
        .SelectMany(attempt => attempt.Devices.Select(device => (device, run: attempt.Run(simulated.Window.Until))))
        .GroupBy(pair => pair.device, pair => pair.run)
        .Select(group => group.OrderBy(run => run.From).ToList());
}
