using System.Text.Json;
using Headroom.Service.Tests.Cases;
using Headroom.Service.Tests.Serving;

namespace Headroom.Service.Tests.Explaining;

/// <summary>Accounts by anything, through the API, exports and pages.</summary>
[TestClass]
public sealed class AccountTests
{
    private const string From = "2026-03-30";
    private const string CutsHour = "2026-04-12T02:10:00Z";

    private static readonly string[] Cells =
    [
        "down", "maintenance", "allocated_busy", "allocated_idle", "allocated_use_unknown", "alloc_unknown_busy", "alloc_unknown_idle", "alloc_unknown_use_unknown",
        "free_busy", "free_idle", "free_use_unknown",
    ];


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

    // Ten minutes of a card at 49 %, and a night cut in the middle of hours.
    [TestMethod]
    public async Task Export_AWindowThatCutsHours_IsExactByAnythingAndTheSumOfItsParts()
    {
        using var center = new TestCenter(now: "2026-04-14T00:00:00Z");
        await ReportedCenter.FillAsync(center);
        async Task<Dictionary<string, Int128[]>> ReadAsync(string by, string from, string to)
        {
            var text = await center.RunAsync("export", "card-hours", "--center", "case", "--from", from, "--to", to, "--by", by);
            Assert.AreEqual(0, text.Code, text.Errors);
            var rows = text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
            var columns = rows[0].Index().Where(column => column.Item == "device_micros" || Cells.Contains(column.Item)).Select(column => column.Index).ToList();
            Assert.IsNotEmpty(columns, by);
            return rows.Skip(1).ToDictionary(row => string.Join('/', row.Take(by is "tenant" ? 3 : by is "pool" ? 1 : 2)), row => columns.Select(column => Cell(row, column)).ToArray());
        }

        var a0 = (await ReadAsync("device", CutsHour, "2026-04-12T02:20:00Z"))["a0/ai"];
        Assert.AreEqual((294_000_000, 306_000_000), (a0[Array.IndexOf(Cells, "free_busy")], a0[Array.IndexOf(Cells, "free_idle")]));
        Assert.AreEqual(600_000_000, a0.Aggregate((Int128)0, (sum, cell) => sum + cell));
        foreach (var by in (string[])["device", "host", "model", "pool", "tenant", "sector", "platform", "priority", "center", "network"])
        {
            string[] cuts = ["2026-04-10T22:10:20Z", "2026-04-10T22:40:00Z", "2026-04-11T23:00:00Z", "2026-04-12T03:25:30Z", "2026-04-12T04:59:59Z"];
            var whole = await ReadAsync(by, cuts[0], cuts[^1]);
            var parts = new Dictionary<string, Int128[]>();
            foreach (var (from, to) in cuts.Zip(cuts.Skip(1)))
            {
                foreach (var (key, cells) in await ReadAsync(by, from, to))
                {
                    parts[key] = parts.TryGetValue(key, out var sum) ? [.. sum.Zip(cells, (left, right) => left + right)] : cells;
                }
            }

            CollectionAssert.AreEquivalent(whole.Keys.ToArray(), parts.Keys.ToArray(), by);
            foreach (var (key, cells) in whole)
            {
                CollectionAssert.AreEqual(cells, parts[key], $"{by} {key}");
            }

            Assert.IsTrue(whole.Values.Any(cells => cells.Any(cell => cell > 0)), by);
        }

        var early = await center.RunAsync("export", "card-hours", "--center", "case", "--from", CutsHour, "--by", "model", "--as-of", "2026-04-14T00:00:01Z");
        Assert.AreEqual(2, early.Code, "samples have no earlier view");
    }

    [TestMethod]
    public async Task Utilization_OfInstants_IsTheWindowThatWasAsked()
    {
        using var center = new TestCenter();
        await ReportedCenter.FillAsync(center);
        await using var service = await RunningService.StartAsync(center);
        var answer = JsonDocument.Parse(await service.Client.GetStringAsync("/api/utilization?center=case&from=2026-04-12T02:10:00Z&to=2026-04-12T02:20:00Z&by=device")).RootElement;
        var a0 = answer.GetProperty("accounts").EnumerateArray().Single(line => line.GetProperty("key").GetString() == "a0");

        Assert.AreEqual(0.49, Use(a0), 1e-15);
        Assert.AreEqual("2026-04-12T02:10:00Z", a0.GetProperty("total").GetProperty("from").GetString());
        using var empty = await service.Client.GetAsync("/api/utilization?center=case&from=2026-04-12T02:10:00Z&to=2026-04-12T02:10:00Z&by=device");
        Assert.AreEqual(400, (int)empty.StatusCode);
    }

    [TestMethod]
    public async Task Export_ByPriorityOfTwoClusters_KeepsJobsOfOneNumberApart()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("a0") + Rows.Installed("a1"));
        await center.SucceedAsync(
            "ingest",
            "jobs",
            center.Write(
                "jobs.csv",
                "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids,priority\n"
                    + $"east,7,uni,{TestCenter.At(0)},{TestCenter.At(0)},{TestCenter.At(2)},1,COMPLETED,ai,a0,high\n"
                    + $"west,7,maker,{TestCenter.At(1)},{TestCenter.At(1)},{TestCenter.At(4)},1,COMPLETED,ai,a1,low\n"
                    + $"west,7,maker,{TestCenter.At(5)},{TestCenter.At(5)},{TestCenter.At(6)},1,COMPLETED,ai,a1,\n"),
            "--center",
            "case");
        var rows = (await center.RunAsync("export", "card-hours", "--center", "case", "--from", TestCenter.Day, "--to", "2026-03-03", "--by", "priority")).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToDictionary(row => row[0], row => row[2]);

        CollectionAssert.AreEqual((string[])["high", "low", "none"], rows.Keys.Order(StringComparer.Ordinal).ToArray());
        Assert.AreEqual(("2", "3", "1"), (rows["high"], rows["low"], rows["none"]));
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
