using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Ledger;

[TestClass]
public sealed class DemandLedgerTests
{
    private static readonly PoolId Ai = new("ai");
    private static readonly TenantId Nlp = new("nlp");

    [TestMethod]
    public void At_JobThroughItsLife_IsQueuedOnceEligibleThenServedThenGone()
    {
        var ledger = DemandLedger.Of([Job("1", 4, submitted: 0, eligible: 2, started: 5, ended: 9)], [], Ai);

        Assert.IsEmpty(ledger.At(Hour(1)));
        Assert.AreEqual(new LedgerAmounts(0, 4, 0, 0), Only(ledger, 2));
        Assert.AreEqual(Hour(2), ledger.WaitingAt(Hour(4)).Single().Since);
        Assert.AreEqual(new LedgerAmounts(4, 0, 0, 0), Only(ledger, 5));
        Assert.IsEmpty(ledger.At(Hour(9)));
    }

    [TestMethod]
    public void At_ContractOfHundredWithFortyInUse_CountsTheHundredAsServed() =>
        Assert.AreEqual(
            new LedgerAmounts(100, 0, 0, 0),
            Only(DemandLedger.Of([Job("1", 40, started: 1)], [Request("r", 100, RequestState.Running, from: 0, decided: 0)], Ai), 3));

    [TestMethod]
    public void At_ApprovedContractBesideJobsOfItsTenant_AddsOnlyWhatExceedsThem() =>
        Assert.AreEqual(
            new LedgerAmounts(40, 10, 50, 0),
            Only(DemandLedger.Of([Job("1", 40, started: 1), Job("2", 10)], [Request("r", 100, RequestState.Approved, from: 0, decided: 0)], Ai), 3));

    [TestMethod]
    public void At_ApprovedContractOfAnotherTenant_IsReservedWhole()
    {
        var other = Request("r", 100, RequestState.Approved, from: 50, decided: 1) with { Tenant = new("city") };
        var lines = DemandLedger.Of([Job("1", 40, started: 1)], [other], Ai).At(Hour(3));

        Assert.AreEqual(new LedgerAmounts(40, 0, 100, 0), lines[0].Amounts + lines[1].Amounts);
    }

    [TestMethod]
    public void At_PendingApplication_IsQueuedFromTheDayItWants()
    {
        var ledger = DemandLedger.Of([], [Request("r", 8, RequestState.Pending, from: 10)], Ai);

        Assert.IsEmpty(ledger.At(Hour(9)));
        Assert.AreEqual(new LedgerAmounts(0, 8, 0, 0), Only(ledger, 10));
    }

    [TestMethod]
    [DataRow(RequestState.Rejected, "no capacity", true, DisplayName = "refused for lack of capacity")]
    [DataRow(RequestState.Withdrawn, "排队太久", true, DisplayName = "withdrawn after a long wait")]
    [DataRow(RequestState.Rejected, null, true, DisplayName = "nobody said why")]
    [DataRow(RequestState.Rejected, "not eligible", false, DisplayName = "refused for another cause")]
    public void At_ARefusal_CountsWhereCapacityWasTheCause(RequestState state, string? reason, bool counts)
    {
        var ledger = DemandLedger.Of([], [Request("r", 8, state, from: 20, to: 40, decided: 5) with { Reason = reason }], Ai);

        Assert.AreEqual(counts ? 8 : 0, ledger.At(Hour(10)).Sum(line => line.Amounts.Rejected));
        Assert.AreEqual(counts ? Hour(5) : -1, ledger.RefusedAt(Hour(10)).FirstOrDefault()?.Since ?? -1);
        Assert.IsEmpty(ledger.At(Hour(40)));
    }

    [TestMethod]
    public void At_JobWithTheIdOfAnApplication_TakesItsPlace()
    {
        var ledger = DemandLedger.Of([Job("r", 8, submitted: 6, eligible: 6, started: 7)], [Request("r", 8, RequestState.Approved, from: 0, decided: 1)], Ai);

        Assert.AreEqual(new LedgerAmounts(0, 0, 8, 0), Only(ledger, 3));
        Assert.AreEqual(new LedgerAmounts(0, 8, 0, 0), Only(ledger, 6));
        Assert.AreEqual(new LedgerAmounts(8, 0, 0, 0), Only(ledger, 8));
    }

    [TestMethod]
    public void At_AttemptsOfOneJob_CountOnceEvenWhereAnOldOneWasNeverClosed() =>
        Assert.AreEqual(
            new LedgerAmounts(0, 4, 0, 0),
            Only(DemandLedger.Of([Job("1", 4, started: 1), Job("1-r1", 4, submitted: 5, eligible: 5) with { AttemptOf = "1" }], [], Ai), 6));

    [TestMethod]
    public void At_PreemptibleWork_HasALineOfItsOwn()
    {
        var lines = DemandLedger.Of([Job("1", 4, started: 1), Job("2", 3, started: 1) with { Preemptible = true }], [], Ai).At(Hour(2));

        CollectionAssert.AreEqual(new[] { (false, 4L), (true, 3L) }, lines.Select(line => (line.Account.Preemptible, line.Amounts.Served)).ToArray());
    }

    [TestMethod]
    public void Hours_AStartInsideAnHour_SplitsItExactly()
    {
        var job = Job("1", 2, submitted: 0) with { Started = Hour(1) + (15 * Micros.PerHour / 60), Ended = Hour(2) };
        var hours = DemandLedger.Of([job], [], Ai).Hours(new(Hour(0), Hour(3)));

        CollectionAssert.AreEqual(
            new[]
            {
                new LedgerAmounts(0, 2 * Micros.PerHour, 0, 0),
                new LedgerAmounts(90 * Micros.PerHour / 60, 30 * Micros.PerHour / 60, 0, 0),
            },
            hours.Select(hour => hour.Amounts).ToArray());
    }

    private static LedgerAmounts Only(DemandLedger ledger, int hour) => ledger.At(Hour(hour)).Single().Amounts;

    private static long Hour(int hour) => hour * Micros.PerHour;

    private static JobFact Job(string id, int devices, int submitted = 0, int? eligible = null, int? started = null, int? ended = null) => new(
        "c",
        id,
        Nlp,
        Hour(submitted),
        eligible * Micros.PerHour,
        started * Micros.PerHour,
        ended * Micros.PerHour,
        devices,
        ended is not null ? JobState.Completed : started is not null ? JobState.Running : JobState.Pending,
        Ai,
        null,
        [],
        null,
        Preemptible: false,
        null,
        null);

    private static RequestFact Request(string id, int devices, RequestState state, int from, int? to = null, int? decided = null) => new(
        id, Nlp, Ai, devices, 0, Hour(from), to * Micros.PerHour, state, decided * Micros.PerHour, null, null, null, null, null, null, null);
}
