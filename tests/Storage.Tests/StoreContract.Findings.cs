using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;

namespace Headroom.Storage.Tests;

/// <summary>What samples say of a day beside its card-hours.</summary>
public abstract partial class StoreContract
{
    private static readonly DateOnly March = new(2026, 3, 1);

    [TestMethod]
    public async Task SaveFindings_OfTwoVersions_AreReadAsOfEither()
    {
        await using var store = await OpenAsync(_folder.File());
        var run = new IdleRun(new("GPU-1"), new("ai"), "Ascend 910A", new("城市"), "K-1", AllocationKind.Contract, new(Noon, Noon + Micros.PerHour), IdlePart.Tail, 428_571);
        var first = new DayFindings(March, [run], [], []);
        var second = new DayFindings(
            March,
            [run with { Model = null, Part = IdlePart.StartUp }],
            [new(new("GPU-2"), new("ai"), null, new("t"), "7", 100_000, 900_000, Micros.PerHour)],
            [new(new("GPU-3"), new("ai"), Micros.PerHour, 91_500)]);
        var receipt = await RecordAsync(store, FactBatch.Empty with { Jobs = [Job("1", Noon, null)] });
        await store.SaveFindingsAsync(Wuhan, [first], Token);
        await RecordAsync(store, FactBatch.Empty with { Jobs = [Job("2", Noon, null)] });
        await store.SaveFindingsAsync(Wuhan, [second], Token);

        Assert.AreEqual(second, (await store.ReadFindingsAsync(Wuhan, March, March.AddDays(1), Instants.Never, Token)).Single());
        Assert.AreEqual(first, (await store.ReadFindingsAsync(Wuhan, March, March.AddDays(1), receipt.Recorded, Token)).Single());
        Assert.IsEmpty(await store.ReadFindingsAsync(Wuhan, March, March.AddDays(1), receipt.Recorded - 1, Token));
        Assert.IsEmpty(await store.ReadFindingsAsync(Wuhan, March.AddDays(1), March.AddDays(9), Instants.Never, Token));
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    [TestMethod]
    public async Task Update_AnIdleJob_LeavesItsRunAndALateEndMovesIt()
    {
        await using var store = await OpenAsync(_folder.File());
        var center = CenterDefinition.NewDraft(Wuhan);
        var midnight = center.Clock().Day(March).From;
        await AppendAsync(store, new(0, [.. Enumerable.Range(1, 24 * 60).Select(minute => new Row("GPU-1", midnight + (minute * Micros.PerMinute), 0, Temperature: 90_000))]));
        await RecordAsync(store, FactBatch.Empty with { Jobs = [Job("7", Noon, Noon + (2 * Micros.PerHour))], Coverage = [new(FeedCoverage.Jobs, center.Clock().Day(March))] });
        var keeper = new CardHourKeeper(store, Clock);
        await keeper.UpdateAsync(center, CardCatalog.Empty, null, Token);
        var before = (await store.ReadFindingsAsync(Wuhan, March, March.AddDays(1), Instants.Never, Token)).Single();
        await RecordAsync(store, FactBatch.Empty with { Jobs = [Job("7", Noon, Noon + Micros.PerHour) with { Revision = 1 }] });
        await keeper.UpdateAsync(center, CardCatalog.Empty, null, Token);
        var after = (await store.ReadFindingsAsync(Wuhan, March, March.AddDays(1), Instants.Never, Token)).Single();

        Assert.AreEqual((new Window(Noon, Noon + (2 * Micros.PerHour)), IdlePart.StartUp), (before.Idle.Single().Time, before.Idle[0].Part));
        Assert.AreEqual(new Window(Noon, Noon + Micros.PerHour), after.Idle.Single().Time);
        Assert.AreEqual((24 * Micros.PerHour, 90_000), (after.Hot.Single().Micros, after.Hot[0].PeakMillidegrees));
    }
}
