using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>Facts and sightings: the winner of a key, and as of when.</summary>
public abstract partial class StoreContract
{
    [TestMethod]
    public async Task ReadFacts_SightedDevices_SayWhatWasSaidLast()
    {
        await using var store = await OpenAsync(_folder.File());
        var batch = new SampleBatch();
        batch.Add(batch.Ordinal(new("GPU-1", "new-host", null, null, "ai")), Noon + 10);
        batch.Add(batch.Ordinal(new("GPU-1", "old-host", "3", null, null)), Noon);
        var receipt = await store.AppendAsync(Wuhan, batch, File1 with { Simulated = true }, Token);
        await AppendAsync(store, new(0, [new("GPU-1", Noon - Micros.PerDay, 1)]));

        var now = await store.ReadFactsAsync(Wuhan, Instants.Never, Token);
        var then = await store.ReadFactsAsync(Wuhan, receipt.Recorded, Token);
        var before = await store.ReadFactsAsync(Wuhan, receipt.Recorded - 1, Token);

        Assert.AreEqual(new SightedDevice(new("GPU-1", "new-host", "3", "Ascend 910A", "ai"), Noon - Micros.PerDay, Noon + 10), now.Devices.Single());
        Assert.AreEqual(new SightedDevice(new("GPU-1", "new-host", "3", null, "ai"), Noon, Noon + 10), then.Devices.Single());
        Assert.AreEqual(new Window(Noon - Micros.PerDay, Noon + 11), now.Telemetry);
        Assert.IsTrue(now.Simulated);
        Assert.IsEmpty(before.Devices);
        Assert.IsFalse(before.Simulated);
        Assert.IsTrue(before.Telemetry.IsEmpty);
    }

    [TestMethod]
    public async Task Append_Facts_TheWinnerDoesNotDependOnOrderAndLosersStayReadable()
    {
        var pending = Job("7", started: null, ended: null);
        var running = Job("7", started: Noon, ended: null);
        var ended = Job("7", started: Noon, ended: Noon + Micros.PerHour);
        await using var forward = await OpenAsync(_folder.File("forward.db"));
        await using var backward = await OpenAsync(_folder.File("backward.db"));
        var receipts = new List<AppendReceipt>();
        foreach (var job in (JobFact[])[pending, running, ended, ended])
        {
            receipts.Add(await RecordAsync(forward, FactBatch.Empty with { Jobs = [job] }));
        }

        await RecordAsync(backward, FactBatch.Empty with { Jobs = [ended] });
        await RecordAsync(backward, FactBatch.Empty with { Jobs = [running, pending] });

        Assert.AreEqual(ended, (await forward.ReadFactsAsync(Wuhan, Instants.Never, Token)).Jobs.Single());
        Assert.AreEqual(ended, (await backward.ReadFactsAsync(Wuhan, Instants.Never, Token)).Jobs.Single());
        Assert.AreEqual(pending, (await forward.ReadFactsAsync(Wuhan, receipts[0].Recorded, Token)).Jobs.Single());
        Assert.AreEqual(running, (await forward.ReadFactsAsync(Wuhan, receipts[1].Recorded, Token)).Jobs.Single());
        Assert.AreEqual((0L, 1L), (receipts[3].New, receipts[3].Duplicates));
        Assert.AreEqual(await forward.ContentHashAsync(Token), await backward.ContentHashAsync(Token));
    }

