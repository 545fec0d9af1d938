using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using static Headroom.Domain.Tests.Accounting.Build;

namespace Headroom.Domain.Tests.Accounting;

[TestClass]
public sealed class JobTimeTests
{
    private static readonly PoolId Ai = new("ai");
    private static readonly Window Day = Hours(0, 24);

    // Small whole instants, so that a brute force can step through every one of them.
    private const int Longest = 40;

    private static readonly Gen<JobFact> SmallJobs =
        from submitted in Gen.Choose(0, Longest)
        from waits in Gen.Choose(0, 10)
        from runs in Gen.Choose(0, 20)
        from stage in Gen.Choose(0, 3)
        from devices in Gen.Choose(1, 64)
        from tenant in Gen.Elements("a", "b")
        from pool in Gen.Elements<PoolId?>(null, new PoolId("hpc"))
        select Job(
            tenant,
            submitted,
            stage is 1 or 2 ? submitted + waits : null,
            stage switch { 2 => submitted + waits + runs, 3 => submitted + runs, _ => null },
            devices,
            pool);

    private static readonly Gen<JobFact[]> Logs = from count in Gen.Choose(0, 12) from jobs in SmallJobs.ArrayOf(count) select jobs;

    private static readonly Gen<(JobFact[] Jobs, Window Window, int Cut, int KnownUntil)> Cases =
        from jobs in Logs
        from begin in Gen.Choose(0, Longest)
        from length in Gen.Choose(1, Longest)
        from cut in Gen.Choose(0, length)
        from known in Gen.Choose(0, 2 * Longest)
        select (jobs, new Window(begin, begin + length), begin + cut, known);

    private static JobFact Job(string tenant, long submitted, long? started, long? ended, int devices, PoolId? pool = null, params ImmutableArray<DeviceId> on) =>
        new("c", "1", new(tenant), submitted, null, started, ended, devices, JobState.Unknown, pool, null, on, null, false, null, null);

    [TestMethod]
    public void Of_TwoJobs_CountsSizeTimesTime()
    {
        var rows = JobTime.Of([Job("uni", At(1), At(2), At(5), 4), Job("uni", At(20), At(22), At(30), 10)], Day, At(30), Ai);

        Assert.AreEqual(new TenantJobTime(new("uni"), Ai, ((4 * 3) + (10 * 2)) * Micros.PerHour, Jobs: 2, Started: 2, Ended: 1, Pending: 0), rows.Single());
    }

    [TestMethod]
    public void Of_OpenJob_CountsUpToTheEndOfTheFeed()
    {
        var rows = JobTime.Of([Job("uni", At(1), At(2), null, 8)], Day, knownUntil: At(6), Ai);

        Assert.AreEqual(new TenantJobTime(new("uni"), Ai, 8 * 4 * Micros.PerHour, 1, 1, 0, 0), rows.Single());
    }

    [TestMethod]
    public void Of_JobThatNeverStarted_WaitsUntilItIsWithdrawn()
    {
        JobFact[] jobs = [Job("uni", At(1), null, At(9), 8)];

        Assert.AreEqual(new TenantJobTime(new("uni"), Ai, 0, 0, 0, 0, Pending: 1), JobTime.Of(jobs, Hours(0, 6), At(24), Ai).Single());
        Assert.AreEqual(new TenantJobTime(new("uni"), Ai, 0, 0, 0, Ended: 1, Pending: 0), JobTime.Of(jobs, Day, At(24), Ai).Single());
    }

    [TestMethod]
    public void Of_WindowAfterTheFeedEnded_SaysNothing() =>
        Assert.IsEmpty(JobTime.Of([Job("uni", At(1), null, null, 8), Job("uni", At(1), At(1), null, 8)], Hours(24, 48), knownUntil: At(24), Ai));

    [TestMethod]
    public void Of_MillionCardsForAThousandYears_DoesNotOverflow()
    {
        var years = new Window(0, 1_000 * 365 * Micros.PerDay);
        var rows = JobTime.Of([Job("uni", 0, years.From, years.Until, 1_000_000)], years, years.Until, Ai);

        Assert.AreEqual((Int128)years.Length.Value * 1_000_000, rows.Single().DeviceMicros);
    }

    [TestMethod]
    public void WithoutDevices_JobsThatNameKnownDevices_AreLeftOut()
    {
        JobFact[] jobs = [Job("uni", 0, 1, 2, 1, null, new DeviceId("card")), Job("uni", 0, 1, 2, 1, null, new DeviceId("elsewhere")), Job("uni", 0, 1, 2, 1)];

        CollectionAssert.AreEqual(jobs[1..], JobTime.WithoutDevices(jobs, new HashSet<DeviceId> { new("card") }).ToArray());
    }

