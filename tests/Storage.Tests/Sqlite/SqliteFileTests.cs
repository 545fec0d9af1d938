using Dapper;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite;
using Headroom.Storage.Sqlite.Migrations;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Tests.Sqlite;

/// <summary>What only a SQLite file can suffer.</summary>
[TestClass]
public sealed class SqliteFileTests
{
    private static readonly CenterId Wuhan = new("wuhan");
    private static readonly SourceNote Source = new("usage.csv", "csv", Simulated: false, Rejects: null);
    private static readonly long Noon = Instants.From(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Open_ANewFile_IsOursStrictAndInWal()
    {
        using var folder = new StoreFolder();
        await using var store = await OpenAsync(folder.File());
        await using var connection = Connect(folder.File());

        Assert.AreEqual("wal", await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode"));
        Assert.AreEqual(0x4844524D, await connection.ExecuteScalarAsync<int>("PRAGMA application_id"));
        Assert.AreEqual(Migration.Newest, await connection.ExecuteScalarAsync<int>("PRAGMA user_version"));
        Assert.IsEmpty(await connection.QueryAsync<string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"));
    }

    [TestMethod]
    [DataRow(true, DisplayName = "to read")]
    [DataRow(false, DisplayName = "to write")]
    public async Task Open_ANewerSchema_IsRefused(bool readOnly)
    {
        using var folder = new StoreFolder();
        await (await OpenAsync(folder.File())).DisposeAsync();
        await using (var connection = Connect(folder.File()))
        {
            await connection.ExecuteAsync($"PRAGMA user_version = {Migration.Newest + 1}");
        }

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(folder.File(), readOnly));

        Assert.AreEqual(MessageCode.DatabaseNewer, failure.Messages[0].Code);
    }

    [TestMethod]
    public async Task Open_AFileOfVersionOne_BecomesTheNewestAndKeepsWhatItHas()
    {
        using var folder = new StoreFolder();
        await using (var store = await OpenAsync(folder.File()))
        {
            await store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token);
        }

        await using (var connection = Connect(folder.File()))
        {
            await connection.ExecuteAsync("PRAGMA user_version = 1");
        }

        await using (var old = await OpenAsync(folder.File(), readOnly: true))
        {
            Assert.IsEmpty((await old.ReadFactsAsync(Wuhan, Instants.Never, Token)).Requests);
        }

        await using var migrated = await OpenAsync(folder.File());
        var request = new RequestFact("R-1", new("city"), null, 8, Noon, null, null, RequestState.Pending, null, null, null, null, null, null, null, null);
        await migrated.AppendAsync(Wuhan, FactBatch.Empty with { Requests = [request] }, Source, Token);

        await using var after = Connect(folder.File());
        Assert.AreEqual(Migration.Newest, await after.ExecuteScalarAsync<int>("PRAGMA user_version"));
        Assert.AreEqual(request, (await migrated.ReadFactsAsync(Wuhan, Instants.Never, Token)).Requests.Single());
        Assert.AreEqual(100, (await migrated.ReadSamplesAsync(Wuhan, new("GPU-1"), Window.Always, Token)).Count);
    }

    [TestMethod]
    public async Task Open_AnotherProgramsDatabase_IsRefused()
    {
        using var folder = new StoreFolder();
        await using (var connection = Connect(folder.File()))
        {
            await connection.ExecuteAsync("CREATE TABLE recipe (name TEXT)");
        }

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(folder.File()));

        Assert.AreEqual(MessageCode.DatabaseNotOurs, failure.Messages[0].Code);
    }