    [TestMethod]
    public async Task ReadFacts_OfAWindow_AreThoseOfAllTimeThatTouchIt()
    {
        await using var store = await OpenAsync(_folder.File());
        var hour = Noon - (Noon % Micros.PerHour);
        var first = await RecordAsync(store, FactBatch.Empty with
        {
            Jobs =
            [
                Job("long", Noon, null), Job("begun", Noon, null), Job("waits", null, null), Job("over", Noon, Noon + Micros.PerHour),
                Job("R-1", Noon, Noon + 1), Job("again", Noon, Noon + 1) with { AttemptOf = "over" },
            ],
            Counts = [new(hour, new("城市"), null, null, 58 * Micros.PerHour, null), new(hour + Micros.PerDay, new("城市"), null, null, 59 * Micros.PerHour, null)],
            Meters = [new("main", MeterScope.Facility, new(hour, hour + Micros.PerHour), 7 * MeterFact.PerKilowattHour)],
            Inventory = [new(new("GPU-1"), InventoryEvent.Down, new(Noon, Instants.Never), "主机-1", "0", null, new PoolId("ai"), "fan")],
        });
        await RecordAsync(store, FactBatch.Empty with
        {
            Jobs = [Job("begun", Noon, Noon + Micros.PerHour), Job("waits", Noon + Micros.PerHour, Noon + (5 * Micros.PerHour))],
            Requests = [new("R-1", new("城市"), null, 64, Noon, null, null, RequestState.Pending, null, null, null, null, null, null, null, null)],
        });

        foreach (var asOf in (long[])[Instants.Never, first.Recorded])
        {
            var all = await store.ReadFactsAsync(Wuhan, asOf, Token);
            foreach (var (from, length) in ((long, long)[])[(-Micros.PerDay, Micros.PerHour), (Micros.PerHour, 1), (Micros.PerHour + 1, Micros.PerHour), (5 * Micros.PerHour, 1), (2 * Micros.PerDay, Micros.PerDay)])
            {
                var window = new Window(Noon + from, Noon + from + length);
                var (expected, actual) = (all.Touching(window), await store.ReadFactsAsync(Wuhan, window, asOf, Token));
                CollectionAssert.AreEqual(expected.Jobs.ToArray(), actual.Jobs.ToArray(), $"{window}");
                CollectionAssert.AreEqual(expected.Counts.ToArray(), actual.Counts.ToArray(), $"{window}");
                CollectionAssert.AreEqual(expected.Meters.ToArray(), actual.Meters.ToArray(), $"{window}");
                CollectionAssert.AreEqual(all.Inventory.ToArray(), actual.Inventory.ToArray());
                CollectionAssert.AreEqual(all.Requests.ToArray(), actual.Requests.ToArray());
            }
        }

        var later = await store.ReadFactsAsync(Wuhan, new Window(Noon + (2 * Micros.PerDay), Noon + (3 * Micros.PerDay)), Instants.Never, Token);
        CollectionAssert.AreEqual(new[] { "R-1", "again", "long" }, later.Jobs.Select(job => job.JobId).ToArray(), "open, of a request, and an attempt");
        Assert.IsEmpty(later.Counts);
    }

    [TestMethod]
    public async Task Append_Requests_TheLaterStageWinsWhateverTheOrderAndNothingIsDirty()
    {
        var pending = new RequestFact("R-1", new("城市"), new PoolId("ai"), 64, Noon, Noon + Micros.PerDay, null, RequestState.Pending, null, null, 0.35, "Ascend 910A", 16, "normal", "training", "A-7");
        var approved = pending with { State = RequestState.Approved, Decided = Noon + 5, Probability = 1 };
        var refused = pending with { State = RequestState.Rejected, Decided = Noon + 9, Reason = "无余量", Probability = 0, Revision = 2 };
        await using var forward = await OpenAsync(_folder.File("forward.db"));
        await using var backward = await OpenAsync(_folder.File("backward.db"));
        var receipts = new List<AppendReceipt>();
        foreach (var request in (RequestFact[])[pending, approved, approved, refused])
        {
            receipts.Add(await RecordAsync(forward, FactBatch.Empty with { Requests = [request] }));
        }

        await RecordAsync(backward, FactBatch.Empty with { Requests = [refused, approved, pending] });

        Assert.AreEqual(refused, (await forward.ReadFactsAsync(Wuhan, Instants.Never, Token)).Requests.Single());
        Assert.AreEqual(refused, (await backward.ReadFactsAsync(Wuhan, Instants.Never, Token)).Requests.Single());
        Assert.AreEqual(pending, (await forward.ReadFactsAsync(Wuhan, receipts[0].Recorded, Token)).Requests.Single());
        Assert.AreEqual(approved, (await forward.ReadFactsAsync(Wuhan, receipts[1].Recorded, Token)).Requests.Single());
        CollectionAssert.AreEqual(new[] { (1L, 0L, 0L), (1L, 0L, 0L), (0L, 1L, 0L), (0L, 0L, 1L) }, receipts.Select(r => (r.New, r.Duplicates, r.Conflicts)).ToArray());
        Assert.AreEqual(await forward.ContentHashAsync(Token), await backward.ContentHashAsync(Token));
        Assert.IsEmpty(await forward.ReadDirtyAsync(Wuhan, Token));
    }

