using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>Card-days, documents and what was issued, as of a time.</summary>
public abstract partial class StoreContract
{
    [TestMethod]
    public async Task SaveCardDays_OnlyWhatDiffersIsANewVersion_ReadableAsOf()
    {
        await using var store = await OpenAsync(_folder.File());
        var day = new DateOnly(2026, 3, 1);
        var first = await AppendAsync(store, new(0, [new("GPU-1", Noon, 1)]));
        await store.SaveCardDaysAsync(Wuhan, [CardDayOf("GPU-2", day, 100), CardDayOf("GPU-1", day, 100), CardDayOf("GPU-1", day.AddDays(1), 3)], Token);
        var second = await AppendAsync(store, new(0, [new("GPU-1", Noon + 1, 1)]));
        await store.SaveCardDaysAsync(Wuhan, [CardDayOf("GPU-1", day, 200), CardDayOf("GPU-2", day, 100)], Token);

        var now = await store.ReadCardDaysAsync(Wuhan, day, day.AddDays(1), Instants.Never, Token);
        var then = await store.ReadCardDaysAsync(Wuhan, day, day.AddDays(2), first.Recorded, Token);
        var before = await store.ReadCardDaysAsync(Wuhan, day, day.AddDays(2), first.Recorded - 1, Token);

        CollectionAssert.AreEqual(new[] { CardDayOf("GPU-1", day, 200), CardDayOf("GPU-2", day, 100) }, now.ToArray());
        CollectionAssert.AreEqual(new[] { CardDayOf("GPU-1", day, 100), CardDayOf("GPU-2", day, 100), CardDayOf("GPU-1", day.AddDays(1), 3) }, then.ToArray());
        Assert.IsEmpty(before);
        Assert.IsGreaterThan(first.Recorded, second.Recorded);
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    [TestMethod]
    public async Task Documents_AVersionPerChange_ReadableAsOf()
    {
        await using var store = await OpenAsync(_folder.File());
        Assert.IsTrue(await store.SaveDocumentAsync(DocumentKind.Center, "wuhan", "one", Token));
        Assert.IsFalse(await store.SaveDocumentAsync(DocumentKind.Center, "wuhan", "one", Token));
        var first = await store.FindDocumentAsync(DocumentKind.Center, "wuhan", Instants.Never, Token);
        Assert.IsTrue(await store.SaveDocumentAsync(DocumentKind.Center, "wuhan", "two", Token));
        Assert.IsTrue(await store.SaveDocumentAsync(DocumentKind.Center, "beijing", "b", Token));

        Assert.AreEqual("one", (await store.FindDocumentAsync(DocumentKind.Center, "wuhan", first!.Recorded, Token))!.Content);
        Assert.IsNull(await store.FindDocumentAsync(DocumentKind.Calendar, "wuhan", Instants.Never, Token));
        CollectionAssert.AreEqual(new[] { "b", "two" }, (await store.ListDocumentsAsync(DocumentKind.Center, Instants.Never, Token)).Select(d => d.Content).ToArray());
    }

    [TestMethod]
    public async Task KeepIssued_AKeyTaken_KeepsTheFirst()
    {
        await using var store = await OpenAsync(_folder.File());
        Assert.IsTrue(await store.KeepIssuedAsync(Wuhan, "daily/2026-03-01", "one", Token));
        Assert.IsFalse(await store.KeepIssuedAsync(Wuhan, "daily/2026-03-01", "two", Token));

        Assert.AreEqual("one", await store.FindIssuedAsync(Wuhan, "daily/2026-03-01", Instants.Never, Token));
        Assert.IsNull(await store.FindIssuedAsync(Wuhan, "daily/2026-03-01", Clock.Now - 1, Token));
        Assert.IsNull(await store.FindIssuedAsync(new("beijing"), "daily/2026-03-01", Instants.Never, Token));
    }

    [TestMethod]
    public async Task ListIssued_SomeKeys_AreThoseWithThePrefixInOrder()
    {
        await using var store = await OpenAsync(_folder.File());
        foreach (var key in (string[])["forecast/b", "score/a", "forecast/a", "forecast"])
        {
            await store.KeepIssuedAsync(Wuhan, key, "x", Token);
        }

        CollectionAssert.AreEqual(new[] { "forecast/a", "forecast/b" }, (await store.ListIssuedAsync(Wuhan, "forecast/", Instants.Never, Token)).Select(note => note.Key).ToArray());
        Assert.IsEmpty(await store.ListIssuedAsync(Wuhan, "forecast/", Clock.Now - 1, Token));
        Assert.IsEmpty(await store.ListIssuedAsync(new("beijing"), "forecast/", Instants.Never, Token));
    }

    private static CardDay CardDayOf(string device, DateOnly day, long busy)
    {
        var start = Instants.From(new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        return new(
            new(device),
            day,
            [
                .. Enumerable.Range(0, 24).Select(hour => new CardHour(
                    start + (hour * Micros.PerHour),
                    new("ai"),
                    hour < 12 ? "Ascend 910A" : null,
                    "host-1",
                    new HourCells([0, 0, busy, Micros.PerHour - busy - hour, 0, 0, 0, 0, 0, 0, hour % 2 == 0 ? hour : 0]),
                    0,
                    300_000L * Micros.PerHour,
                    Micros.PerHour - hour,
                    240,
                    hour == 3
                        ? [new(new("a"), busy, 0, 0), new(new("b"), 0, Micros.PerHour - busy - hour, 0)]
                        : [new(new("武汉大学"), busy, Micros.PerHour - busy - hour, 0)])),
            ]);
    }
}
