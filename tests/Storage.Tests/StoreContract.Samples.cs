using FsCheck.Fluent;
using FsCheck;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>Samples: the winning view, whatever the order of arrival.</summary>
public abstract partial class StoreContract
{
    [TestMethod]
    public async Task Append_SamplesReadBack_AreTheSameOldestFirst()
    {
        await using var store = await OpenAsync(_folder.File());
        Row[] rows =
        [
            new("GPU-1", Noon + 30_000_000, 500_000, 1_024, 250_123, 61_000),
            new("GPU-1", Noon, 0),
            new("GPU-2", Noon, null, null, null, -5_000),
            new("GPU-1", Noon + 15_000_000, null),
        ];

        var receipt = await AppendAsync(store, new(0, rows));

        Assert.AreEqual((4L, 0L, 0L), (receipt.New, receipt.Duplicates, receipt.Conflicts));
        await AssertSamplesAsync(store, Told(new Sent(0, rows)));
        var window = await store.ReadSamplesAsync(Wuhan, new("GPU-1"), new(Noon, Noon + 15_000_000), Token);
        CollectionAssert.AreEqual(new[] { Noon }, window.Instants);
    }

    [TestMethod]
    public async Task Append_TheSameTwice_AreDuplicatesAndChangeNothing()
    {
        await using var store = await OpenAsync(_folder.File());
        var sent = new Sent(0, [.. Enumerable.Range(0, 50).Select(i => new Row("GPU-1", Noon + (i * 15_000_000L), i * 10_000, Power: 300_000))]);
        await AppendAsync(store, sent);
        var hash = await store.ContentHashAsync(Token);

        var open = await AppendAsync(store, sent);
        await PackAsync(store);
        var packed = await AppendAsync(store, sent);

        Assert.AreEqual((0L, 50L, 0L), (open.New, open.Duplicates, open.Conflicts));
        Assert.AreEqual((0L, 50L, 0L), (packed.New, packed.Duplicates, packed.Conflicts));
        Assert.IsGreaterThan(open.Recorded, packed.Recorded);
        Assert.AreEqual(hash, await store.ContentHashAsync(Token));
    }

    [TestMethod]
    public async Task Append_AnotherValueAtOneKey_IsAConflictThatTheLargerWins()
    {
        await using var store = await OpenAsync(_folder.File());
        await AppendAsync(store, new(0, [new("GPU-1", Noon, 500_000)]));

        var smaller = await AppendAsync(store, new(0, [new("GPU-1", Noon, 400_000)]));
        var larger = await AppendAsync(store, new(0, [new("GPU-1", Noon, 600_000)]));
        var revised = await AppendAsync(store, new(1, [new("GPU-1", Noon, 100_000)]));
        var missing = await AppendAsync(store, new(2, [new("GPU-1", Noon, null)]));
        var filled = await AppendAsync(store, new(0, [new("GPU-1", Noon, null, Power: 1_000)]));

        Assert.AreEqual((1L, 1L, 1L), (smaller.Conflicts, larger.Conflicts, revised.Conflicts));
        Assert.AreEqual(1, missing.Duplicates);
        Assert.AreEqual(1, filled.New);
        await AssertSamplesAsync(store, Told(new Sent(1, [new("GPU-1", Noon, 100_000, Power: 1_000)])));
    }

