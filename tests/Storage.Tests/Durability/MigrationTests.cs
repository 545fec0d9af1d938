using System.Globalization;
using System.IO.Compression;
using System.Text;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;
using Headroom.Storage.Sqlite.Migrations;

namespace Headroom.Storage.Tests.Durability;

/// <summary>Files written by the released programs of older schemas, with what those programs said of them.</summary>
[TestClass]
public sealed class MigrationTests
{
    private static readonly CenterDefinition Golden = CenterDefinition.NewDraft(new("golden")) with { Zone = "Asia/Shanghai" };
    private static readonly long Now = Golden.Clock().Day(new(2026, 3, 1)).From + (5 * Micros.PerDay);

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(1, DisplayName = "schema 1")]
    [DataRow(2, DisplayName = "schema 2")]
    [DataRow(4, DisplayName = "schema 4")]
    [DataRow(7, DisplayName = "schema 7")]
    public async Task Open_AGoldenFile_SaysWhatItsOwnProgramSaid(int version)
    {
        using var folder = new StoreFolder();
        Unpack(version, folder.File());
        var expected = await File.ReadAllTextAsync(GoldenFile($"schema-{version}.txt"), Token);
        await using (var store = await Told.OpenAsync(folder.File(), new SetClock(Now)))
        {
            Assert.AreEqual(expected, await DescribeAsync(store), "as it was kept");
            Assert.IsEmpty(await store.VerifyAsync(Token));
            Assert.AreEqual("a report", await store.FindIssuedAsync(Golden.Id, "daily/2026-03-01", Instants.Never, Token));
            Assert.HasCount(1, await store.ReadRejectedAsync(Golden.Id, Instants.Never, 10, Token));
            await new CardHourKeeper(store, new SetClock(Now)).UpdateAsync(Golden, new([]), null, Token);
            Assert.AreEqual(expected, await DescribeAsync(store), "as it is computed again");
            Assert.IsNotEmpty(await store.ReadRollUpsAsync(Golden.Id, RollUpScope.Pool, RollUpGrain.Hour, new(2026, 3, 1), new(2026, 3, 2), Instants.Never, Token));
            Assert.IsEmpty(await store.VerifyAsync(Token));
        }

        var kept = $"{folder.File()}.schema-{version}.backup";
        using var before = Told.Connect(kept);
        using var command = before.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        Assert.AreEqual((long)version, command.ExecuteScalar(), "the file as it was lies beside it");
    }

    [TestMethod]
    public async Task Open_JobsOfAStoreWithoutNames_AreAsTheyWereAndTakeANameLater()
    {
        using var folder = new StoreFolder();
        Unpack(7, folder.File());
        await using var store = await Told.OpenAsync(folder.File(), new SetClock(Now));
        var jobs = (await store.ReadFactsAsync(Golden.Id, Instants.Never, Token)).Jobs.Where(job => job.Cluster == "c1").ToList();
        var named = jobs.ConvertAll(job => job with { Name = "train" });
        await store.AppendAsync(Golden.Id, FactBatch.Empty with { Jobs = [.. named] }, Told.Source, Token);
        await store.AppendAsync(Golden.Id, FactBatch.Empty with { Jobs = [.. jobs] }, Told.Source, Token);

        CollectionAssert.AreEqual(
            new[] { "1 Cancelled  0", "2 Completed 1 0", "3 Failed  2" }, jobs.ConvertAll(job => $"{job.JobId} {job.State} {job.AttemptOf} {job.Revision}{job.Name}"));
        Assert.AreEqual(Precision.Fp64, jobs[1].Precision);
        CollectionAssert.AreEqual(named, (await store.ReadFactsAsync(Golden.Id, Instants.Never, Token)).Jobs.Where(job => job.Cluster == "c1").ToList(), "whoever knows the name wins");
    }

    [TestMethod]
    public async Task Restore_AGoldenFile_Migrates()
    {
        using var folder = new StoreFolder();
        Unpack(1, folder.File("old.db"));
        var bytes = await File.ReadAllBytesAsync(folder.File("old.db"), Token);

        var restored = await Storage.Sqlite.Backups.Restorer.RestoreAsync(new() { Path = folder.File() }, folder.File("old.db"), force: false, new SetClock(Now), Token);

        Assert.AreEqual((await File.ReadAllTextAsync(GoldenFile("schema-1.txt"), Token)).Split('\n')[0], $"hash {restored.ContentHash}");
        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(folder.File("old.db"), Token), "a backup is only read");
        Assert.IsEmpty(Directory.GetFiles(Path.GetDirectoryName(folder.File())!, "*.schema-*"));
    }

    [TestMethod]
    public async Task Open_NewerThanTheProgram_IsRefusedAndLeftAlone()
    {
        using var folder = new StoreFolder();
        await (await Told.OpenAsync(folder.File())).DisposeAsync();
        using (var connection = Told.Connect(folder.File()))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA user_version = {Migration.Newest + 1}";
            command.ExecuteNonQuery();
        }

        var bytes = await File.ReadAllBytesAsync(folder.File(), Token);
        foreach (var readOnly in (bool[])[false, true])
        {
            var failure = await Assert.ThrowsExactlyAsync<UserException>(() => Told.OpenAsync(folder.File(), readOnly: readOnly));
            Assert.AreEqual(MessageCode.DatabaseNewer, failure.Messages[0].Code);
            CollectionAssert.Contains(failure.Messages[0].Arguments.ToArray(), (Migration.Newest + 1).ToString(CultureInfo.InvariantCulture));
        }

        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(folder.File(), Token));
    }

    private async Task<string> DescribeAsync(SqliteStore store)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"hash {await store.ContentHashAsync(Token)}\n");
        foreach (var device in (string[])["GPU-1", "GPU-2", "GPU-3"])
        {
            var samples = await store.ReadSamplesAsync(Golden.Id, new(device), Window.Always, Token);
            text.Append(CultureInfo.InvariantCulture, $"samples {device} {samples.Count} {samples.UsePpm.Sum(value => (long)value)}\n");
        }

        foreach (var day in await store.ReadCardDaysAsync(Golden.Id, new(2026, 3, 1), new(2026, 3, 2), Instants.Never, Token))
        {
            long Sum(Func<CardHour, long> value) => day.Hours.Sum(value);
            text.Append(
                CultureInfo.InvariantCulture,
                $"day {day.Device} {day.Day:yyyy-MM-dd} {Sum(h => h.Cells.Busy)} {Sum(h => h.Cells.Installed)} {Sum(h => h.EnergyNanojoules)} {Sum(h => h.Cells.Allocated)} {Sum(h => h.Cells[Cell.Down])}\n");
        }

        return text.ToString();
    }

    internal static void Unpack(int version, string path)
    {
        using var packed = new GZipStream(File.OpenRead(GoldenFile($"schema-{version}.db.gz")), CompressionMode.Decompress);
        using var plain = File.Create(path);
        packed.CopyTo(plain);
    }

    private static string GoldenFile(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);
}
