using System.Globalization;
using System.Text;

namespace Headroom.EndToEnd.Tests;

/// <summary>Facts that come late change reports, but none as of a time before they came.</summary>
[TestClass]
public sealed class AsOfTests
{
    private const string Day = "2026-03-02";

    private const string Center = """
        center: late
        name: {en: Late, zh: 迟到}
        zone: UTC
        pools:
          - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, model: Ascend 910A, devices: 2, devices_per_host: 2, gauge: true, devices_source: {assumed: true}}
        """;

    private const string Inventory = """
        card,host,slot,model,pool,event,from,to,reason
        c0,h,0,Ascend 910A,ai,installed,2026-02-01T00:00:00Z,,
        c1,h,1,Ascend 910A,ai,installed,2026-02-01T00:00:00Z,,

        """;

    private const string Jobs = """
        cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids
        k,1,physics,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,2026-03-02T06:00:00Z,1,COMPLETED,ai,c0

        """;

    private const string Catalog = """
        vendor,model,aliases,kind,fp16_dense_tflops,fp64_tflops,memory_mib,tdp_w,dies_per_card,source,source_date,certainty
        Huawei,Ascend 910A,910A,card,320,,32768,350,1,made up,2026-03-04,certain

        """;

    [TestMethod]
    [DataRow("telemetry of the day", DisplayName = "telemetry of the day, other values and rejects")]
    [DataRow("telemetry of the same file", DisplayName = "telemetry under the name of a file that had come")]
    [DataRow("telemetry of an earlier day", DisplayName = "telemetry of an earlier day")]
    [DataRow("job", DisplayName = "a job")]
    [DataRow("inventory", DisplayName = "an outage")]
    [DataRow("center", DisplayName = "a new version of the center file")]
    [DataRow("catalog", DisplayName = "a new version of the card catalog")]
    public async Task ReportDaily_AsOfBeforeALateFact_IsByteForByteTheReportOfThen(string late)
    {
        using var folder = new HeadroomFolder();
        var clock = new SetClock("2026-03-04T00:00:00Z");
        await folder.SucceedAsync("a", clock, "center", "add", folder.Write("center.yaml", Center));
        await folder.IngestAsync("a", clock, "inventory", folder.Write("inventory.csv", Inventory), "--center", "late");
        await folder.IngestAsync("a", clock, "jobs", folder.Write("jobs.csv", Jobs), "--center", "late", "--at", "2026-03-03T00:00:00Z");
        await folder.IngestAsync("a", clock, "telemetry", folder.Write("telemetry.csv", Telemetry("2026-03-01", 48, 60)), "--center", "late");
        await folder.IngestAsync("a", clock, "telemetry", folder.Write("noisy.csv", "timestamp,card,utilization\n2026-03-02T23:00:01Z,c0,255\n"), "--center", "late");
        await ReportAsync(folder, clock, "issued");
        clock.Now += TimeSpan.FromMinutes(1);
        var asOf = clock.Text;
        var before = await ReportAsync(folder, clock, "before", "--as-of", asOf);
        var latest = await ReportAsync(folder, clock, "latest");
        clock.Now += TimeSpan.FromMinutes(10);

        await LateAsync(folder, clock, late);

        var after = await ReportAsync(folder, clock, "after", "--as-of", asOf);
        Assert.AreEqual(before.Json, after.Json);
        Assert.AreEqual(before.Html, after.Html);
        var now = await ReportAsync(folder, clock, "now");
        Assert.AreNotEqual(latest.Html, now.Html);
    }

    private static Task LateAsync(HeadroomFolder folder, SetClock clock, string late) => late switch
    {
        "telemetry of the day" => folder.IngestAsync(
            "a", clock, "telemetry", folder.Write("late.csv", Telemetry(Day, 24, 80) + "2026-03-02T23:00:02Z,c1,150\n2026-03-02T23:00:03Z,c1,N/A\n"), "--center", "late", "--revision", "1"),
        "telemetry of the same file" => folder.IngestAsync(
            "a", clock, "telemetry", folder.Write("telemetry.csv", Telemetry("2026-03-03", 2, 80)), "--center", "late"),
        "telemetry of an earlier day" => folder.IngestAsync("a", clock, "telemetry", folder.Write("late.csv", Telemetry("2026-02-20", 24, 30)), "--center", "late"),
        "job" => folder.IngestAsync(
            "a",
            clock,
            "jobs",
            folder.Write("late.csv", Jobs + "k,2,biology,2026-03-01T00:00:00Z,2026-03-02T07:00:00Z,2026-03-02T17:00:00Z,1,COMPLETED,ai,c1\n"),
            "--center",
            "late",
            "--at",
            "2026-03-03T12:00:00Z"),
        "inventory" => folder.IngestAsync(
            "a", clock, "inventory", folder.Write("late.csv", Inventory + "c1,h,1,,,down,2026-03-02T03:00:00Z,2026-03-02T09:00:00Z,fan\n"), "--center", "late"),
        "catalog" => folder.SucceedAsync("a", clock, "center", "catalog", folder.Write("catalog.csv", Catalog)),
        _ => folder.SucceedAsync("a", clock, "center", "add", folder.Write("center.yaml", Center.Replace("en: Late", "en: Later", StringComparison.Ordinal))),
    };

    private static async Task<(string Json, string Html)> ReportAsync(HeadroomFolder folder, SetClock clock, string into, params string[] more)
    {
        await folder.SucceedAsync("a", clock, ["report", "daily", "--center", "late", "--day", Day, "--lang", "en", "--out", folder.At(into), .. more]);
        return (await File.ReadAllTextAsync(folder.At(into, $"daily-late-{Day}.en.json")), await File.ReadAllTextAsync(folder.At(into, $"daily-late-{Day}.en.html")));
    }

    private static string Telemetry(string from, int hours, int use)
    {
        var text = new StringBuilder("timestamp,card,utilization\n");
        var begin = DateTimeOffset.ParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        for (var minute = 1; minute <= hours * 60; minute++)
        {
            for (var card = 0; card < 2; card++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{begin.AddMinutes(minute).ToUnixTimeSeconds()},c{card},{use + (card * 10)}\n");
            }
        }

        return text.ToString();
    }
}
