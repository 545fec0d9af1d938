using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Ledger;

[TestClass]
public sealed class DemandLedgerProperties
{
    private const int Days = 3;
    private static readonly PoolId Ai = new("ai");

    [TestMethod]
    public void At_AnyJobsAndRequests_EveryDeviceIsInExactlyOnePlace() =>
        Prop.ForAll(Books.ToArbitrary(), Gen.Choose(0, Days * 24 * 4).ToArbitrary(), (book, quarter) =>
        {
            var now = quarter * Micros.PerHour / 4;
            return DemandLedger.Of(book.Jobs, book.Requests, Ai).At(now).All(line => line.Amounts.Total == Counted(book, line.Account, now))
                && Tenants.All(tenant => Counted(book, new(Ai, tenant, false), now) == DemandLedger.Of(book.Jobs, book.Requests, Ai).At(now)
                    .Where(line => line.Account == new LedgerAccount(Ai, tenant, false)).Sum(line => line.Amounts.Total));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Hours_AnyJobsAndRequests_AreTheSumOfTheirQuarters() =>
        Prop.ForAll(Books.ToArbitrary(), book =>
        {
            var ledger = DemandLedger.Of(book.Jobs, book.Requests, Ai);
            return ledger.Hours(new(0, Days * Micros.PerDay))
                .All(hour => hour.Amounts == Enumerable.Range(0, 4)
                    .Select(quarter => hour.HourStart + (quarter * Micros.PerHour / 4))
                    .Aggregate(default(LedgerAmounts), (sum, now) => sum + (AmountsAt(ledger, hour.Account, now) * (Micros.PerHour / 4))));
        }).QuickCheckThrowOnFailure();

    private static LedgerAmounts AmountsAt(DemandLedger ledger, LedgerAccount account, long now) =>
        ledger.At(now).FirstOrDefault(line => line.Account == account)?.Amounts ?? default;

    // Counted the long way round: jobs and contracts by maximum, undecided and refused ones on top.
    private static long Counted(Book book, LedgerAccount account, long now)
    {
        var jobs = book.Jobs
            .Where(job => job.Tenant == account.Tenant && job.Preemptible == account.Preemptible)
            .Where(job => now >= Math.Max(job.Submitted, job.Eligible ?? 0) && !(job.Ended <= now))
            .Sum(job => (long)job.Devices);
        var requests = book.Requests.Where(request => !account.Preemptible && request.Tenant == account.Tenant && now < request.Wanted.Until).ToList();
        bool Decided(RequestFact request) => request.State != RequestState.Pending && (request.Decided ?? request.Submitted) <= now;
        var contracts = requests.Where(r => Decided(r) && r.State is RequestState.Approved or RequestState.Running or RequestState.Completed && Decided(r)).Sum(r => (long)r.Devices);
        var undecided = requests.Where(r => !Decided(r) && now >= Math.Max(r.Submitted, r.Wanted.From)).Sum(r => (long)r.Devices);
        var refused = requests.Where(r => Decided(r) && r.State is RequestState.Rejected or RequestState.Withdrawn && Decided(r) && r.Reason != "policy").Sum(r => (long)r.Devices);
        return Math.Max(jobs, contracts) + undecided + refused;
    }

    private sealed record Book(JobFact[] Jobs, RequestFact[] Requests);

    private static readonly TenantId[] Tenants = [new("a"), new("b")];

    private static readonly Gen<long> Instant = Gen.Choose(0, Days * 24 * 4).Select(quarter => quarter * (Micros.PerHour / 4));

    private static readonly Gen<JobFact> Job =
        from tenant in Gen.Elements(Tenants)
        from instants in Instant.ArrayOf(4)
        from stage in Gen.Choose(0, 2)
        from devices in Gen.Choose(1, 9)
        from filler in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        let at = instants.Order().ToArray()
        select new JobFact(
            "c", "", tenant, at[0], at[1], stage > 0 ? at[2] : null, stage > 1 ? at[3] : null, devices,
            stage switch { 0 => JobState.Pending, 1 => JobState.Running, _ => JobState.Completed }, Ai, null, [], null, filler, null, null);

    private static readonly Gen<RequestFact> Request =
        from tenant in Gen.Elements(Tenants)
        from submitted in Instant
        from decided in Instant
        from wanted in Instant
        from length in Gen.Choose(1, 200)
        from open in Gen.Elements(true, false)
        from state in Gen.Elements(Enum.GetValues<RequestState>())
        from reason in Gen.Elements("no capacity", "policy", null)
        from devices in Gen.Choose(1, 9)
        select new RequestFact(
            "", tenant, Ai, devices, Math.Min(submitted, decided), wanted, open ? null : Math.Max(wanted, submitted) + (length * (Micros.PerHour / 4)), state,
            state == RequestState.Pending ? null : Math.Max(submitted, decided), reason, null, null, null, null, null, null);

    private static readonly Gen<Book> Books =
        from jobs in Gen.Choose(0, 8).SelectMany(count => Job.ArrayOf(count))
        from requests in Gen.Choose(0, 8).SelectMany(count => Request.ArrayOf(count))
        select new Book([.. jobs.Select((job, i) => job with { JobId = $"j{i}" })], [.. requests.Select((request, i) => request with { RequestId = $"r{i}" })]);
}
