using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Durability;

/// <summary>What retention takes, what it leaves, and what becomes of facts that come after it.</summary>
[TestClass]
public sealed class RetentionTests
{
    private const int Day = 24 * 60;
    private const int Days = 20;

    // Ten days after the last sample; raw is kept for 15 days: days 1 to 14 go.
    private readonly SetClock _clock = new(Told.Start + ((Days + 10) * Micros.PerDay));
    private readonly Retention _retention = new(15, 12, null, null);

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Compact_PastRetention_RemovesRawAndStepsKeepsHoursAndShrinksTheFile()
    {
        using var folder = new StoreFolder();
        await using var store = await FillAsync(folder.File());
        var before = await AllAsync(store);
        var (hours, days) = (await RollUpsAsync(store, RollUpGrain.Hour), await RollUpsAsync(store, RollUpGrain.Day));

        var done = await store.CompactAsync(Told.Center.Id, Cut(), Token);

        Assert.AreEqual((14, 14L * Day * 3), (done.RawDays, done.RawRows), "UTC days that end before the accounting of the first kept day looks back");
        Assert.AreEqual(18, done.FiveMinuteDays);
        Assert.IsLessThan(done.BytesBefore * 6 / 10, done.BytesAfter);
        Assert.AreEqual(new FileInfo(folder.File()).Length, done.BytesAfter, "nothing is left in the log");
        CollectionAssert.AreEqual(before, await AllAsync(store));
        Assert.AreEqual(hours, await RollUpsAsync(store, RollUpGrain.Hour));
        Assert.AreEqual(days, await RollUpsAsync(store, RollUpGrain.Day));
        Assert.AreEqual(Told.Start + (14 * Micros.PerDay), (await store.ReadSamplesAsync(Told.Center.Id, new("GPU-1"), Window.Always, Token)).Instants[0]);
        Assert.IsEmpty(await store.VerifyAsync(Token));
        var audit = await new RawAudit(store, _clock).RunAsync([new(Told.Center, Told.Catalog)], Token);
        Assert.IsEmpty(audit.Faults);
        Assert.IsGreaterThan(0, audit.Compared);
        Assert.AreEqual(0, (await store.CompactAsync(Told.Center.Id, Cut(), Token)).RawDays, "a second time finds nothing");
        TestContext.WriteLine($"{done.BytesBefore} -> {done.BytesAfter} bytes");
    }

