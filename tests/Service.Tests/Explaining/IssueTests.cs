using Headroom.Service.Tests.Cases;
using static Headroom.Service.Tests.Cases.Rows;

namespace Headroom.Service.Tests.Explaining;

/// <summary>Late data make a second issue of a report, which says what changed and why.</summary>
[TestClass]
public sealed class IssueTests
{
    [TestMethod]
    public async Task Report_LateSamples_IsIssuedAgainWithADifference()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"), Gauge("card", 0, 12, 90, 900));
        var first = await center.DailyAsync();
        Assert.AreEqual(1, first.Root.GetProperty("issue").GetInt32());
        Assert.AreEqual(0, first.Root.GetProperty("changes").GetArrayLength());

        await center.SucceedAsync("ingest", "telemetry", center.Write("late.csv", "timestamp,card,utilization\n" + Gauge("card", 12, 24, 30, 900)), "--center", "case", "--format", "csv");
        var second = await center.DailyAsync();
        Assert.AreEqual(2, second.Root.GetProperty("issue").GetInt32());
        var use = second.Root.GetProperty("changes").EnumerateArray().Single(change => change.GetProperty("cell").GetString() == "pool.ai.U3");
        Assert.AreEqual(0.9, use.GetProperty("old").GetDouble(), 1e-12);
        Assert.AreEqual(0.6, use.GetProperty("new").GetDouble(), 1e-12);
        var since = second.Root.GetProperty("since").EnumerateArray().Single();
        Assert.EndsWith("late.csv", since.GetProperty("source").GetString()!, StringComparison.Ordinal);
        Assert.AreEqual(48, since.GetProperty("rows").GetInt32());

        // The same again is the same issue.
        var again = await center.DailyAsync();
        Assert.AreEqual(second.Root.GetRawText(), again.Root.GetRawText());
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", TestCenter.Day, "--out", center.Folder, "--lang", "zh-CN");
        Assert.Contains("第 2 版", File.ReadAllText(Path.Combine(center.Folder, $"daily-case-{TestCenter.Day}.zh-CN.html")), StringComparison.Ordinal);
    }

    // F17: the first 8 hours of today, busy.
    [TestMethod]
    public async Task Report_RunningDay_IsNoIssueAndNotCompared()
    {
        using var center = new TestCenter(now: "2026-03-02T08:00:00Z");
        await center.IngestAsync(Installed("card"), Gauge("card", 0, 8, 100, 900));
        foreach (var (kind, day) in ((string, string)[])[("daily", "2026-03-02"), ("weekly", "2026-03-02"), ("monthly", "2026-03-01")])
        {
            var report = await center.ReportAsync(kind, day);
            Assert.IsFalse(report.Root.TryGetProperty("issue", out _), kind);
            Assert.AreEqual("2026-03-02T08:00:00Z", report.Root.GetProperty("until").GetString());
            Assert.AreEqual(1, report.Value("pool.ai.U3")!.Value);
        }
    }
}