    [TestMethod]
    [DataRow(false, false, DisplayName = "as it was staged")]
    [DataRow(true, false, DisplayName = "packed between the parts")]
    [DataRow(false, true, DisplayName = "opened again between the parts")]
    public async Task Append_PartsOfTheLatestRow_AreCountedAndSettledAlike(bool isPacked, bool isReopened)
    {
        var store = await OpenAsync(_folder.File());
        (Sent Part, (long New, long Duplicates, long Conflicts) Counts)[] parts =
        [
            (new(0, [new("GPU-1", Noon, 500_000), new("GPU-2", Noon, 1)]), (2, 0, 0)),
            (new(0, [new("GPU-1", Noon, null, Memory: 7)]), (1, 0, 0)),
            (new(0, [new("GPU-1", Noon, 500_000, Memory: 7)]), (0, 1, 0)),
            (new(0, [new("GPU-1", Noon, 400_000, Power: 9)]), (0, 0, 1)),
            (new(0, [new("GPU-1", Noon, 600_000)]), (0, 0, 1)),
            (new(2, [new("GPU-1", Noon, 100_000)]), (0, 0, 1)),
            (new(0, [new("GPU-1", Noon, 900_000)]), (0, 0, 1)),
            (new(0, [new("GPU-1", Noon - 1, 3), new("GPU-1", Noon, null, Temperature: 5)]), (2, 0, 0)),
            (new(0, [new("GPU-1", Noon, null)]), (0, 1, 0)),
        ];
        foreach (var (part, counts) in parts)
        {
            var receipt = await AppendAsync(store, part);
            Assert.AreEqual(counts, (receipt.New, receipt.Duplicates, receipt.Conflicts), $"{part.Rows[^1]} at revision {part.Revision}");
            if (isPacked)
            {
                await PackAsync(store);
            }

            if (isReopened)
            {
                await store.DisposeAsync();
                store = await OpenAsync(_folder.File());
            }
        }

        await AssertSamplesAsync(store, Told([.. parts.Select(part => part.Part)]));
        await store.DisposeAsync();
    }

    [TestMethod]
    public void Append_AnyOrderSplitAndRepetition_LeavesWhatTheOracleSaysAndOneHash() =>
        Prop.ForAll(SentGen.Many.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (sent, seed) =>
        {
            CheckAsync(sent, new Random(seed)).GetAwaiter().GetResult();
            return true;
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public async Task Append_RecordedTimes_RiseWhileTheClockStandsOrGoesBack()
    {
        await using var store = await OpenAsync(_folder.File());
        var first = await AppendAsync(store, new(0, [new("GPU-1", Noon, 1)]));
        Clock.Now -= Micros.PerHour;
        var second = await AppendAsync(store, new(0, [new("GPU-1", Noon + 1, 1)]));

        Assert.AreEqual(first.Recorded + 1, second.Recorded);
    }

    [TestMethod]
    public async Task Open_AStoreWrittenBefore_HasEverything()
    {
        var sent = new Sent(0, [.. Enumerable.Range(0, 500).Select(i => new Row($"GPU-{i % 7}", Noon + (i * 1_000_000L), i * 10))]);
        await using (var store = await OpenAsync(_folder.File()))
        {
            await AppendAsync(store, sent);
            await PackAsync(store);
            await AppendAsync(store, new(0, [new("GPU-0", Noon - 1, 7)]));
        }

        await using var again = await OpenAsync(_folder.File(), readOnly: true);

        await AssertSamplesAsync(again, Told(sent, new Sent(0, [new("GPU-0", Noon - 1, 7)])));
    }

    private async Task CheckAsync(Sent[] sent, Random random)
    {
        using var folder = new StoreFolder();
        await using var straight = await OpenAsync(folder.File("straight.db"));
        await using var shuffled = await OpenAsync(folder.File("shuffled.db"));
        foreach (var batch in sent)
        {
            var receipt = await AppendAsync(straight, batch);
            Assert.AreEqual(batch.Rows.Length, receipt.New + receipt.Duplicates + receipt.Conflicts);
        }

        var pieces = sent.SelectMany(batch => batch.Rows.Chunk(random.Next(1, 8)).Select(rows => new Sent(batch.Revision, rows))).ToList();
        pieces.AddRange(pieces.Where(_ => random.Next(3) == 0).ToList());
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pieces));
        foreach (var piece in pieces)
        {
            await AppendAsync(shuffled, piece);
            if (random.Next(4) == 0)
            {
                await PackAsync(shuffled);
            }
        }

        var oracle = Told(sent);
        await AssertSamplesAsync(straight, oracle);
        await AssertSamplesAsync(shuffled, oracle);
        Assert.AreEqual(await straight.ContentHashAsync(Token), await shuffled.ContentHashAsync(Token));
        Assert.IsEmpty(await shuffled.VerifyAsync(Token));
    }
}
