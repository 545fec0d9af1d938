using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>What every storage engine does. One derived class per engine.</summary>
#pragma warning disable CA1001 // the folder goes in RemoveFolder, after each test
public abstract class StoreContract
#pragma warning restore CA1001
{
    private protected static readonly CenterId Wuhan = new("wuhan");
    private protected static readonly SourceNote File1 = new("usage-1.csv", "csv", Simulated: false, Rejects: null);
    private protected static readonly long Noon = Instants.From(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private static readonly Window Ever = new(long.MinValue, Instants.Never);

    private StoreFolder _folder = null!;

    public TestContext TestContext { get; set; } = null!;

    private protected StandingClock Clock { get; } = new(Instants.From(new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)));

    private protected StoreFolder Folder => _folder;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestInitialize]
    public void MakeFolder() => _folder = new();

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    /// <summary>Opens the store in a file, creating it where there is none.</summary>
    private protected abstract Task<IStore> OpenAsync(string path, bool readOnly = false);

    /// <summary>Packs what is open, in whatever way the engine does.</summary>
    private protected abstract Task PackAsync(IStore store);

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
    public async Task ReadReceived_CountsAreExactAndRejectsAreKeptUpToAHundred()
    {
        await using var store = await OpenAsync(_folder.File());
        for (var i = 0; i < 3; i++)
        {
            await AppendAsync(store, new(0, [new("GPU-1", Noon + i, 1), new("GPU-2", Noon + i, 1)]));
        }

        var rejects = new RejectCounts();
        rejects.Accept();
        for (var i = 0; i < 250; i++)
        {
            rejects.Reject(new($"usage-2.csv:{i}", "GPU-1", Noon, "utilization", $"{i} %", RejectReason.OutOfRange));
        }

        rejects.Reject(new("usage-2.csv:900", null, null, null, "?", RejectReason.NoDevice));
        for (var i = 0; i < 2; i++)
        {
            await store.AppendAsync(Wuhan, new Sent(0, [new("GPU-1", Noon, 1)]).ToBatch(), new("usage-2.csv", "csv", Simulated: false, rejects), Token);
        }

        var notes = await store.ReadReceivedAsync(Wuhan, Instants.Never, Token);
        var rows = await store.ReadRejectedAsync(Wuhan, Instants.Never, 1_000, Token);

        Assert.AreEqual((6L, 6L), (notes.Where(n => n.Source == File1.Source).Sum(n => n.Received), notes.Where(n => n.Source == File1.Source).Sum(n => n.Accepted)));
        var second = notes.Where(n => n.Source == "usage-2.csv").ToList();
        Assert.AreEqual((504L, 2L, 2L), (second.Sum(n => n.Received), second.Sum(n => n.Accepted), second.Sum(n => n.Duplicates)));
        Assert.AreEqual(500, second.SelectMany(n => n.Rejected).Where(pair => pair.Reason == RejectReason.OutOfRange).Sum(pair => pair.Count));
        Assert.HasCount(102, rows);
        Assert.AreEqual(new RejectedRow("usage-2.csv:900", null, null, null, "?", RejectReason.NoDevice), rows[0]);
        Assert.HasCount(1, await store.ReadRejectedAsync(Wuhan, Instants.Never, 1, Token));
    }

    [TestMethod]
    public async Task ReadReceived_AsOfAnEarlierTime_CountsAndShowsWhatHadComeByThen()
    {
        await using var store = await OpenAsync(_folder.File());
        var earlier = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var plain = await store.AppendAsync(Wuhan, new Sent(0, [new("GPU-1", Noon + i, 1), new("GPU-2", Noon + i, 1)]).ToBatch(), File1, Token);
            var rejects = new RejectCounts();
            for (var row = 0; row < 70; row++)
            {
                rejects.Reject(new($"usage-2.csv:{i}.{row}", "GPU-1", Noon, "utilization", "150", RejectReason.OutOfRange));
            }

            var rejected = await store.AppendAsync(Wuhan, new SampleBatch(), new("usage-2.csv", "csv", Simulated: false, rejects), Token);
            Assert.IsGreaterThan(plain.Recorded, rejected.Recorded);
            earlier.Add(plain.Recorded);
            Clock.Now += 15_000_123 * (i + 1);
        }

        for (var i = 0; i < 5; i++)
        {
            var notes = await store.ReadReceivedAsync(Wuhan, earlier[i], Token);
            var examples = await store.ReadRejectedAsync(Wuhan, earlier[i], 1_000, Token);

            Assert.AreEqual((2L * (i + 1), 2L * (i + 1)), (notes.Where(n => n.Source == File1.Source).Sum(n => n.Received), notes.Where(n => n.Source == File1.Source).Sum(n => n.Accepted)));
            Assert.AreEqual(earlier[i], notes.Where(n => n.Source == File1.Source).Max(n => n.Recorded));
            Assert.AreEqual(70L * i, notes.Where(n => n.Source == "usage-2.csv").Sum(n => n.Received));
            Assert.HasCount(Math.Min(100, 70 * i), examples);
            Assert.IsTrue(examples.Count == 0 || examples[^1].Place == "usage-2.csv:0.0", "the first is never pruned");
        }

        Clock.Now += Micros.PerDay;
        var nextDay = new RejectCounts();
        for (var row = 0; row < 70; row++)
        {
            nextDay.Reject(new($"usage-2.csv:next.{row}", "GPU-1", Noon, "utilization", "150", RejectReason.OutOfRange));
        }

        await store.AppendAsync(Wuhan, new SampleBatch(), new("usage-2.csv", "csv", Simulated: false, nextDay), Token);
        Assert.AreEqual(10, (await store.ReadRejectedAsync(Wuhan, Instants.Never, 1_000, Token)).Count(row => row.Place.Contains("next", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Read_ACenterNeverSeen_IsEmpty()
    {
        await using var store = await OpenAsync(_folder.File());

        Assert.AreEqual(0, (await store.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count);
        Assert.IsEmpty((await store.ReadFactsAsync(Wuhan, Instants.Never, Token)).Devices);
        Assert.IsEmpty(await store.ReadDirtyAsync(Wuhan, Token));
        Assert.IsEmpty(await store.ReadCardDaysAsync(Wuhan, new(2026, 1, 1), new(2027, 1, 1), Instants.Never, Token));
    }

    [TestMethod]
    public async Task Open_ASecondWriter_IsToldThatTheDatabaseIsLocked()
    {
        await using var first = await OpenAsync(_folder.File());

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(_folder.File()));
        await using var reader = await OpenAsync(_folder.File(), readOnly: true);

        Assert.AreEqual(MessageCode.DatabaseLocked, failure.Messages[0].Code);
        Assert.AreEqual(0, (await reader.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count);
    }

    [TestMethod]
    public async Task Open_ToReadWhatIsNotThere_SaysSo()
    {
        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(_folder.File(), readOnly: true));

        Assert.AreEqual(MessageCode.FileMissing, failure.Messages[0].Code);
    }

    [TestMethod]
    public async Task Open_InAFolderThatIsNone_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.File("note.txt"), "x", Token);

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(Path.Combine(_folder.File("note.txt"), "headroom.db")));

        Assert.AreEqual(MessageCode.FolderUnwritable, failure.Messages[0].Code);
    }

    [TestMethod]
    public async Task Open_AFileOfSomeoneElse_IsRefusedAndLeftAlone()
    {
        var text = string.Concat(Enumerable.Repeat("this is a letter, not a database\n", 100));
        await File.WriteAllTextAsync(_folder.File(), text, Token);

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(_folder.File()));

        Assert.AreEqual(MessageCode.DatabaseNotOurs, failure.Messages[0].Code);
        Assert.AreEqual(text, await File.ReadAllTextAsync(_folder.File(), Token));
    }

    [TestMethod]
    public async Task Read_WhileOthersAppend_SeesWholeBatches()
    {
        await using var store = await OpenAsync(_folder.File());
        await using var reader = await OpenAsync(_folder.File(), readOnly: true);
        var writing = Task.Run(
            async () =>
            {
                for (var batch = 0; batch < 60; batch++)
                {
                    await AppendAsync(store, new(0, [.. Enumerable.Range(0, 10).Select(i => new Row("GPU-1", Noon + (((batch * 10) + i) * 1_000L), i))]));
                    if (batch % 20 == 19)
                    {
                        await PackAsync(store);
                    }
                }
            },
            Token);
        while (!writing.IsCompleted)
        {
            foreach (var source in (IStore[])[store, reader])
            {
                var count = (await source.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count;
                Assert.AreEqual(0, count % 10);
            }

            await Task.Yield();
        }

        await writing;
        Assert.AreEqual(600, (await reader.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count);
    }

    private protected Task<AppendReceipt> AppendAsync(IStore store, Sent sent) => store.AppendAsync(Wuhan, sent.ToBatch(), File1, Token);

    private protected Task<AppendReceipt> RecordAsync(IStore store, FactBatch facts) => store.AppendAsync(Wuhan, facts, File1, Token);

    private protected static Oracle Told(params Sent[] sent)
    {
        var oracle = new Oracle();
        foreach (var batch in sent)
        {
            oracle.Append(batch);
        }

        return oracle;
    }

    private protected async Task AssertSamplesAsync(IStore store, Oracle oracle)
    {
        foreach (var device in oracle.Devices)
        {
            var (expected, actual) = (oracle.Samples(device, Ever), await store.ReadSamplesAsync(Wuhan, new(device), Ever, Token));
            CollectionAssert.AreEqual(expected.Instants, actual.Instants);
            CollectionAssert.AreEqual(expected.UsePpm, actual.UsePpm);
            CollectionAssert.AreEqual(expected.MemoryKib, actual.MemoryKib);
            CollectionAssert.AreEqual(expected.PowerMilliwatts, actual.PowerMilliwatts);
            CollectionAssert.AreEqual(expected.TemperatureMillidegrees, actual.TemperatureMillidegrees);
        }
    }

    private protected static JobFact Job(string id, long? started, long? ended, string device = "GPU-1") => new(
        "slurm",
        id,
        new("武汉大学"),
        Noon - Micros.PerHour,
        null,
        started,
        ended,
        1,
        ended is not null ? JobState.Completed : started is not null ? JobState.Running : JobState.Pending,
        new PoolId("ai"),
        null,
        [new(device)],
        null,
        Preemptible: false,
        null,
        null);

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

    private async Task ClearAllAsync(IStore store)
    {
        await store.ClearDirtyAsync(Wuhan, Instants.Never, Instants.Never, Token);
        Assert.IsEmpty(await store.ReadDirtyAsync(Wuhan, Token));
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