    [TestMethod]
    public async Task Append_InventoryOfOneKey_RevisionThenClosedEndWins()
    {
        await using var store = await OpenAsync(_folder.File());
        var open = new InventoryFact(new("GPU-1"), InventoryEvent.Down, new(Noon, Instants.Never), "主机-1", "0", null, new PoolId("ai"), "fan");
        var closed = open with { Valid = new(Noon, Noon + 1_000) };
        var revised = open with { Revision = 1, Reason = "power" };
        await RecordAsync(store, FactBatch.Empty with { Inventory = [closed, open] });

        var first = await store.ReadFactsAsync(Wuhan, Instants.Never, Token);
        var receipt = await RecordAsync(store, FactBatch.Empty with { Inventory = [revised] });
        var second = await store.ReadFactsAsync(Wuhan, Instants.Never, Token);

        Assert.AreEqual(closed, first.Inventory.Single());
        Assert.AreEqual(revised, second.Inventory.Single());
        Assert.AreEqual(1, receipt.Conflicts);
    }

    [TestMethod]
    public async Task Append_HeldDevices_TheKnownEndWinsWhateverTheOrderAndTheirTimeIsDirty()
    {
        var open = new AllocationFact(new("GPU-1"), new(Noon, Instants.Never), new("城市"), "K-1", AllocationKind.Contract, 428_571);
        var ended = open with { Valid = new(Noon, Noon + Micros.PerHour) };
        var other = open with { JobId = "K-2", SharePpm = 571_429 };
        await using var forward = await OpenAsync(_folder.File("forward.db"));
        await using var backward = await OpenAsync(_folder.File("backward.db"));
        var first = await RecordAsync(forward, FactBatch.Empty with { Allocations = [open, other] });
        await RecordAsync(forward, FactBatch.Empty with { Allocations = [ended] });
        await RecordAsync(backward, FactBatch.Empty with { Allocations = [other, ended, open] });

        CollectionAssert.AreEqual(new[] { ended, other }, (await forward.ReadFactsAsync(Wuhan, Instants.Never, Token)).Allocations.ToArray());
        CollectionAssert.AreEqual(new[] { open, other }, (await forward.ReadFactsAsync(Wuhan, first.Recorded, Token)).Allocations.ToArray());
        Assert.AreEqual(await forward.ContentHashAsync(Token), await backward.ContentHashAsync(Token));
        var dirty = (await forward.ReadDirtyAsync(Wuhan, Token)).Single();
        Assert.AreEqual((new DeviceId("GPU-1"), new Window(Noon, Instants.Never)), (dirty.Device, dirty.Window));
    }

    [TestMethod]
    public async Task Append_CountsAndMeters_OneOfAKeyWinsWhateverTheOrderAndNothingIsDirty()
    {
        var hour = Noon - (Noon % Micros.PerHour);
        var count = new CountFact(hour, new("城市"), new("ai"), 64 * Micros.PerHour, 58 * Micros.PerHour, null);
        var corrected = count with { Allocated = 57 * Micros.PerHour, Revision = 1 };
        var reading = new MeterFact("main", MeterScope.Facility, new(hour, hour + Micros.PerHour), 7 * MeterFact.PerKilowattHour);
        await using var forward = await OpenAsync(_folder.File("forward.db"));
        await using var backward = await OpenAsync(_folder.File("backward.db"));
        await RecordAsync(forward, FactBatch.Empty with { Counts = [count], Meters = [reading] });
        var again = await RecordAsync(forward, FactBatch.Empty with { Counts = [corrected, count], Meters = [reading] });
        await RecordAsync(backward, FactBatch.Empty with { Counts = [corrected, count], Meters = [reading] });

        var facts = await forward.ReadFactsAsync(Wuhan, Instants.Never, Token);
        Assert.AreEqual(corrected, facts.Counts.Single());
        Assert.AreEqual(reading, facts.Meters.Single());
        Assert.AreEqual((0L, 2L, 1L), (again.New, again.Duplicates, again.Conflicts));
        Assert.AreEqual(await forward.ContentHashAsync(Token), await backward.ContentHashAsync(Token));
        Assert.IsEmpty(await forward.ReadDirtyAsync(Wuhan, Token));
    }
}
