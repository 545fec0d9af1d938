using FsCheck;
using FsCheck.Fluent;
using Headroom.Analytics.Demand;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Conservation: every requested device-hour is exactly one of served, queued, reserved, rejected, left.</summary>
[TestClass]
public sealed class RequestedWorkTests
{
    private const int Now = 100;
    private static readonly Func<Episode, long> Remaining = episode => (7 * Micros.PerHour) + (episode.Devices * Micros.PerMinute);

    [TestMethod]
    public void Of_AnyJobs_EveryDeviceHourIsExactlyOneOfThem() => Prop.ForAll(Jobs.ListOf().ToArbitrary(), jobs =>
    {
        var episodes = Episodes.Of(jobs, Log.At(Now));
        var work = RequestedWork.Of(episodes, Remaining);
        var asked = episodes.Aggregate(Int128.Zero, (sum, episode) => sum + ((Int128)episode.Devices * (episode.Served + (episode.IsOver ? 0 : Remaining(episode)))));
        return work.Total == asked && work is { Served: var served, Queued: var queued, Left: var left } && served >= 0 && queued >= 0 && left >= 0;
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Of_AnyJobsFiledTwice_CountOnce() => Prop.ForAll(Jobs.ListOf().ToArbitrary(), jobs =>
    {
        // The same job again, and a second file of it as an attempt that has done nothing yet.
        var twice = jobs.Concat(jobs).Concat(jobs.Where(job => job.Ended is null && job.Started is null).Select(job => job with { JobId = $"{job.JobId}-again", AttemptOf = job.JobId }));
        var (one, two) = (Episodes.Of(jobs, Log.At(Now)), Episodes.Of(twice, Log.At(Now)));
        return one.Length == two.Length && RequestedWork.Of(one, Remaining) == RequestedWork.Of(two, Remaining);
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Of_LogSplitInTwo_AddsUpToTheWhole() => Prop.ForAll(Jobs.ListOf().ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (jobs, at) =>
    {
        var cut = at % (jobs.Count + 1);
        RequestedWork Work(IEnumerable<JobFact> part) => RequestedWork.Of(Episodes.Of(part, Log.At(Now)), Remaining);
        return Work(jobs) == Work(jobs.Take(cut)) + Work(jobs.Skip(cut));
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Of_Requests_AreReservedRejectedOrQueuedAndOnceEach()
    {
        var within = new Window(Log.At(0), Log.At(24));
        RequestFact Request(string id, RequestState state, string? reason = null) =>
            new(id, new("t"), null, 10, Log.At(-5), Log.At(0), Log.At(48), state, null, reason, null, null, null, null, null, null);
        RequestFact[] requests =
        [
            Request("a", RequestState.Approved), Request("a", RequestState.Approved), Request("b", RequestState.Pending),
            Request("c", RequestState.Rejected, "no capacity"), Request("d", RequestState.Withdrawn, "project ended"), Request("e", RequestState.Approved),
        ];
        var hours = (Int128)240 * Micros.PerHour;

        Assert.AreEqual(new RequestedWork(0, hours, hours, hours, 0), RequestedWork.Of(requests, within, new HashSet<string> { "e" }));
    }

    /// <summary>Ids are unique: position and a random tail.</summary>
    private static Gen<JobFact> Jobs =>
        from id in Gen.Choose(0, int.MaxValue)
        from submitted in Gen.Choose(0, 90)
        from wait in Gen.Choose(0, 40)
        from run in Gen.Choose(1, 40)
        from devices in Gen.Choose(1, 64)
        from leaves in Gen.Choose(0, 9)
        let started = leaves == 0 ? (double?)null : submitted + wait
        select Log.Job(
            $"{id}-{submitted}-{wait}-{run}-{devices}",
            submitted,
            started < Now ? started : null,
            leaves == 0 ? (submitted + wait < Now ? submitted + wait : null) : started + run < Now ? started + run : null,
            devices,
            leaves == 0 ? JobState.Cancelled : JobState.Completed);
}