    [TestMethod]
    public async Task LateFacts_PastRetention_AreKeptAndTheirHoursMarkedNotRecomputed()
    {
        using var folder = new StoreFolder();
        await using var store = await FillAsync(folder.File());
        await store.CompactAsync(Told.Center.Id, Cut(), Token);
        var before = await AllAsync(store);
        var asOf = _clock.Now;
        _clock.Now += Micros.PerHour;

        var late = Told.Start + (3 * Micros.PerDay) + (5 * Micros.PerHour);
        await store.AppendAsync(Told.Center.Id, FactBatch.Empty with { Jobs = [Job(late, late + Micros.PerHour)] }, Told.Source, Token);
        await store.AppendAsync(Told.Center.Id, Told.Minutes(6 * Day, (6 * Day) + 10, cards: 1, add: 50), Told.Source, Token);
        await new CardHourKeeper(store, _clock).UpdateAsync(Told.Center, Told.Catalog, null, Token);

        CollectionAssert.AreEqual(before, await AllAsync(store), "hours stay as they were");
        Assert.HasCount(1, (await store.ReadFactsAsync(Told.Center.Id, Instants.Never, Token)).Jobs, "the fact is kept");
        Assert.AreEqual(10, (await store.ReadSamplesAsync(Told.Center.Id, new("GPU-1"), new(Told.Start, Told.Start + (7 * Micros.PerDay)), Token)).Count, "so are samples");
        var marks = (await store.ReadLapsesAsync(Told.Center.Id, Instants.Never, Token)).NotRecomputed;
        Assert.IsTrue(marks.Any(mark => mark.Device == new DeviceId("GPU-2") && mark.Window.Contains(late)));
        Assert.IsTrue(marks.Any(mark => mark.Device == new DeviceId("GPU-1") && mark.Window.Contains(Told.Start + (6 * Micros.PerDay))));
        Assert.IsFalse(marks.Any(mark => mark.Device == new DeviceId("GPU-3")));
        Assert.IsEmpty((await store.ReadLapsesAsync(Told.Center.Id, asOf, Token)).NotRecomputed, "as of before, nothing was late");
        Assert.AreEqual(0, await new CardHourKeeper(store, _clock).UpdateAsync(Told.Center, Told.Catalog, null, Token), "nothing stays dirty");
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    [TestMethod]
    public async Task LateFacts_WhereRawIsStillThere_AreComputedAsEver()
    {
        using var folder = new StoreFolder();
        await using var store = await FillAsync(folder.File());
        await store.CompactAsync(Told.Center.Id, Cut(), Token);
        var at = Told.Start + (17 * Micros.PerDay);
        await store.AppendAsync(Told.Center.Id, FactBatch.Empty with { Jobs = [Job(at, at + Micros.PerHour)], Coverage = [new(FeedCoverage.Jobs, new(at, at + Micros.PerDay))] }, Told.Source, Token);
        await new CardHourKeeper(store, _clock).UpdateAsync(Told.Center, Told.Catalog, null, Token);

        var days = await store.ReadCardDaysAsync(Told.Center.Id, Told.FirstDay.AddDays(17), Told.FirstDay.AddDays(18), Instants.Never, Token);

        Assert.AreEqual(Micros.PerHour, days.Single(day => day.Device.Value == "GPU-2").Hours.Sum(hour => hour.Cells.Allocated));
        Assert.IsEmpty((await store.ReadLapsesAsync(Told.Center.Id, Instants.Never, Token)).NotRecomputed);
    }

    [TestMethod]
    public async Task OldTelemetry_OfDaysThatRetentionNeverTook_IsComputed()
    {
        using var folder = new StoreFolder();
        await using var store = await Told.OpenAsync(folder.File(), _clock);
        await store.CompactAsync(Told.Center.Id, Cut(), Token);
        await store.AppendAsync(Told.Center.Id, Told.Minutes(0, 2 * Day), Told.Source, Token);

        Assert.IsGreaterThan(0, await new CardHourKeeper(store, _clock).UpdateAsync(Told.Center, Told.Catalog, null, Token));
        Assert.IsGreaterThan(0, (await AllAsync(store)).Sum(day => day.Hours.Sum(hour => hour.Cells.Busy)));
    }

    [TestMethod]
    public async Task Compact_HourlyAndDailyCut_LeaveTheRest()
    {
        using var folder = new StoreFolder();
        await using var store = await FillAsync(folder.File());

        var done = await store.CompactAsync(Told.Center.Id, RetentionCut.Of(new(12, 12, 15, 14), Told.Center, _clock.Now), Token);

        var left = await AllAsync(store);
        Assert.AreEqual((15, 16), (done.HourlyDays, done.DailyDays));
        Assert.AreEqual(Told.FirstDay.AddDays(15), left[0].Day);
        var read = await new CardHourKeeper(store, _clock).ReadAsync(Told.Center, Told.Catalog, Told.FirstDay, Told.FirstDay.AddDays(Days), Instants.Never, Token);
        CollectionAssert.AreEqual(left, read.ToList(), "nothing is made up of hours that are gone");
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    [TestMethod]
    public async Task Compact_DaysThatAreDirty_KeepTheirSamples()
    {
        using var folder = new StoreFolder();
        await using var store = await Told.OpenAsync(folder.File(), _clock);
        await store.AppendAsync(Told.Center.Id, Told.Minutes(0, 2 * Day), Told.Source, Token);

        Assert.AreEqual(0, (await store.CompactAsync(Told.Center.Id, Cut(), Token)).RawDays);
    }

    [TestMethod]
    public async Task Compact_ManySmallBlocks_JoinsThemAndReadsTheSame()
    {
        using var folder = new StoreFolder();
        await using var store = await Told.OpenAsync(folder.File(), _clock);
        for (var piece = 0; piece < 24; piece++)
        {
            await store.AppendAsync(Told.Center.Id, Told.Minutes(piece * 60, (piece + 1) * 60), Told.Source, Token);
            await store.SealAsync(Told.Center.Id, Token);
        }

        var hash = await store.ContentHashAsync(Token);
        var done = await store.CompactAsync(Told.Center.Id, RetentionCut.Nothing, Token);

        Assert.IsGreaterThan(0, done.BlocksJoined);
        Assert.AreEqual(hash, await store.ContentHashAsync(Token));
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    [TestMethod]
    public void RetentionCut_OfAZone_CutsAtLocalDays()
    {
        var center = Told.Center with { Zone = "Asia/Shanghai", PeriodMicros = 15 * Micros.PerSecond };
        var cut = RetentionCut.Of(Retention.Default, center, Instants.From(new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(8))));

        Assert.AreEqual(Instants.From(new(2026, 4, 27, 0, 0, 0, TimeSpan.FromHours(8))) - CardDayAccountant.ContextMicros(15 * Micros.PerSecond), cut.RawBefore);
        Assert.AreEqual(new DateOnly(2025, 4, 27), cut.FiveMinutesBefore);
        Assert.IsNull(cut.HourlyBefore);
        Assert.IsNull(cut.DailyBefore);
    }

    private RetentionCut Cut() => RetentionCut.Of(_retention, Told.Center, _clock.Now);

    private async Task<SqliteStore> FillAsync(string path)
    {
        var store = await Told.OpenAsync(path, _clock);
        await store.AppendAsync(Told.Center.Id, Told.Minutes(0, Days * Day), Told.Source, Token);
        await store.SealAsync(Told.Center.Id, Token);
        await new CardHourKeeper(store, _clock).UpdateAsync(Told.Center, Told.Catalog, null, Token);
        return store;
    }

    private async Task<List<CardDay>> AllAsync(SqliteStore store) =>
        [.. await store.ReadCardDaysAsync(Told.Center.Id, Told.FirstDay, Told.FirstDay.AddDays(Days), Instants.Never, Token)];

    private async Task<string> RollUpsAsync(SqliteStore store, RollUpGrain grain)
    {
        var days = await store.ReadRollUpsAsync(Told.Center.Id, RollUpScope.Pool, grain, Told.FirstDay, Told.FirstDay.AddDays(Days), Instants.Never, Token);
        return string.Join('\n', days.SelectMany(day => day.RollUps).Select(sum => $"{sum.Key} {sum.Start} {sum.CardHours} {sum.Cells.Busy} {sum.EnergyNanojoules}"));
    }

    private static JobFact Job(long start, long end) => new(
        "slurm", "1", new("lab"), start, null, start, end, 1, JobState.Completed, null, null, [new("GPU-2")], null, Preemptible: false, null, null);
}