    [TestMethod]
    public void Of_AnySplit_SumsToTheWhole() =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            TenantJobTime[] parts =
            [
                .. JobTime.Of(c.Jobs, c.Window with { Until = c.Cut }, c.KnownUntil, Ai),
                .. JobTime.Of(c.Jobs, c.Window with { From = c.Cut }, c.KnownUntil, Ai),
            ];
            var whole = JobTime.Of(c.Jobs, c.Window, c.KnownUntil, Ai);
            return parts.Select(row => (row.Tenant, row.Pool)).All(key => whole.Any(row => (row.Tenant, row.Pool) == key && Split(row) == Split(parts, key)) || Split(parts, key) == (0, 0, 0))
                && whole.All(row => Split(row) == Split(parts, (row.Tenant, row.Pool)));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Of_AnyLog_AgreesWithSteppingThroughEveryInstant() =>
        Prop.ForAll(Cases.ToArbitrary(), c => JobTime.Of(c.Jobs, c.Window, c.KnownUntil, Ai).SequenceEqual(Stepped(c.Jobs, c.Window, c.KnownUntil)))
            .QuickCheckThrowOnFailure();

    // While such a job runs any device nobody is known to hold may be one of its own.
    [TestMethod]
    public void Fold_JobThatNamesNoDevice_LeavesAllocationOfItsPoolUnknown()
    {
        InventoryFact[] inventory =
        [
            new(new("a"), InventoryEvent.Installed, new(At(0), Instants.Never), null, null, null, Ai, null),
            new(new("b"), InventoryEvent.Installed, new(At(0), Instants.Never), null, null, null, new("hpc"), null),
        ];
        var histories = DeviceHistories.Fold(inventory, [Job("uni", At(1), At(2), At(5), 1)], [new(FeedCoverage.Jobs, Day)], [], Ai);

        CollectionAssert.AreEqual(new[] { Hours(0, 2), Hours(5, 24) }, histories[0].AllocationKnown.ToArray());
        CollectionAssert.AreEqual(new[] { Day }, histories[1].AllocationKnown.ToArray());
    }

    [TestMethod]
    public void Minus_AnySets_KeepsExactlyWhatIsNotTaken() =>
        Prop.ForAll(Sets.ToArbitrary(), Sets.ToArbitrary(), (set, taken) =>
        {
            var rest = WindowSet.Minus(set, taken);
            return Enumerable.Range(0, 130).All(instant => WindowSet.Contains(rest, instant) == (WindowSet.Contains(set, instant) && !WindowSet.Contains(taken, instant)));
        }).QuickCheckThrowOnFailure();

    private static readonly Gen<ImmutableArray<Window>> Sets =
        from count in Gen.Choose(0, 8)
        from windows in (from start in Gen.Choose(0, 100) from length in Gen.Choose(1, 20) select new Window(start, start + length)).ArrayOf(count)
        select WindowSet.Union(windows);

    private static (Int128, long, long) Split(TenantJobTime row) => (row.DeviceMicros, row.Started, row.Ended);

    private static (Int128, long, long) Split(IEnumerable<TenantJobTime> rows, (TenantId, PoolId) key) =>
        rows.Where(row => (row.Tenant, row.Pool) == key).Aggregate(((Int128)0, 0L, 0L), (sum, row) => (sum.Item1 + row.DeviceMicros, sum.Item2 + row.Started, sum.Item3 + row.Ended));

    private static IEnumerable<TenantJobTime> Stepped(JobFact[] jobs, Window window, long knownUntil)
    {
        foreach (var pool in (string[])["ai", "hpc"])
        {
            foreach (var tenant in (string[])["a", "b"])
            {
                var row = new TenantJobTime(new(tenant), new(pool), 0, 0, 0, 0, 0);
                foreach (var job in jobs.Where(job => job.Tenant.Value == tenant && (job.Pool?.Value ?? "ai") == pool))
                {
                    var ran = false;
                    for (var instant = window.From; instant < window.Until; instant++)
                    {
                        var holds = job.Started <= instant && (job.Ended is { } end ? instant < end : instant < knownUntil);
                        ran |= holds || job.Started == instant;
                        row = row with
                        {
                            DeviceMicros = row.DeviceMicros + (holds ? job.Devices : 0),
                            Started = row.Started + (job.Started == instant ? 1 : 0),
                            Ended = row.Ended + (job.Ended == instant ? 1 : 0),
                        };
                    }

                    var last = Math.Min(window.Until, knownUntil) - 1;
                    var waits = last >= window.From && job.Submitted <= last && !(job.Started <= last) && !(job.Ended <= last);
                    row = row with { Jobs = row.Jobs + (ran ? 1 : 0), Pending = row.Pending + (waits ? 1 : 0) };
                }

                if (row.Jobs + row.Started + row.Ended + row.Pending > 0)
                {
                    yield return row;
                }
            }
        }
    }
}
