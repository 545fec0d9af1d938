using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using static Headroom.Domain.Tests.Accounting.Build;

namespace Headroom.Domain.Tests.Accounting;

[TestClass]
public sealed class DeviceHistoriesTests
{
    private static readonly PoolId Ai = new("ai");

    private static InventoryFact Fact(string device, InventoryEvent what, double from, double? until = null, string? slot = "0", string? host = "host", PoolId? pool = null) =>
        new(new(device), what, new(At(from), until is { } end ? At(end) : Instants.Never), host, slot, null, pool, null);

    private static ImmutableArray<DeviceHistory> Fold(params InventoryFact[] facts) => DeviceHistories.Fold(facts, [], [], [], Ai);

    [TestMethod]
    public void Fold_CardSwappedAtNoonInTheSameSlot_IsOneCardDay()
    {
        var histories = Fold(Fact("old", InventoryEvent.Installed, 0), Fact("new", InventoryEvent.Installed, 12));

        var installed = histories.Sum(history => CardDayAccountant.Account(history, DeviceSamples.None, Rules, Utc, Build.Day, Instants.Never).Hours.Sum(hour => hour.Cells.Installed));
        Assert.AreEqual(24 * Micros.PerHour, installed, "F11");
    }

    [TestMethod]
    public void Fold_Retired_EndsThePlacement()
    {
        var history = Fold(Fact("card", InventoryEvent.Installed, 0), Fact("card", InventoryEvent.Retired, 6)).Single();

        Assert.AreEqual(Hours(0, 6), history.Placements.Single().Valid);
    }

    [TestMethod]
    public void Fold_Moved_KeepsWhatTheMoveDoesNotSay()
    {
        var history = Fold(
            Fact("card", InventoryEvent.Installed, 0, pool: new("train")),
            Fact("card", InventoryEvent.Moved, 6, host: "other", slot: "3")).Single();

        Assert.HasCount(2, history.Placements);
        Assert.AreEqual(("other", "3", "train"), (history.Placements[1].Host, history.Placements[1].Slot, history.Placements[1].Pool.Value));
    }

    [TestMethod]
    public void Fold_RepairAndDownOverlap_AreOneSpanOfDown()
    {
        var history = Fold(
            Fact("card", InventoryEvent.Installed, 0),
            Fact("card", InventoryEvent.Down, 2, 4),
            Fact("card", InventoryEvent.Repair, 3, 7)).Single();

        Assert.AreEqual(Hours(2, 7), history.Down.Single());
        Assert.AreEqual(Hours(0, 24).From, history.Placements.Single().Valid.From, "a card in repair stays installed");
    }

    [TestMethod]
    public void Fold_RunningJob_HoldsItsCardsAsLongAsTheFeedIsKnown()
    {
        var job = new JobFact("c", "1", new("t"), At(1), null, At(1), null, 1, JobState.Running, null, null, [new("card")], null, false, null, null);

        var history = DeviceHistories.Fold([Fact("card", InventoryEvent.Installed, 0)], [job], [new(FeedCoverage.Jobs, Hours(0, 9))], [], Ai).Single();

        Assert.AreEqual(Hours(1, 9), history.Holdings.Single().Valid);
    }

    [TestMethod]
    public void Fold_DeviceOnlyTelemetryKnows_IsAssumedFromItsFirstSample()
    {
        var history = DeviceHistories.Fold([], [], [], [new(new("card"), At(5), "h", null, null, Ai)], Ai).Single();

        Assert.AreEqual(new Window(At(5), Instants.Never), history.Placements.Single().Valid);
    }
}
