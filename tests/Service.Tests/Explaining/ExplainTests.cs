using System.Text.Json;
using Headroom.Service.Tests.Cases;
using Headroom.Service.Tests.Serving;

namespace Headroom.Service.Tests.Explaining;

[TestClass]
public sealed class ExplainTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Explain_EveryCellOfDayWeekAndMonth_IsWorkedOutAgainAndEqual()
    {
        using var center = new TestCenter();
        await ReportedCenter.FillAsync(center);
        foreach (var (kind, least) in ((string, int)[])[("daily", 150), ("weekly", 60), ("monthly", 120)])
        {
            await center.SucceedAsync("report", kind, "--center", "case", "--day", ReportedCenter.LastDay, "--out", center.Folder, "--format", "json");
            var all = JsonDocument.Parse((await center.RunAsync("explain", $"{kind}-case-{ReportedCenter.LastDay}", "--all", "--json")).Output).RootElement;

            var (cells, equal) = (all.GetProperty("cells").GetInt32(), all.GetProperty("equal").GetInt32());
            TestContext.WriteLine($"{kind}: {cells} cells, {equal} equal, {all.GetProperty("not_worked_out").GetArrayLength()} not worked out again");
            Assert.AreEqual(0, all.GetProperty("different").GetInt32(), kind);
            Assert.AreEqual(cells, equal, kind);
            Assert.IsGreaterThan(least, equal);
        }
    }

    [TestMethod]
    public async Task Explain_OneCell_NamesItsRowsWhoseSumsAreTheNumber()
    {
        using var center = new TestCenter();
        await ReportedCenter.FillAsync(center);
        var cell = JsonDocument.Parse((await center.RunAsync("explain", $"daily-case-{ReportedCenter.LastDay}", "tenant.uni.pool.ai.allocated", "--json")).Output).RootElement;

        Assert.AreEqual("Allocated", cell.GetProperty("metric").GetString());
        Assert.IsTrue(cell.GetProperty("agrees").GetBoolean());
        var rows = cell.GetProperty("rows").EnumerateArray().ToList();
        Assert.HasCount(cell.GetProperty("row_count").GetInt32(), rows);
        Assert.IsTrue(rows.All(row => row.GetProperty("device").GetString() == "a2-new"));

        // A card of 256 TFLOPS for five hours of the day; cells 2 to 4 are the allocated ones.
        var allocated = rows.Sum(row => row.GetProperty("cells_us").EnumerateArray().Skip(2).Take(3).Sum(value => value.GetInt64()));
        Assert.AreEqual(5L * 3_600_000_000, allocated);
        Assert.AreEqual(5 * 0.256, cell.GetProperty("value").GetDouble(), 1e-12);

        var text = (await center.RunAsync("explain", $"daily-case-{ReportedCenter.LastDay}", "pool.ai.U3", "--lang", "zh-CN")).Output;
        Assert.Contains("U3@1", text, StringComparison.Ordinal);
        Assert.Contains("一致", text, StringComparison.Ordinal);
        Assert.Contains("telemetry.csv", text, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("daily-case-2026-04-12", "pool.ai.U9", "pool.ai", DisplayName = "no such cell")]
    [DataRow("yearly-case-2026-04-12", "pool.ai.U3", "daily|weekly|monthly", DisplayName = "no such kind of report")]
    [DataRow("daily-nowhere-2026-04-12", "pool.ai.U3", "case", DisplayName = "no such center")]
    public async Task Explain_WhatIsNotThere_SaysWhatIs(string report, string cell, string named)
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900, "2026-04-12"));
        var (code, _, errors) = await center.RunAsync("explain", report, cell);

        Assert.IsGreaterThan(0, code);
        Assert.Contains(named, errors, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Page_NumberOfADay_LinksToItsRows()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card", host: "n 1/2"), Rows.Gauge("card", 0, 24, 50, 900), Rows.Job("1", "uni", 0, 24, 1, "ai", "card"));
        await using var service = await RunningService.StartAsync(center);
        var day = await service.GetAsync($"/centers/case/days/{TestCenter.Day}");
        Assert.Contains($"href=\"/reports/daily-case-{TestCenter.Day}/cells/pool.ai.U3\"", day, StringComparison.Ordinal);

        foreach (var cell in (string[])["pool.ai.U3", "pool.ai.host.n 1/2.U3", "source.1.received", "tenant.uni.pool.ai.used"])
        {
            var page = await service.GetAsync($"/reports/daily-case-{TestCenter.Day}/cells/{Uri.EscapeDataString(cell)}");
            Assert.Contains("equal", page, StringComparison.Ordinal);
            Assert.DoesNotContain("DIFFERS", page, StringComparison.Ordinal);
        }

        Assert.Contains("一致", await service.GetAsync("/reports/weekly-case-2026-03-02/cells/pool.ai.U3", "zh-CN"), StringComparison.Ordinal);
        await service.GetAsync($"/reports/daily-case-{TestCenter.Day}/cells/pool.ai.U9", status: 404);
        foreach (var path in (string[])["/centers/case/weeks/2026-03-04", "/centers/case/months/2026-03-31"])
        {
            Assert.Contains("pool.ai.U3", await service.GetAsync(path), StringComparison.Ordinal);
        }
    }
}
