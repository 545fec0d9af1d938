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
    [DataRow(1, false, DisplayName = "version 1, to write")]
    [DataRow(2, false, DisplayName = "version 2, to write")]
    [DataRow(2, true, DisplayName = "version 2, to read")]
    public async Task Open_AFileOfAnOlderVersion_BecomesTheNewestAndKeepsWhatItHas(int version, bool readOnly)
    {
        using var folder = new StoreFolder();
        await UnpackAsync("version-2.db.gz", folder.File());
        await using (var old = Connect(folder.File()))
        {
            await old.ExecuteAsync($"PRAGMA user_version = {version}");
        }

        await using var store = await OpenAsync(folder.File(), readOnly);
        var cardDays = await store.ReadCardDaysAsync(new("c"), new(2026, 3, 1), new(2026, 3, 6), Instants.Never, Token);
        await using var after = Connect(folder.File());
        var first = Instants.From(new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        var sampled = new Window(first, first + (50 * Micros.PerHour));

        Assert.AreEqual(Migration.Newest, await after.ExecuteScalarAsync<int>("PRAGMA user_version"));
        Assert.AreEqual("c8a309ccdb42a0b68b2ab6b9dac31458d9ecdc5978bee7e84a3d212797a371bc", await store.ContentHashAsync(Token), "printed by the program that wrote the file");
        Assert.AreEqual(5_901, (await store.ReadSamplesAsync(new("c"), new("npu-1"), Window.Always, Token)).Count);
        Assert.AreEqual(150, cardDays.SelectMany(day => day.Hours).Count(hour => sampled.Contains(hour.HourStart)), "printed by the program that wrote the file");
        Assert.IsEmpty(await store.VerifyAsync(Token));
        Assert.IsTrue((await store.ReadDirtyAsync(new("c"), Token)).Any(span => span.Device is null), "roll-ups are made when card-hours are computed again");
    }

    private static async Task UnpackAsync(string golden, string path)
    {
        await using var packed = new System.IO.Compression.GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", golden)), System.IO.Compression.CompressionMode.Decompress);
        await using var plain = File.Create(path);
        await packed.CopyToAsync(plain);
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

        await FlipAsync(folder.File(), "SELECT id, length(use) - 10 FROM block", "block", "use");

        await using var damaged = await OpenAsync(folder.File());
        var faults = await damaged.VerifyAsync(Token);
        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => damaged.ReadSamplesAsync(Wuhan, new("GPU-2"), Window.Always, Token));
        Assert.AreEqual("wuhan/GPU-2 2026-03-01", faults.Single().Place);
        Assert.AreEqual(MessageCode.DatabaseDamaged, failure.Messages[0].Code);
        Assert.Contains("wuhan/GPU-2 2026-03-01", failure.Messages[0].Arguments);
        Assert.AreEqual(100, (await damaged.ReadSamplesAsync(Wuhan, new("GPU-1"), Window.Always, Token)).Count, "others are read as before");
    }

    [TestMethod]
    public async Task Seal_NextToADamagedSegment_KeepsNewSamplesApartFromIt()
    {
        using var folder = new StoreFolder();
        await using (var store = await OpenAsync(folder.File()))
        {
            await store.AppendAsync(Wuhan, Batch("GPU-1"), Source, Token);
            await store.SealAsync(Wuhan, Token);
        }

        await FlipAsync(folder.File(), "SELECT id, length(use) - 10 FROM block", "block", "use");

        await using var damaged = await OpenAsync(folder.File());
        await damaged.AppendAsync(Wuhan, Batch("GPU-1", Noon + Micros.PerHour), Source, Token);
        await damaged.AppendAsync(Wuhan, Batch("GPU-3"), Source, Token);
        await damaged.SealAsync(Wuhan, Token);
        await damaged.SealAsync(Wuhan, Token);

        var later = new Window(Noon + Micros.PerHour, Noon + (2 * Micros.PerHour));
        Assert.AreEqual("wuhan/GPU-1 2026-03-01", (await damaged.VerifyAsync(Token)).Single().Place);
        Assert.AreEqual(100, (await damaged.ReadSamplesAsync(Wuhan, new("GPU-1"), later, Token)).Count);
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
        var fault = (await damaged.VerifyAsync(Token)).Single();
        Assert.AreEqual(("wuhan/GPU-1", FaultKind.Staged), (fault.Place, fault.Kind));
        Assert.IsTrue(fault.Detail.StartsWith("staged batch 1: ", StringComparison.Ordinal), fault.Detail);
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
        Assert.AreEqual(4_100, await connection.ExecuteScalarAsync<int>("SELECT SUM(rows) FROM block"));
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

    private static async Task FlipAsync(string path, string whereSql, string table, string column = "data")
    {
        await using var connection = Connect(path);
        var (row, place) = await connection.QuerySingleAsync<(long, long)>(whereSql);
        await using var blob = new SqliteBlob(connection, table, column, row);
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
