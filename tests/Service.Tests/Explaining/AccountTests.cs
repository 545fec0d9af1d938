using System.Text.Json;
using Headroom.Service.Tests.Cases;
using Headroom.Service.Tests.Serving;

namespace Headroom.Service.Tests.Explaining;

/// <summary>Accounts by anything, through the API, exports and pages.</summary>
[TestClass]
public sealed class AccountTests
{
    private const string From = "2026-03-30";

    [TestMethod]
    public async Task Utilization_ByAnything_AddsUpToThePool()
    {
        using var center = new TestCenter();
        await ReportedCenter.FillAsync(center);
        await using var service = await RunningService.StartAsync(center);
        async Task<JsonElement[]> ByAsync(string by) =>
            [.. JsonDocument.Parse(await service.Client.GetStringAsync($"/api/utilization?center=case&from={From}&to={ReportedCenter.LastDay}&by={by}")).RootElement.GetProperty("accounts").EnumerateArray()];

        var pools = await ByAsync("pool");
        CollectionAssert.AreEqual((string[])["ai", "hpc"], pools.Select(pool => pool.GetProperty("key").GetString()).ToArray());
        foreach (var (by, accounts) in ((string, int)[])[("device", 4), ("host", 3), ("model", 3), ("center", 2), ("network", 2)])
        {
            Assert.HasCount(accounts, await ByAsync(by), by);
        }

        Assert.AreEqual(Use(pools[0]), Use((await ByAsync("center")).Single(line => line.GetProperty("precision").GetString() == "fp16")), 1e-15);
        foreach (var by in (string[])["tenant", "sector", "platform", "priority"])
        {
            Assert.IsNotEmpty(await ByAsync(by), by);
        }

        using var wrong = await service.Client.GetAsync("/api/utilization?center=case&by=color");
        Assert.AreEqual(400, (int)wrong.StatusCode);
    }

    [TestMethod]
    public async Task Export_ByPriority_IsTheAllocatedTimeOfTheTenants()
    {
        using var center = new TestCenter(now: "2026-04-14T00:00:00Z");
        await ReportedCenter.FillAsync(center);
        async Task<Int128> AllocatedAsync(string by)
        {
            var text = (await center.RunAsync("export", "card-hours", "--center", "case", "--from", From, "--to", "2026-04-13", "--by", by)).Output;
            var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
            var column = Array.IndexOf(rows[0], "allocated_busy");
            return rows.Skip(1).Aggregate((Int128)0, (sum, row) => sum + Cell(row, column) + Cell(row, column + 1) + Cell(row, column + 2));
        }

        var byModel = await AllocatedAsync("model");
        Assert.IsGreaterThan(0, byModel);
        Assert.AreEqual(byModel, await AllocatedAsync("sector"));
        Assert.AreEqual(byModel, await AllocatedAsync("priority"));
        Assert.AreEqual(byModel, await AllocatedAsync("network"));
    }

    [TestMethod]
    public async Task Pages_OfTenants_ShowWhatTheyHeldAndWaited()
    {
        using var center = new TestCenter();
        await ReportedCenter.FillAsync(center);
        await using var service = await RunningService.StartAsync(center);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            var list = await service.GetAsync("/centers/case/tenants", language);
            Assert.Contains("href=\"/centers/case/tenants/uni\"", list, StringComparison.Ordinal);
            Assert.Contains("IdleShare", await service.GetAsync("/centers/case/tenants/uni", language), StringComparison.Ordinal);
        }

        await service.GetAsync("/centers/case/tenants/nobody", status: 404);
    }

    private static Int128 Cell(string[] row, int column) => Int128.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture);

    private static double Use(JsonElement account) => account.GetProperty("total").GetProperty("u3").GetProperty("value").GetDouble();
}
