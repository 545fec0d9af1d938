using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Headroom.Service.Tests.Cases;

/// <summary>Logs that say how many cards a job had, and not which: tenants are counted from job sizes, and nothing is said of idle.</summary>
[TestClass]
public sealed class JobLogCases
{
    private const string Header = "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool\n";
    private const string Jobs = Header
        + "c,1,uni,2026-03-01T20:00:00Z,2026-03-01T22:00:00Z,2026-03-02T06:00:00Z,8,COMPLETED,\n"
        + "c,2,maker,2026-03-02T01:00:00Z,2026-03-02T02:00:00Z,2026-03-02T03:00:00Z,100,UNKNOWN,\n"
        + "c,3,maker,2026-03-02T20:00:00Z,2026-03-03T01:00:00Z,2026-03-03T02:00:00Z,1,COMPLETED,\n";

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("en", "Counted from job sizes; which cards is not known.", DisplayName = "English")]
    [DataRow("zh-CN", "由作业规模统计，具体占用哪些卡未知。", DisplayName = "Chinese")]
    public async Task Report_JobsAndNothingElse_ListsTenantsAndClaimsNoIdle(string language, string counted)
    {
        using var center = new TestCenter();
        await center.SucceedAsync("ingest", "jobs", center.Write("jobs.csv", Jobs), "--center", "log");
        await center.SucceedAsync("report", "daily", "--center", "log", "--day", TestCenter.Day, "--format", "json,html", "--out", center.Folder, "--lang", language);
        var html = await File.ReadAllTextAsync(Path.Combine(center.Folder, $"daily-log-{TestCenter.Day}.{language}.html"), TestContext.CancellationToken);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(center.Folder, $"daily-log-{TestCenter.Day}.{language}.json"), TestContext.CancellationToken));
        var cells = new ReportCells(json);

        Assert.AreEqual(48.0, cells.Value("tenant.uni.pool.default.jobs.allocated"));
        Assert.AreEqual(100.0, cells.Value("tenant.maker.pool.default.jobs.allocated"));
        Assert.AreEqual(148.0, cells.Value("pool.default.jobs.allocated"));
        Assert.AreEqual((1.0, 2.0, 1.0), (cells.Value("pool.default.jobs.started"), cells.Value("pool.default.jobs.ended"), cells.Value("pool.default.jobs.pending")));
        Assert.Contains(counted, html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"IdleShare\"", json.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    // Read months later: one job was still open when the log was written, and nobody says when that was.
    [TestMethod]
    public async Task Ingest_OldLogWithAnOpenJob_IsKnownAndAccountedForToItsLastInstant()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("a0") + Rows.Installed("a1"));
        var told = await center.SucceedAsync(
            "ingest", "jobs", center.Write("jobs.csv", Header.TrimEnd() + ",card_ids\n" + Rows.Job("1", "uni", 0, 10, 1, "ai", "a0") + Rows.Job("2", "uni", 6, null, 1, "ai", "a1")), "--center", "case", "--lang", "en");
        var day = await center.DailyAsync();

        Assert.Contains($"to end at {TestCenter.At(10)}", told, StringComparison.Ordinal);
        Assert.AreEqual((14.0 / 48, 42.0 / 48), day.Bounds("pool.ai.U1s"), "ten hours and four, of ten hours of two cards");
        await using var store = await Storage.Sqlite.SqliteStore.OpenAsync(new() { Path = Path.Combine(center.Folder, "case.db"), ReadOnly = true }, center.Clock, TestContext.CancellationToken);
        var days = await store.ReadRollUpsAsync(
            new("case"), Domain.Accounting.RollUpScope.Pool, Domain.Accounting.RollUpGrain.Day, new(2026, 3, 1), new(2026, 6, 1), Domain.Time.Instants.Never, TestContext.CancellationToken);
        CollectionAssert.AreEqual(new[] { new DateOnly(2026, 3, 2) }, days.Select(entry => entry.Day).ToArray());
    }

    [TestMethod]
    public async Task Report_DayNotSaid_IsTheLastWholeOneOfTheLog()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("ingest", "jobs", center.Write("jobs.csv", Jobs), "--center", "log");

        Assert.Contains("daily-log-2026-03-02.en.json", await center.SucceedAsync("report", "daily", "--center", "log", "--format", "json", "--out", center.Folder, "--lang", "en"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Report_DayOutsideOfTheLog_IsRefused()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("ingest", "jobs", center.Write("jobs.csv", Jobs), "--center", "log");

        Assert.AreEqual(1, (await center.RunAsync("report", "daily", "--center", "log", "--day", "2026-03-05", "--out", center.Folder)).Code);
    }

    [TestMethod]
    public async Task Report_DevicesAndJobsThatNameNone_AllocationIsUnknownNotFree()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("a"), Rows.Gauge("a", 0, 24, 50, 900));
        await center.SucceedAsync("ingest", "jobs", center.Write("sizes.csv", Header + "c,1,uni,2026-03-02T00:00:00Z,2026-03-02T00:00:00Z,2026-03-03T00:00:00Z,1,COMPLETED,ai\n"), "--center", "case");
        var cells = await center.DailyAsync();

        Assert.IsNull(cells.Value("pool.ai.U1s"));
        Assert.AreEqual(0.5, cells.Value("pool.ai.U3")!.Value, 1e-12);
        Assert.AreEqual(24.0, cells.Value("tenant.uni.pool.ai.jobs.allocated"));
    }

    // A re-read of the same log that moves a job's end: the pool's hours follow, though the log covers the same time.
    [TestMethod]
    public async Task Ingest_RevisionOfAJobThatNamesNoDevice_RecomputesThePoolsHours()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("a"), Rows.Gauge("a", 0, 24, 50, 900));
        const string rest = "c,2,uni,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,1,COMPLETED,ai\nc,3,uni,2026-03-03T00:00:00Z,2026-03-03T00:00:00Z,2026-03-03T00:00:00Z,1,COMPLETED,ai\n";
        await center.SucceedAsync("ingest", "jobs", center.Write("one.csv", Header + rest + "c,1,uni,2026-03-02T00:00:00Z,2026-03-02T00:00:00Z,2026-03-02T18:00:00Z,1,COMPLETED,ai\n"), "--center", "case");
        Assert.AreEqual(0.25, (await center.DailyAsync()).Coverage("pool.ai.U1s"), 1e-12);

        await center.SucceedAsync(
            "ingest", "jobs", center.Write("two.csv", Header + rest + "c,1,uni,2026-03-02T00:00:00Z,2026-03-02T00:00:00Z,2026-03-02T06:00:00Z,1,COMPLETED,ai\n"), "--center", "case", "--revision", "1");
        Assert.AreEqual(0.75, (await center.DailyAsync()).Coverage("pool.ai.U1s"), 1e-12);
    }

    [TestMethod]
    [DataRow("philly-muri", DisplayName = "Philly, four virtual clusters")]
    [DataRow("philly-sia", DisplayName = "Philly, all virtual clusters")]
    [DataRow("nasa-ipsc-1993", DisplayName = "NASA Ames iPSC/860")]
    public async Task Export_RealLog_TenantsSumExactlyToItsCardSeconds(string log)
    {
        var file = SharedFile(Path.Combine("data", "traces", log, "jobs.csv.gz"));
        var (rows, expected) = await CardSecondsAsync(file);
        using var center = new TestCenter();
        using var report = JsonDocument.Parse((await center.RunAsync("ingest", "jobs", file, "--center", log, "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        var counts = report.RootElement;
        Assert.AreEqual(rows, counts.GetProperty("received").GetInt64());
        Assert.AreEqual(rows, counts.GetProperty("accepted").GetInt64(), counts.GetRawText());
        Assert.AreEqual(rows, counts.GetProperty("accepted").GetInt64() + counts.GetProperty("rejected").EnumerateObject().Sum(reason => reason.Value.GetInt64()));

        var exported = (await center.RunAsync("export", "card-hours", "--by", "tenant", "--center", log)).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..]
            .Select(line => line.Split(','))
            .ToDictionary(cells => cells[0], cells => Int128.Parse(cells[4], CultureInfo.InvariantCulture));

        foreach (var (tenant, seconds) in expected)
        {
            Assert.AreEqual(seconds * 1_000_000, exported[tenant], tenant);
        }

        Assert.AreEqual(expected.Values.Aggregate((sum, seconds) => sum + seconds) * 1_000_000, exported.Values.Aggregate((sum, micros) => sum + micros));

        var jobs = Path.Combine(center.Folder, "out.csv");
        await center.SucceedAsync("export", "jobs", "--center", log, "--out", jobs);
        Assert.Contains($"\"new\":0,\"duplicates\":{rows + 1},\"conflicts\":0", await center.SucceedAsync("ingest", "jobs", jobs, "--center", log, "--json"), StringComparison.Ordinal);
    }

    // Straight from the file, by nobody's code but this.
    private static async Task<(long Rows, Dictionary<string, Int128> CardSeconds)> CardSecondsAsync(string path)
    {
        var (rows, sums) = (0L, new Dictionary<string, Int128>());
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        Assert.AreEqual("cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state", await reader.ReadLineAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            var cells = line.Split(',');
            var seconds = long.Parse(cells[5], CultureInfo.InvariantCulture) - long.Parse(cells[4], CultureInfo.InvariantCulture);
            sums[cells[2]] = sums.GetValueOrDefault(cells[2]) + ((Int128)seconds * int.Parse(cells[6], CultureInfo.InvariantCulture));
            rows++;
        }

        return (rows, sums);
    }

    internal static string SharedFile(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", relative);
            if (File.Exists(file))
            {
                return file;
            }
        }

        Assert.Inconclusive($"The shared folder with {relative} is not here.");
        return "";
    }
}
