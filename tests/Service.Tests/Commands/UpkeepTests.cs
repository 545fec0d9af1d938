using System.Globalization;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Time;
using Headroom.Service.Tests.Cases;
using Headroom.Storage;
using Headroom.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Headroom.Service.Tests.Commands;

/// <summary>Backup, restore, compact and verify as a user types them.</summary>
[TestClass]
public sealed class UpkeepTests
{
    private const string Inventory = "c1,h,1,T256,ai,installed,2026-02-01T00:00:00Z,,\nc2,h,2,T256,ai,installed,2026-02-01T00:00:00Z,,\n";
    private const string Jobs = "k,1,physics,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,2026-03-02T12:00:00Z,1,COMPLETED,ai,c1\n";

    [TestMethod]
    public async Task Backup_ThenRestore_GivesTheSameHashAndPutsTheOldOneAside()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, Telemetry(24), Jobs);
        var hash = await HashAsync(center);
        var backup = Path.Combine(center.Folder, "b.db");

        Assert.AreEqual(hash, Line(await center.SucceedAsync("backup", backup, "--json")).GetProperty("content_hash").GetString());
        var (again, _, exists) = await center.RunAsync("backup", backup, "--lang", "zh-CN");
        Assert.AreEqual(1, again);
        Assert.Contains("该文件已存在", exists, StringComparison.Ordinal);

        await center.SucceedAsync("ingest", "telemetry", center.Write("more.csv", "timestamp,card,utilization\n2026-03-05T00:00:00Z,c1,50\n"), "--center", "case");
        Assert.AreNotEqual(hash, await HashAsync(center));
        var (refused, _, errors) = await center.RunAsync("restore", backup, "--lang", "en");
        Assert.AreEqual(1, refused);
        Assert.Contains("The database holds data.", errors, StringComparison.Ordinal);

        var output = await center.SucceedAsync("restore", backup, "--force", "--lang", "en");
        Assert.AreEqual(hash, await HashAsync(center));
        Assert.Contains("case.db.before-restore-20260601T000000Z", output, StringComparison.Ordinal);
        Assert.IsTrue(File.Exists(Path.Combine(center.Folder, "case.db.before-restore-20260601T000000Z")));
    }

    [TestMethod]
    public async Task Verify_AFlippedByte_IsNamedByCardAndDayAndTheReportShowsTheRest()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, Telemetry(24), Jobs);
        await center.SucceedAsync("compact", "--raw", "3650");
        var before = await center.DailyAsync();
        Assert.AreEqual(1, before.Coverage("pool.ai.U3"), 1e-3);
        Flip(Path.Combine(center.Folder, "case.db"));

        var (code, output, errors) = await center.RunAsync("verify", "store", "--json", "--lang", "en");
        Assert.AreEqual(1, code);
        var fault = Line(output).GetProperty("fault").EnumerateArray().Single();
        Assert.AreEqual("case/c2 2026-03-02", fault.GetProperty("place").GetString());
        Assert.Contains("ingest", fault.GetProperty("to_do").GetString()!, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("case/c2 2026-03-02", errors, StringComparison.Ordinal);

        Assert.AreEqual(0.5, (await center.DailyAsync()).Coverage("pool.ai.U3"), 0.01, "one of two cards is unknown, at once");

        // A late job makes the day's card-hours be computed again, from what is left.
        await center.SucceedAsync("ingest", "jobs", center.Write("late.csv", "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids\n" + Jobs.Replace("k,1,", "k,2,", StringComparison.Ordinal).Replace("c1", "c2", StringComparison.Ordinal)), "--center", "case");
        var after = await center.DailyAsync();
        Assert.AreEqual(0.5, after.Coverage("pool.ai.U3"), 0.01, "one of two cards is unknown");
        var (ok, _, told) = await center.RunAsync("export", "telemetry", "--center", "case", "--card", "c1", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T00:00:00Z", "--out", Path.Combine(center.Folder, "c1.csv"));
        Assert.AreEqual(0, ok, told);
        Assert.HasCount(24 * 60, (await File.ReadAllLinesAsync(Path.Combine(center.Folder, "c1.csv"))).Skip(1));

        // Its file once more, and the store is whole again.
        await center.SucceedAsync("ingest", "telemetry", Path.Combine(center.Folder, "telemetry.csv"), "--center", "case");
        await center.SucceedAsync("compact", "--raw", "3650");
        Assert.AreEqual(1, (await center.DailyAsync()).Coverage("pool.ai.U3"), 1e-3);
        await center.SucceedAsync("verify", "store");
    }

    [TestMethod]
    public async Task Compact_PastRetention_KeepsTheReportAndMarksWhatComesLater()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, Telemetry(24), Jobs);
        var before = await ReportAsync(center, "before");
        var newest = await NewestAsync(center);
        var asOf = await ReportAsync(center, "as-of", "--as-of", newest);

        var compacted = Line(await center.SucceedAsync("compact", "--json"));
        Assert.AreEqual(2L * 24 * 60, compacted.GetProperty("raw_rows").GetInt64(), "the shipped retention of raw samples is 35 days; it is June");
        Assert.AreEqual(before, await ReportAsync(center, "after"));
        Assert.IsFalse(before.Html.Contains("not recomputed", StringComparison.Ordinal));
        await center.SucceedAsync("verify", "store");
        await center.SucceedAsync("verify", "identity");

        await center.SucceedAsync("ingest", "jobs", center.Write("late.csv", "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids\n" + Jobs.Replace("k,1,", "k,2,", StringComparison.Ordinal).Replace("c1", "c2", StringComparison.Ordinal)), "--center", "case");
        var late = await ReportAsync(center, "late");
        Assert.Contains("not recomputed", late.Html, StringComparison.Ordinal);
        Assert.Contains("未重新计算", (await ReportAsync(center, "late-zh", "--lang", "zh-CN")).Html, StringComparison.Ordinal);
        Assert.AreEqual(asOf, await ReportAsync(center, "as-of-then", "--as-of", newest), "as of before the late job and the compaction: byte for byte");
        await center.SucceedAsync("verify", "store");

        var hours = (await center.SucceedAsync("export", "card-hours", "--center", "case", "--from", TestCenter.At(0), "--to", TestCenter.At(24))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.IsTrue(hours[1..].All(line => line.EndsWith(line.StartsWith("c2,", StringComparison.Ordinal) && string.CompareOrdinal(line.Split(',')[1], TestCenter.At(12)) < 0 ? ",1" : ",0", StringComparison.Ordinal)), string.Join('\n', hours));
    }

    [TestMethod]
    public async Task CenterAdd_AnotherPeriodOfTelemetry_HasItsCardHoursComputedAgain()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, Telemetry(24), Jobs);
        Assert.AreEqual(1, (await center.DailyAsync()).Coverage("pool.ai.U3"), 1e-3);
        var newest = await NewestAsync(center);
        var before = await ReportAsync(center, "before", "--as-of", newest);

        // A sample each minute, said to come every 15 s: it stands for 37.5 s.
        await File.AppendAllTextAsync(Path.Combine(center.Folder, "center.yaml"), "\ntelemetry_period_s: 15\n");
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));

        Assert.AreEqual(37.5 / 60, (await center.DailyAsync()).Coverage("pool.ai.U3"), 1e-3);
        Assert.AreEqual(before, await ReportAsync(center, "then", "--as-of", newest), "as of before the file came: byte for byte");
        await center.SucceedAsync("verify", "store");
    }

    [TestMethod]
    public async Task Catalog_AnotherRatedPower_HasCardHoursComputedAgain()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, Telemetry(2), Jobs);
        Assert.AreEqual(0, Line(await center.SucceedAsync("verify", "store", "--json")).GetProperty("card_days_stale").GetInt64());

        var catalog = await File.ReadAllLinesAsync(Path.Combine(center.Folder, "catalog.csv"));
        var power = Array.IndexOf(catalog[0].Split(','), "tdp_w");
        var cells = catalog[1].Split(',');
        cells[power] = "999";
        await center.SucceedAsync("center", "catalog", center.Write("other.csv", string.Join('\n', [catalog[0], string.Join(',', cells), .. catalog[2..]]) + "\n"));

        Assert.IsGreaterThan(0, Line(await center.SucceedAsync("verify", "store", "--json")).GetProperty("card_days_stale").GetInt64());
        await center.SucceedAsync("compact", "--raw", "3650");
        Assert.AreEqual(0, Line(await center.SucceedAsync("verify", "store", "--json")).GetProperty("card_days_stale").GetInt64());
    }

    [TestMethod]
    public async Task Verify_InChinese_SaysWhatIsDamagedAndWhatToDo()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, Telemetry(24), Jobs);
        await center.SucceedAsync("compact", "--raw", "3650");
        Flip(Path.Combine(center.Folder, "case.db"));

        var (code, _, errors) = await center.RunAsync("verify", "store", "--lang", "zh-CN");

        Assert.AreEqual(1, code);
        Assert.Contains("case/c2 2026-03-02：样本已损坏，读出的内容与写入时不一致。 请重新导入当天的文件", errors, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("--raw 0", DisplayName = "no days")]
    [DataRow("--raw x", DisplayName = "a word")]
    [DataRow("--daily 40000", DisplayName = "more than a century")]
    public async Task Compact_AWrongNumberOfDays_IsAUsageError(string options)
    {
        using var center = new TestCenter();
        Assert.AreEqual(2, (await center.RunAsync(["compact", .. options.Split(' ')])).Code);
    }

    [TestMethod]
    public async Task Compact_RetentionInTheCenterFile_IsTaken()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, Telemetry(24), Jobs);
        var file = Path.Combine(center.Folder, "center.yaml");
        await File.AppendAllTextAsync(file, "\nretention: {raw_days: 365, five_minute_days: 30}\n");
        await center.SucceedAsync("center", "add", file);

        var compacted = Line(await center.SucceedAsync("compact", "--json"));

        Assert.AreEqual((0, 2), (compacted.GetProperty("raw_days").GetInt32(), compacted.GetProperty("five_minute_days").GetInt32()));
        var (code, _, errors) = await center.RunAsync("center", "add", center.Write("wrong.yaml", (await File.ReadAllTextAsync(file)).Replace("five_minute_days: 30", "hourly_days: 30", StringComparison.Ordinal)));
        Assert.AreEqual(1, code);
        Assert.Contains("hourly_days", errors, StringComparison.Ordinal);
    }

    // Recorded time of the newest batch.
    private static async Task<string> NewestAsync(TestCenter center)
    {
        await using var store = await SqliteStore.OpenAsync(new StoreOptions { Path = Path.Combine(center.Folder, "case.db"), ReadOnly = true }, center.Clock, CancellationToken.None);
        return Instants.ToText(await store.NewestBatchAsync(CancellationToken.None));
    }

    private static async Task<string> HashAsync(TestCenter center) => Line(await center.SucceedAsync("verify", "store", "--json")).GetProperty("content_hash").GetString()!;

    private static async Task<(string Json, string Html)> ReportAsync(TestCenter center, string into, params string[] more)
    {
        var folder = Path.Combine(center.Folder, into);
        var language = more.Contains("zh-CN") ? "zh-CN" : "en";
        await center.SucceedAsync(["report", "daily", "--center", "case", "--day", TestCenter.Day, "--out", folder, .. more.Contains("--lang") ? more : ["--lang", "en", .. more]]);
        var name = Path.Combine(folder, $"daily-case-{TestCenter.Day}.{language}");
        return (await File.ReadAllTextAsync(name + ".json"), await File.ReadAllTextAsync(name + ".html"));
    }

    // The JSON among the lines.
    private static JsonElement Line(string output) =>
        JsonDocument.Parse(output.Split('\n').Last(line => line.StartsWith('{'))).RootElement;

    private static string Telemetry(int hours)
    {
        var text = new StringBuilder();
        var begin = DateTimeOffset.ParseExact(TestCenter.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        for (var minute = 1; minute <= hours * 60; minute++)
        {
            for (var card = 1; card <= 2; card++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{begin.AddMinutes(minute).AddSeconds(-1):yyyy-MM-dd'T'HH:mm:ss'Z'},c{card},{((minute * 7) + (card * 31)) % 101}\n");
            }
        }

        return text.ToString();
    }

    // Near the end of the block: in its last segment, the one of the card that came second.
    private static void Flip(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var blob = new SqliteBlob(connection, "block", "use", 1);
        blob.Position = blob.Length - 10;
        var found = (byte)blob.ReadByte();
        blob.Position = blob.Length - 10;
        blob.WriteByte((byte)(found ^ 0x10));
    }
}
