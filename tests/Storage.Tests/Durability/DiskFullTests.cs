using System.Diagnostics;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Durability;

/// <summary>No room left, in each phase: one clear message, nothing acknowledged is lost, and it goes on when there is room again.</summary>
[TestClass]
public sealed class DiskFullTests
{
    /// <summary>Minutes from batch to batch.</summary>
    private const int Step = 60;

    // The content hash after the batch acknowledged last.
    private string _acknowledged = "";

    private readonly SetClock _clock = new(Told.Start + (200 * Micros.PerDay));

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    [DataRow("append", DisplayName = "append")]
    [DataRow("seal", DisplayName = "seal")]
    [DataRow("hours", DisplayName = "card-hours and roll-ups")]
    public async Task Quota_Reached_IsAMessageAndNothingIsLost(string phase)
    {
        using var folder = new StoreFolder();
        await using var store = await Told.OpenAsync(folder.File(), _clock);
        var acknowledged = await FillAsync(store, 12);
        await store.LimitPagesAsync(1, Token);

        // A quota below the size of the file means: no page more than now. What is free already may still be used, so it takes a few.
        var failure = await FailsAsync(async () =>
        {
            for (var again = 0; ; again++)
            {
                await DoAsync(store, phase, folder, acknowledged + again);
            }
        });

        Assert.AreEqual(MessageCode.DiskFull, failure.Messages[0].Code);
        Assert.AreEqual(_acknowledged, await store.ContentHashAsync(Token), "nothing acknowledged is lost, nothing else is there");
        Assert.IsEmpty(await store.VerifyAsync(Token));
        await store.LimitPagesAsync(1 << 20, Token);
        await DoAsync(store, phase, folder, 500);
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    [TestMethod]
    [DataRow("append", DisplayName = "append")]
    [DataRow("seal", DisplayName = "seal")]
    [DataRow("hours", DisplayName = "card-hours and roll-ups")]
    [DataRow("compact", DisplayName = "compaction")]
    [DataRow("backup", DisplayName = "backup")]
    [DataRow("migrate", DisplayName = "migration")]
    public async Task SmallDisk_Full_IsAMessageAndNothingIsLost(string phase)
    {
        using var folder = new StoreFolder();
        using var disk = SmallDisk.Mount(folder.File("disk"), "2m");
        var path = Path.Combine(disk.Path, "headroom.db");
        if (phase == "migrate")
        {
            MigrationTests.Unpack(1, path);
            disk.Fill(leave: 100_000);
            var refused = await FailsAsync(() => Told.OpenAsync(path, _clock));
            Assert.AreEqual(MessageCode.DiskFull, refused.Messages[0].Code);
            disk.Free();
            await using var migrated = await Told.OpenAsync(path, _clock);
            Assert.AreEqual(576, (await migrated.ReadSamplesAsync(new("golden"), new("GPU-1"), Window.Always, Token)).Count);
            Assert.IsEmpty(await migrated.VerifyAsync(Token));
            return;
        }

        await using (var store = await Told.OpenAsync(path, _clock))
        {
            var acknowledged = await FillAsync(store, 12);
            disk.Fill(leave: 9_000);
            var failure = await FailsAsync(async () =>
            {
                for (var again = 0; again < 100_000; again++)
                {
                    await DoAsync(store, phase, folder, acknowledged + again, Path.Combine(disk.Path, "b.db"));
                }
            });

            Assert.AreEqual(MessageCode.DiskFull, failure.Messages[0].Code, failure.Message);
            Assert.AreEqual(_acknowledged, await store.ContentHashAsync(Token), "while it is full, all acknowledged is read");
            disk.Free();
            await DoAsync(store, phase, folder, 500, Path.Combine(disk.Path, "b.db"));
        }

        await using var again = await Told.OpenAsync(path, _clock);
        Assert.AreEqual(_acknowledged, await again.ContentHashAsync(Token));
        Assert.IsEmpty(await again.VerifyAsync(Token));
    }

    private async Task<int> FillAsync(SqliteStore store, int batches)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            await AppendAsync(store, batch, Step);
        }

        return batches;
    }

    private async Task AppendAsync(SqliteStore store, int batch, int minutes)
    {
        await store.AppendAsync(Told.Center.Id, Told.Minutes(batch * Step, (batch * Step) + minutes), Told.Source, Token);
        _acknowledged = await store.ContentHashAsync(Token);
    }

    private async Task DoAsync(SqliteStore store, string phase, StoreFolder folder, int batch, string? backup = null)
    {
        switch (phase)
        {
            case "append":
                await AppendAsync(store, batch, Step);
                break;
            case "seal":
                await AppendAsync(store, batch, 2);
                await store.SealAsync(Told.Center.Id, Token);
                break;
            case "hours":
                await AppendAsync(store, batch, 2);
                await new CardHourKeeper(store, _clock).UpdateAsync(Told.Center, Told.Catalog, null, Token);
                break;
            case "compact":
                await AppendAsync(store, batch, 2);
                await store.CompactAsync(Told.Center.Id, RetentionCut.Nothing, Token);
                break;
            case "backup":
                await store.BackUpAsync(backup ?? folder.File("b.db"), overwrite: true, Token);
                break;
            default:
                throw new UnreachableException(phase);
        }
    }

    private static Task<UserException> FailsAsync(Func<Task> work) => Assert.ThrowsExactlyAsync<UserException>(work);
}
