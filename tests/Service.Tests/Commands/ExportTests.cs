using System.Globalization;
using Headroom.Service.Tests.Cases;
using static Headroom.Service.Tests.Cases.Rows;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed class ExportTests
{
    private const string JobsHeader = "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state\n";

    // Two cards: one held by "uni" for 6 hours, the other by nobody; both busy at half.
    private static Task TwoCardsAsync(TestCenter center) => center.IngestAsync(
        Installed("a", host: "h1", slot: "0") + Installed("b", host: "h1", slot: "1"),
        Gauge("a", 0, 24, 50, 900) + Gauge("b", 0, 24, 50, 900),
        Job("1", "uni", 0, 6, 1, "ai", "a") + Job("2", "uni", 23, 24, 1, "ai", "a"));

    private static async Task<string[]> LinesAsync(TestCenter center, params string[] arguments)
    {
        var (code, output, errors) = await center.RunAsync(["export", .. arguments]);
        Assert.AreEqual(0, code, errors);
        Assert.DoesNotContain("\r", output, StringComparison.Ordinal);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [TestMethod]
    public async Task CardHours_OneRowAnHour_CellsSumToTheHour()
    {
        using var center = new TestCenter();
        await TwoCardsAsync(center);
        var lines = await LinesAsync(center, "card-hours", "--from", TestCenter.Day, "--to", "2026-03-03");

        Assert.AreEqual(
            "device,hour,pool,model,host,down,maintenance,allocated_busy,allocated_idle,allocated_use_unknown,alloc_unknown_busy,alloc_unknown_idle,alloc_unknown_use_unknown,free_busy,free_idle,free_use_unknown,silent_zero,energy_nj,energy_known,samples,not_recomputed",
            lines[0]);
        Assert.HasCount(1 + 48, lines);
        Assert.AreEqual("a,2026-03-02T00:00:00Z,ai,T256,h1,0,0,1800000000,1800000000,0,0,0,0,0,0,0,0,0,0,4,0", lines[1]);
        Assert.IsTrue(lines[1..].All(line => line.Split(',')[5..16].Sum(cell => long.Parse(cell, CultureInfo.InvariantCulture)) == 3_600_000_000));
    }

    [TestMethod]
    public async Task CardHours_BySum_SaysWhereItComesFrom()
    {
        using var center = new TestCenter();
        await TwoCardsAsync(center);
        await center.SucceedAsync("ingest", "jobs", center.Write("sizes.csv", JobsHeader + "case,9,maker,2026-03-02T10:00:00Z,2026-03-02T10:00:00Z,2026-03-02T10:30:00Z,2,UNKNOWN\n"), "--center", "case");

        CollectionAssert.AreEqual(
            new[] { "tenant,pool,source,device_hours,device_micros,jobs", "maker,ai,jobs,1,3600000000,1", "uni,ai,devices,7,25200000000,2" },
            await LinesAsync(center, "card-hours", "--by", "tenant"));
        CollectionAssert.AreEqual(
            new[] { "maker,ai,jobs,1,3600000000,1", "uni,ai,devices,2,7200000000,1" },
            (await LinesAsync(center, "card-hours", "--by", "tenant", "--from", "2026-03-02T04:00:00Z", "--to", "2026-03-02T11:00:00Z"))[1..]);
        Assert.AreEqual("ai,48,0,0,12600000000,12600000000,0,1800000000,1800000000,0,72000000000,72000000000,0,3600000000", (await LinesAsync(center, "card-hours", "--by", "pool"))[1]);
        Assert.AreEqual("a,ai,24,0,0,12600000000,12600000000,0,900000000,900000000,0,29700000000,29700000000,0", (await LinesAsync(center, "card-hours", "--by", "device", "--card", "a")).Last());
    }

    [TestMethod]
    public async Task Jobs_BackIntoTheStore_AreAllDuplicates()
    {
        using var center = new TestCenter();
        await TwoCardsAsync(center);
        var states = string.Concat(
            ((string[])["COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "REQUEUED", "UNKNOWN"])
                .Select((state, i) => $"c,s{i},\"t, \"\"u\"\"\",2026-03-02T01:00:00Z,2026-03-02T01:00:00.25Z,2026-03-02T02:00:00.000001Z,3,{state},m,2026-03-02T01:00:00Z,high,true,3600,s0,{i},\"run, \"\"{i}\"\"\",fp64\n"));
        var file = center.Write(
            "all.csv", "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,model,eligible_utc,priority,preemptible,requested_s,attempt_of,revision,name,precision\n" + states + "c,w,t,1772409600,,,1,PENDING\nc,r,t,1772409600,1772409600,,1,RUNNING\n");
        await center.SucceedAsync("ingest", "jobs", file, "--center", "case", "--at", "2026-03-03T00:00:00Z");
        var before = await center.SucceedAsync("verify", "store", "--json");

        var exported = Path.Combine(center.Folder, "out", "jobs.csv");
        Assert.Contains("--at 2026-03-03T00:00:00Z", await center.SucceedAsync("export", "jobs", "--out", exported, "--lang", "en"), StringComparison.Ordinal);
        var again = await center.SucceedAsync("ingest", "jobs", exported, "--center", "case", "--at", "2026-03-03T00:00:00Z", "--json");

        Assert.Contains("\"received\":12,\"accepted\":12,", again, StringComparison.Ordinal);
        Assert.Contains("\"new\":0,\"duplicates\":13,\"conflicts\":0", again, StringComparison.Ordinal);
        Assert.AreEqual(before, await center.SucceedAsync("verify", "store", "--json"));
        Assert.HasCount(1 + 11, await LinesAsync(center, "jobs", "--from", "2026-03-02T00:30:00Z", "--to", "2026-03-02T01:30:00Z", "--center", "case"));
    }

    [TestMethod]
    public async Task Telemetry_BackIntoTheStore_ChangesNothing()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        var rows = string.Concat(Enumerable.Range(0, 400).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{1_772_409_600 + (15 * i)}.{i % 1000:000},\"npu,{i % 2}\",h,p,{(i % 7 == 0 ? "" : (i * 0.2501).ToString(CultureInfo.InvariantCulture))},{(i * 204.7m) + (i / 1024m)},{i}.{i % 1000:000},{40 - (i * 0.125)}\n")));
        await center.SucceedAsync("ingest", "telemetry", center.Write("raw.csv", "timestamp,card,host,partition,utilization,memory_used_mib,power_w,temperature_c\n" + rows), "--center", "case", "--format", "csv");
        var before = await center.SucceedAsync("verify", "store", "--json");

        var exported = Path.Combine(center.Folder, "raw-out.csv");
        await center.SucceedAsync("export", "telemetry", "--out", exported);
        Assert.HasCount(401, await File.ReadAllLinesAsync(exported));
        var again = await center.SucceedAsync("ingest", "telemetry", exported, "--center", "case", "--format", "csv", "--json");

        Assert.Contains("\"new\":0,\"duplicates\":400,\"conflicts\":0", again, StringComparison.Ordinal);
        Assert.AreEqual(before, await center.SucceedAsync("verify", "store", "--json"));
        Assert.HasCount(1 + 2, await LinesAsync(center, "telemetry", "--card", "npu,1", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-02T00:01:00Z"));
    }

    [TestMethod]
    [DataRow("card-hours", "--from", "2026-03-02T00:30:00Z", "the begin of an hour", "整点", DisplayName = "inside an hour")]
    [DataRow("card-hours", "--card", "nope", "a, b", "a, b", DisplayName = "unknown card")]
    [DataRow("telemetry", "--card", "nope", "a, b", "a, b", DisplayName = "unknown card of telemetry")]
    [DataRow("telemetry", "--as-of", "2026-03-02T00:30:00Z", "no --as-of", "不带 --as-of", DisplayName = "as of")]
    [DataRow("jobs", "--from", "soon", "soon", "soon", DisplayName = "no time")]
    public async Task Export_ArgumentOfNoUse_SaysWhatIs(string kind, string option, string value, string english, string chinese)
    {
        using var center = new TestCenter(now: "2026-03-02T00:00:00Z");
        await TwoCardsAsync(center);
        foreach (var (language, expected) in ((string, string)[])[("en", english), ("zh-CN", chinese)])
        {
            var (code, output, errors) = await center.RunAsync("export", kind, option, value, "--center", "case", "--lang", language);
            Assert.AreEqual((2, ""), (code, output));
            Assert.Contains(expected, errors, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public async Task Export_WindowThatEndsBeforeItBegins_IsAUsageError()
    {
        using var center = new TestCenter();
        await TwoCardsAsync(center);

        Assert.AreEqual(2, (await center.RunAsync("export", "jobs", "--from", "2026-03-03", "--to", "2026-03-02")).Code);
        Assert.AreEqual(2, (await center.RunAsync("export", "card-hours", "--by", "color")).Code);
        Assert.AreEqual(1, (await center.RunAsync("export", "jobs", "--center", "nowhere")).Code);
    }

    [TestMethod]
    public async Task Export_SeveralCentersAndNoneNamed_AsksWhich()
    {
        using var center = new TestCenter();
        await TwoCardsAsync(center);
        await center.SucceedAsync("ingest", "jobs", center.Write("other.csv", JobsHeader + "c,1,t,1772409600,1772409600,1772409700,1,UNKNOWN\n"), "--center", "other");
        var (code, _, errors) = await center.RunAsync("export", "jobs", "--lang", "en");

        Assert.AreEqual(2, code);
        Assert.Contains("case, other", errors, StringComparison.Ordinal);
    }
}
