using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Identity;
using Headroom.Storage;

namespace Headroom.Ingest.Tests.Identity;

[TestClass]
public sealed class CardConflictsTests
{
    private const long Hour = Micros.PerHour;

    [TestMethod]
    [DataRow("00000000:C1:00.0", "0000:C1:00.0@h", DisplayName = "NVIDIA")]
    [DataRow("0000:c1:00.0", "0000:C1:00.0@h", DisplayName = "Linux")]
    [DataRow("0000:C1:00.0", "0000:C1:00.0@h", DisplayName = "Huawei")]
    [DataRow("3", "3@h", DisplayName = "index")]
    public void OnHost_AnyWriting_IsOneName(string local, string expected) => Assert.AreEqual(expected, CardName.OnHost(local, "h"));

    [TestMethod]
    public void Of_CardSwappedAtNoon_IsNoConflict() =>
        Assert.IsEmpty(CardConflicts.Of(Facts([], Seen("old", "h", "0", 0, 12 * Hour), Seen("new", "h", "0", 12 * Hour, 24 * Hour))));

    [TestMethod]
    public void Of_CardThatGoesByItsPlaceBesideItsOwnName_IsOnePlaceTwoNames() =>
        Assert.AreEqual(
            new CardConflict(CardConflictKind.OnePlaceTwoNames, new("GPU-1"), "0@h"),
            CardConflicts.Of(Facts([], Seen("0@h", "h", "0", 0, 24 * Hour), Seen("GPU-1", "h", "0", 6 * Hour, 24 * Hour))).Single());

    [TestMethod]
    public void Of_OneIdInTwoWritings_IsToldOnce() =>
        Assert.AreEqual(
            new CardConflict(CardConflictKind.OneIdTwoWritings, new("185011d4 21104518"), "185011D4-21104518"),
            CardConflicts.Of(Facts([], Seen("185011D4-21104518", "h", null, 0, 1), Seen("185011d4 21104518", "h", null, 2, 3))).Single());

    [TestMethod]
    public void Of_InventoryBesideTelemetry_TellsWhatEachLacks()
    {
        var inventory = new[] { Installed("a", "h1"), Installed("b", "h1"), Installed("c", "h1") };
        CollectionAssert.AreEqual(
            new[]
            {
                new CardConflict(CardConflictKind.Unattributed, new("x"), null),
                new CardConflict(CardConflictKind.OtherHost, new("b"), "h1"),
                new CardConflict(CardConflictKind.NeverSeen, new("c"), null),
            },
            CardConflicts.Of(Facts(inventory, Seen("a", "h1", "0", 0, 1), Seen("b", "h2", "1", 0, 1), Seen("x", "h9", "0", 0, 1))).ToArray());
    }

    [TestMethod]
    [DataRow(0, 10, 5, 15, true, DisplayName = "at once")]
    [DataRow(0, 10, 10, 10, true, DisplayName = "at one instant")]
    [DataRow(0, 10, 11, 20, false, DisplayName = "moved, or its host renamed")]
    public void Of_NameOnTwoHosts_IsToldWhereTheirTimesMeet(int first, int last, int otherFirst, int otherLast, bool isTold) =>
        CollectionAssert.AreEqual(
            isTold ? [new CardConflict(CardConflictKind.TwoHostsAtOnce, new("a"), "h1 h2")] : Array.Empty<CardConflict>(),
            CardConflicts.Of(Facts([], Seen("a", "h1", "0", 0, 30) with { Hosts = [new("h1", first, last), new("h2", otherFirst, otherLast)] })).ToArray());

    [TestMethod]
    public void Of_WhatIsSettled_IsToldNoMoreUntilItIsUndone()
    {
        var facts = Facts(
            [],
            Seen("0@h", "h", "0", 0, 24 * Hour),
            Seen("GPU-1", "h", "0", 6 * Hour, 24 * Hour) with { Hosts = [new("h", 0, 9), new("g", 3, 5)] });
        Assert.HasCount(2, CardConflicts.Of(facts));
        SettlementFact[] settled = [new(new("0@h"), new DeviceId("GPU-1"), Settlement.SameCard, null, 0, null), new(new("GPU-1"), null, Settlement.OnHost, "h", 0, null)];
        Assert.IsEmpty(CardConflicts.Of(facts with { Settlements = [.. settled] }));
        Assert.HasCount(2, CardConflicts.Of(facts with { Settlements = [.. settled.Select(one => one with { Decision = Settlement.Undone })] }));
    }

    private static InventoryFact Installed(string id, string host) => new(new(id), InventoryEvent.Installed, new(0, Instants.Never), host, null, null, null, null);

    private static SightedDevice Seen(string id, string host, string? slot, long first, long last) => new(new DeviceSighting(id, host, slot, null, null), first, last);

    private static CenterFacts Facts(InventoryFact[] inventory, params SightedDevice[] devices) => new([.. inventory], [], [], [.. devices], Simulated: false, new Window(0, 1));
}