    [TestMethod]
    public async Task Append_WhileAnotherProgramHoldsTheDatabase_IsAMessageNotABusyError()
    {
        using var folder = new StoreFolder();
        await using var store = await OpenAsync(folder.File());
        await using var other = Connect(folder.File());
        await other.ExecuteAsync("BEGIN IMMEDIATE");

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token));
        await other.ExecuteAsync("ROLLBACK");
        var receipt = await store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token);

        Assert.AreEqual(MessageCode.DatabaseLocked, failure.Messages[0].Code);
        Assert.AreEqual(100, receipt.New);
    }

    [TestMethod]
    public async Task Append_AfterAFailedOne_CountsAsIfItHadNeverBeen()
    {
        using var folder = new StoreFolder();
        await using var store = await OpenAsync(folder.File());
        var broken = Batch("GPU-1");
        broken.Add(broken.Ordinal(new("GPU-2", null, null, null, null)), long.MaxValue);

        await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() => store.AppendAsync(Wuhan, broken, Source, Token));
        var receipt = await store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token);

        Assert.AreEqual((100L, 0L), (receipt.New, receipt.Duplicates));
        Assert.HasCount(1, await store.ReadReceivedAsync(Wuhan, Instants.Never, Token));
    }

    [TestMethod]
    public async Task Read_AChunkWithAFlippedBit_IsNamedByCardAndDay()
    {
        using var folder = new StoreFolder();
        await using (var store = await OpenAsync(folder.File()))
        {
            await store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token);
            await store.AppendAsync(Wuhan, Batch("GPU-2"), Source, Token);
            await store.SealAsync(Wuhan, Token);
        }

        await FlipAsync(folder.File(), "SELECT c.block, c.start + c.length / 2 FROM chunk c JOIN device d ON d.id = c.device WHERE d.name = 'GPU-2'", "block");

        await using var damaged = await OpenAsync(folder.File());
        var faults = await damaged.VerifyAsync(Token);
        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => damaged.ReadSamplesAsync(Wuhan, new("GPU-2"), Window.Always, Token));
        Assert.AreEqual("wuhan/GPU-2 2026-03-01", faults.Single().Place);
        Assert.AreEqual(MessageCode.DatabaseDamaged, failure.Messages[0].Code);
        Assert.Contains("wuhan/GPU-2 2026-03-01", failure.Messages[0].Arguments);
        Assert.AreEqual(100, (await damaged.ReadSamplesAsync(Wuhan, new("GPU-1"), Window.Always, Token)).Count, "others are read as before");
    }

    [TestMethod]
    public async Task Seal_NextToADamagedChunk_KeepsNewSamplesOfThatDayStaged()
    {
        using var folder = new StoreFolder();
        await using (var store = await OpenAsync(folder.File()))
        {
            await store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token);
            await store.SealAsync(Wuhan, Token);
        }

        await FlipAsync(folder.File(), "SELECT block, start + length / 2 FROM chunk", "block");

        await using var damaged = await OpenAsync(folder.File());
        await damaged.AppendAsync(Wuhan, Batch("GPU-1", Noon + Micros.PerHour), Source, Token);
        await damaged.AppendAsync(Wuhan, Batch("GPU-3"), Source, Token);
        await damaged.SealAsync(Wuhan, Token);
        await damaged.SealAsync(Wuhan, Token);

        await using var connection = Connect(folder.File());
        Assert.AreEqual(100, await connection.ExecuteScalarAsync<int>("SELECT SUM(rows) FROM staged"));
        Assert.AreEqual(100, (await damaged.ReadSamplesAsync(Wuhan, new("GPU-3"), Window.Always, Token)).Count);
    }

    [TestMethod]
    public async Task Verify_AStagedBatchWithAFlippedBit_NamesIt()
    {
        using var folder = new StoreFolder();
        await using (var store = await OpenAsync(folder.File()))
        {
            await store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token);
        }

        await FlipAsync(folder.File(), "SELECT id, length(data) / 2 FROM staged", "staged");

        await using var damaged = await OpenAsync(folder.File());
        Assert.AreEqual("staged batch 1", (await damaged.VerifyAsync(Token)).Single().Place);
    }

    [TestMethod]
    public async Task Seal_ManyCards_SharesBlocksAndLeavesNothingStaged()
    {
        using var folder = new StoreFolder();
        await using var store = await OpenAsync(folder.File());
        for (var card = 0; card < 40; card++)
        {
            await store.AppendAsync(Wuhan, Batch($"GPU-{card:d2}"), Source, Token);
        }

        var hash = await store.ContentHashAsync(Token);
        await store.SealAsync(Wuhan, Token);
        await store.AppendAsync(Wuhan, Batch("GPU-07", Noon + Micros.PerHour), Source, Token);
        await store.SealAsync(Wuhan, Token);

        await using var connection = Connect(folder.File());
        Assert.AreEqual(0, await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM staged"));
        Assert.AreEqual(40, await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM chunk"));
        Assert.IsLessThan(5, await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM block"));
        Assert.AreNotEqual(hash, await store.ContentHashAsync(Token));
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    private static SampleBatch Batch(string device, long? from = null)
    {
        var batch = new SampleBatch();
        for (var i = 0; i < 100; i++)
        {
            var row = batch.Add(batch.Ordinal(new(device, null, null, null, null)), (from ?? Noon) + (i * 15 * Micros.PerSecond));
            batch.Set(row, TelemetryMetrics.Utilization, i * 37 % 101 * 10_000);
        }

        return batch;
    }

    private static async Task FlipAsync(string path, string whereSql, string table)
    {
        await using var connection = Connect(path);
        var (row, place) = await connection.QuerySingleAsync<(long, long)>(whereSql);
        await using var blob = new SqliteBlob(connection, table, "data", row);
        blob.Position = place;
        var found = (byte)blob.ReadByte();
        blob.Position = place;
        blob.WriteByte((byte)(found ^ 0x10));
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private Task<SqliteStore> OpenAsync(string path, bool readOnly = false) =>
        SqliteStore.OpenAsync(new() { Path = path, ReadOnly = readOnly, LockWaitSeconds = 0 }, TimeProvider.System, Token);
}
