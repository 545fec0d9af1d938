using System.Globalization;
using System.Text.Json;

namespace Headroom.Service.Tests.Cases;

/// <summary>The saturation report as a user gets it: files in, commands, the answer out.</summary>
[TestClass]
public sealed class SaturationCases
{
    private const int Days = 10;
    private static readonly DateOnly First = new(2026, 3, 2);
    private static readonly string Last = Iso(Days - 1);

    // Four cards; every day 8 jobs of one card and 24 h: four run, four wait and give up at midnight. The log is whole from its first end on.
    [TestMethod]
    public async Task Report_TwiceTheCapacityInTheJobLog_IsSaturatedSinceTheFirstWholeDay()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, jobs: string.Concat(Enumerable.Range(0, Days).SelectMany(day => Enumerable.Range(0, 8).Select(job => Job(day, job, runs: job < 4)))));
        await center.SucceedAsync("ingest", "requests", center.Write("requests.csv", Requests), "--center", "case");

        using var report = await ReportAsync(center);

        var pool = report.RootElement.GetProperty("pools")[0];
        Assert.AreEqual("saturated_since", pool.GetProperty("saturation").GetProperty("status").GetString());
        Assert.AreEqual(Iso(1), pool.GetProperty("saturation").GetProperty("since").GetString());
        Assert.AreEqual("estimate", pool.GetProperty("demand").GetProperty("answer").GetString());
        var (demand, capacity) = (Cell(report, "pool.ai.D_latent"), Cell(report, "pool.ai.C_usable"));
        Assert.AreEqual(4 * 0.256, capacity, 1e-9);
        Assert.IsInRange(1.9 * capacity, 2.6 * capacity, demand);
        Assert.AreEqual(demand / capacity, Cell(report, "pool.ai.Oversubscription"), 1e-9);
        Assert.AreEqual(capacity - demand, Cell(report, "pool.ai.Headroom"), 1e-9);
        Assert.AreEqual((0.9 * capacity) - demand, Cell(report, "pool.ai.HeadroomAtTarget"), 1e-9);
        Assert.AreEqual(4 * 0.256, Cell(report, "pool.ai.D_served"), 1e-9);
        Assert.AreEqual(4 * 0.256, Cell(report, "pool.ai.D_queued"), 1e-9);
        Assert.AreEqual(2 * 0.256, Cell(report, "pool.ai.D_reserved"), 1e-9);
        Assert.AreEqual(3 * 0.256, Cell(report, "pool.ai.D_rejected"), 1e-9);
    }

    // F13: full all the time, and only telemetry.
    [TestMethod]
    public async Task Report_FullByTelemetryAlone_IsSaturatedWithoutASize()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Inventory, telemetry: string.Concat(Enumerable.Range(0, Days * 24 * 60).SelectMany(minute => Enumerable.Range(1, 4).Select(card => $"{TestCenter.At(minute / 60.0, Iso(0))},c{card},99\n"))));

        using var report = await ReportAsync(center);

        var pool = report.RootElement.GetProperty("pools")[0];
        Assert.AreEqual("saturated_since", pool.GetProperty("saturation").GetProperty("status").GetString());
        Assert.AreEqual("lower_bound", pool.GetProperty("demand").GetProperty("answer").GetString());
        Assert.AreEqual("full_without_queue", pool.GetProperty("demand").GetProperty("reason").GetString());
        foreach (var cell in report.RootElement.GetProperty("cells").EnumerateArray().Where(c => c.GetProperty("metric").GetString() is "D_latent" or "Oversubscription" or "Headroom" or "HeadroomAtTarget"))
        {
            Assert.AreEqual(JsonValueKind.Null, cell.GetProperty("value").ValueKind, cell.GetProperty("cell").GetString());
        }
    }

    private static string Inventory => string.Concat(Enumerable.Range(1, 4).Select(card => $"c{card},h1,{card},T256,ai,installed,{TestCenter.At(0, Iso(0))},,\n"));

    private static string Requests =>
        "request_id,center,tenant,pool,cards,submitted,wanted_from,wanted_to,state,decided,reason,probability\n"
        + $"r1,case,other,ai,2,{TestCenter.At(0, Last)},2026-04-01T00:00:00Z,,APPROVED,{TestCenter.At(0, Last)},,1\n"
        + $"r2,case,third,ai,3,{TestCenter.At(0, Iso(1))},2026-04-01T00:00:00Z,,REJECTED,{TestCenter.At(0, Iso(2))},no capacity,0\n";

    private static string Job(int day, int job, bool runs)
    {
        var (from, until) = (TestCenter.At(0, Iso(day)), TestCenter.At(24, Iso(day)));
        return $"c,{day}-{job},t,{from},{(runs ? from : "")},{until},1,{(runs ? "COMPLETED" : "CANCELLED")},ai,{(runs ? $"c{job + 1}" : "")}\n";
    }

    private static async Task<JsonDocument> ReportAsync(TestCenter center)
    {
        await center.SucceedAsync("report", "saturation", "--center", "case", "--day", Last, "--format", "json,html", "--out", center.Folder);
        return JsonDocument.Parse(await File.ReadAllTextAsync(Directory.GetFiles(center.Folder, $"saturation-case-{Last}.*.json").Single()));
    }

    private static double Cell(JsonDocument report, string name) =>
        report.RootElement.GetProperty("cells").EnumerateArray().Single(cell => cell.GetProperty("cell").GetString() == name).GetProperty("value").GetDouble();

    private static string Iso(int day) => First.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
