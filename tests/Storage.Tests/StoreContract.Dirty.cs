using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>Dirty time: what must be computed again, no more and no less.</summary>
public abstract partial class StoreContract
{
    [TestMethod]
    public async Task ReadDirty_Samples_AreTheirTimeWithContextAndDoNotGrowWithAStream()
    {
        await using var store = await OpenAsync(_folder.File());
        AppendReceipt? last = null;
        for (var i = 0; i < 20; i++)
        {
            last = await AppendAsync(store, new(0, [new("GPU-1", Noon + (i * 15_000_000L), i)]));
        }

        var context = CardDayAccountant.ContextMicros(null);
        var span = (await store.ReadDirtyAsync(Wuhan, Token)).Where(dirty => dirty.Recorded == last!.Recorded).ToList();

        Assert.HasCount(1, span);
        Assert.AreEqual(new DirtySpan(new DeviceId("GPU-1"), new(Noon - context, Noon + (19 * 15_000_000L) + context), last!.Recorded), span[0]);
        await PackAsync(store);
        Assert.IsLessThanOrEqualTo(2, (await store.ReadDirtyAsync(Wuhan, Token)).Count);
        await AppendAsync(store, new(0, [new("GPU-1", Noon, 0)]));
        Assert.AreEqual(last.Recorded, (await store.ReadDirtyAsync(Wuhan, Token)).Max(dirty => dirty.Recorded), "a duplicate makes nothing dirty");
    }

    [TestMethod]
    public async Task ClearDirty_ForgetsWhatIsBeforeAndKeepsWhatCameSince()
    {
        await using var store = await OpenAsync(_folder.File());
        await AppendAsync(store, new(0, [new("GPU-1", Noon, 1), new("GPU-1", Noon + (5 * Micros.PerDay), 1)]));
        var read = (await store.ReadDirtyAsync(Wuhan, Token)).Max(dirty => dirty.Recorded);
        var late = await AppendAsync(store, new(0, [new("GPU-2", Noon, 1)]));

        await store.ClearDirtyAsync(Wuhan, read, Noon + (5 * Micros.PerDay), Token);

        var rest = await store.ReadDirtyAsync(Wuhan, Token);
        Assert.IsTrue(rest.Where(span => span.Device == new DeviceId("GPU-1")).All(span => span.Window.From >= Noon + (5 * Micros.PerDay)));
        Assert.IsTrue(rest.Any(span => span.Device == new DeviceId("GPU-1")), "what reaches further stays");
        Assert.IsTrue(rest.Any(span => span.Device == new DeviceId("GPU-2") && span.Window.Contains(Noon) && span.Recorded == late.Recorded));
    }

    [TestMethod]
    public async Task ClearDirty_InAStream_LaterSamplesDoNotRenewEarlierOnes()
    {
        await using var store = await OpenAsync(_folder.File());
        await AppendAsync(store, new(0, [new("GPU-1", Noon, 1)]));
        var read = (await store.ReadDirtyAsync(Wuhan, Token)).Max(dirty => dirty.Recorded);
        var later = Noon + (8 * Micros.PerHour);
        await AppendAsync(store, new(0, [new("GPU-1", later, 1)]));

        await store.ClearDirtyAsync(Wuhan, read, Noon + (6 * Micros.PerHour), Token);

        var rest = (await store.ReadDirtyAsync(Wuhan, Token)).Where(span => span.Device == new DeviceId("GPU-1")).ToList();
        Assert.IsTrue(rest.TrueForAll(span => span.Window.From >= later - CardDayAccountant.ContextMicros(null)));
        Assert.IsTrue(rest.Exists(span => span.Window.Contains(later)));
    }

    [TestMethod]
    public async Task ReadDirty_Facts_ReachAsFarAsTheyChange()
    {
        await using var store = await OpenAsync(_folder.File());
        await RecordAsync(store, FactBatch.Empty with { Jobs = [Job("7", Noon, null)] });
        await ClearAllAsync(store);
        await RecordAsync(store, FactBatch.Empty with { Jobs = [Job("7", Noon, Noon + Micros.PerHour)] });
        var job = await store.ReadDirtyAsync(Wuhan, Token);
        await ClearAllAsync(store);
        await RecordAsync(store, FactBatch.Empty with { Jobs = [Job("7", Noon, null)] });
        var loser = await store.ReadDirtyAsync(Wuhan, Token);
        await RecordAsync(store, FactBatch.Empty with { Coverage = [new("jobs", new(Noon, Noon + 10))] });
        var coverage = await store.ReadDirtyAsync(Wuhan, Token);
        await ClearAllAsync(store);
        await RecordAsync(store, FactBatch.Empty with { Inventory = [new(new("GPU-9"), InventoryEvent.Installed, new(Noon, Instants.Never), "h", "0", null, null, null)] });
        var inventory = await store.ReadDirtyAsync(Wuhan, Token);

        Assert.AreEqual((new DeviceId("GPU-1"), new Window(Noon, Instants.Never)), (job.Single().Device!.Value, job.Single().Window), "the replaced open run reached further");
        Assert.IsEmpty(loser, "a loser changes nothing");
        Assert.AreEqual(new Window(Noon, Noon + 10), coverage.Single(span => span.Device is null).Window);
        Assert.IsTrue(inventory.Any(span => span.Device == new DeviceId("GPU-9") && span.Window.Contains(Noon)));
        Assert.IsTrue(inventory.Any(span => span.Device is null && span.Window.Contains(Noon)), "a slot is taken from whoever was there");
    }

    private async Task ClearAllAsync(IStore store)
    {
        await store.ClearDirtyAsync(Wuhan, Instants.Never, Instants.Never, Token);
        Assert.IsEmpty(await store.ReadDirtyAsync(Wuhan, Token));
    }
}
