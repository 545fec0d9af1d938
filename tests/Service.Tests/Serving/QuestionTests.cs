using System.Net;
using System.Text.Json;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Serving;

/// <summary>What the API answers, and how it says that it cannot.</summary>
[TestClass]
public sealed class QuestionTests
{
    [TestMethod]
    public async Task Utilization_ByDayAndHour_HasPointCoverageAndBounds()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        using var day = JsonDocument.Parse(await service.GetAsync($"/api/utilization?center=case&from={TestCenter.Day}&to={TestCenter.Day}&grain=day"));
        var pool = day.RootElement.GetProperty("pools").EnumerateArray().Single(entry => entry.GetProperty("pool").GetString() == "ai");
        var use = pool.GetProperty("total").GetProperty("u3");
        Assert.AreEqual(0.5, use.GetProperty("value").GetDouble(), 1e-9);
        Assert.AreEqual("U3@1", use.GetProperty("metric").GetString());
        Assert.IsGreaterThan(0.9, use.GetProperty("coverage").GetDouble());
        Assert.IsLessThanOrEqualTo(0.5, use.GetProperty("low").GetDouble());
        Assert.IsGreaterThanOrEqualTo(0.5, use.GetProperty("high").GetDouble());
        Assert.AreEqual("no_allocation_source", pool.GetProperty("total").GetProperty("u1s").GetProperty("gap").GetString());
        using var hours = JsonDocument.Parse(await service.GetAsync($"/api/utilization?center=case&from={TestCenter.Day}&grain=hour"));
        Assert.AreEqual(24, hours.RootElement.GetProperty("pools")[0].GetProperty("points").GetArrayLength());
    }

    [TestMethod]
    [DataRow("/api/utilization", 400, DisplayName = "no center")]
    [DataRow("/api/utilization?center=nowhere", 404, DisplayName = "unknown center")]
    [DataRow("/api/utilization?center=case&from=yesterday", 400, DisplayName = "no day")]
    [DataRow("/api/utilization?center=case&grain=year", 400, DisplayName = "unknown grain")]
    [DataRow("/api/utilization?center=case&from=2026-03-02&to=2026-03-01", 400, DisplayName = "backwards")]
    [DataRow("/api/utilization?center=case&from=2026-07-01", 400, DisplayName = "a day to come")]
    [DataRow("/api/forecast?center=case&pool=none", 400, DisplayName = "unknown pool")]
    [DataRow("/api/forecast?center=case&metric=U9", 400, DisplayName = "unknown metric")]
    [DataRow("/api/demand?center=nowhere", 404, DisplayName = "demand of an unknown center")]
    [DataRow("/api/demand?center=case&clear_by=soon", 400, DisplayName = "no day to clear by")]
    [DataRow("/api/saturation?center=case&pool=none", 400, DisplayName = "saturation of an unknown pool")]
    [DataRow("/api/centers/nowhere", 404, DisplayName = "unknown center by id")]
    [DataRow("/api/nothing", 404, DisplayName = "no such address")]
    [DataRow("/centers/nowhere", 404, DisplayName = "page of an unknown center")]
    [DataRow("/centers/case/cards/none", 404, DisplayName = "page of an unknown card")]
    [DataRow("/centers/case/days/tomorrow", 400, DisplayName = "page of no day")]
    [DataRow("/reports/daily-case.html", 404, DisplayName = "no such file")]
    [DataRow("/assets/none.css", 404, DisplayName = "no such asset")]
    public async Task Question_ThatCannotBeAnswered_SaysWhy(string path, int status)
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"));
        await using var service = await RunningService.StartAsync(center);
        Assert.IsNotEmpty(await service.GetAsync(path, "zh-CN", status));
    }

    [TestMethod]
    public async Task Question_ByAnotherMethod_SaysWhichFits()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var answer = await service.Client.DeleteAsync("/api/centers");
        Assert.AreEqual(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("GET", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Demand_CardsFullAllDayByTheJobs_IsAnEstimateOfWhatTheJobsHeld()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Each(4, card => Rows.Installed(card)), jobs: Rows.Job("1", "t", 0, 12, 4, "ai", Rows.Names(4)) + Rows.Job("2", "t", 12, 24, 4, "ai", Rows.Names(4)));
        await using var service = await RunningService.StartAsync(center);
        using var demand = JsonDocument.Parse(await service.GetAsync("/api/demand?center=case&pool=ai"));
        using var saturation = JsonDocument.Parse(await service.GetAsync("/api/saturation?center=case&pool=ai"));

        Assert.AreEqual("estimate", demand.RootElement.GetProperty("answer").GetProperty("answer").GetString());
        Assert.IsTrue(demand.RootElement.GetProperty("hours").EnumerateArray().All(hour => hour.GetProperty("demand").GetDouble() == 4));
        Assert.AreEqual(12, demand.RootElement.GetProperty("hours").GetArrayLength(), "from the first end in the log on it is whole");
        Assert.AreEqual("case", saturation.RootElement.GetProperty("center").GetString());
        Assert.IsNotEmpty(saturation.RootElement.GetProperty("saturation").GetProperty("status").GetString()!);
    }

    [TestMethod]
    public async Task Forecast_WithoutHistory_IsRefusedWithTheReason()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        using var answer = JsonDocument.Parse(await service.GetAsync("/api/forecast?center=case&pool=ai&metric=U3"));
        Assert.AreEqual("refused", answer.RootElement.GetProperty("answer").GetString());
        Assert.IsNotEmpty(answer.RootElement.GetProperty("reason").GetString()!);
    }

    [TestMethod]
    public async Task OpenApi_Document_NamesEveryPath()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var document = JsonDocument.Parse(await service.GetAsync("/openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        foreach (var path in (string[])["/api/centers", "/api/utilization", "/api/forecast", "/api/ingest/telemetry", "/api/ingest/jobs", "/api/ingest/inventory", "/api/v1/write", "/metrics", "/healthz", "/readyz"])
        {
            Assert.Contains(path, paths);
        }
    }

    [TestMethod]
    public async Task Health_OfARunningService_IsWell()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        Assert.AreEqual("ok\n", await service.GetAsync("/healthz"));
        Assert.AreEqual("ready\n", await service.GetAsync("/readyz"));
    }

    [TestMethod]
    public async Task Reports_File_IsWhatTheCommandWrites()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await center.DailyAsync();
        await using var service = await RunningService.StartAsync(center);
        Assert.AreEqual(await File.ReadAllTextAsync(Path.Combine(center.Folder, $"daily-case-{TestCenter.Day}.en.json")), await service.GetAsync($"/reports/daily-case-{TestCenter.Day}.en.json"));
    }

    [TestMethod]
    public async Task Centers_PostedFile_IsThereAtOnce()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        var yaml = await File.ReadAllTextAsync(Path.Combine(center.Folder, "center.yaml"));
        using var added = await service.PostAsync("/api/centers", yaml, "application/yaml");
        Assert.AreEqual(HttpStatusCode.OK, added.StatusCode, await added.Content.ReadAsStringAsync());
        Assert.Contains("/centers/case", await service.GetAsync("/"), StringComparison.Ordinal);
        using var broken = await service.PostAsync("/api/centers", "center: x\nzoen: UTC\n", "application/yaml");
        Assert.AreEqual(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("zone", await broken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // F13 over HTTP: full all the time, and only telemetry; with a job log the answer changes at once.
    [TestMethod]
    public async Task Saturation_FullByTelemetryAlone_IsSinceWithoutASizeUntilJobsCome()
    {
        using var center = new TestCenter();
        var telemetry = Rows.Each(4, card => string.Concat(Enumerable.Range(0, 8).Select(day => Rows.Gauge(card, 24 * day, 24 * (day + 1), 99, 600))));
        await center.IngestAsync(Rows.Each(4, card => Rows.Installed(card)), telemetry);
        await using var service = await RunningService.StartAsync(center);

        using (var demand = JsonDocument.Parse(await service.GetAsync("/api/demand?center=case&pool=ai")))
        using (var saturation = JsonDocument.Parse(await service.GetAsync("/api/saturation?center=case&pool=ai")))
        {
            Assert.AreEqual("lower_bound", demand.RootElement.GetProperty("answer").GetProperty("answer").GetString());
            Assert.IsTrue(demand.RootElement.GetProperty("hours").EnumerateArray().All(hour => hour.GetProperty("high80").ValueKind == JsonValueKind.Null));
            Assert.AreEqual("saturated_since", saturation.RootElement.GetProperty("saturation").GetProperty("status").GetString());
            Assert.IsInRange(3.9, 4.0, saturation.RootElement.GetProperty("saturation").GetProperty("demand").GetProperty("at_least").GetDouble());
        }

        var jobs = "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids\n"
            + string.Concat(Enumerable.Range(0, 8).Select(day => Rows.Job($"{day}", "t", 24 * day, 24 * (day + 1), 4, "ai", Rows.Names(4))));
        using var body = new StringContent(jobs, System.Text.Encoding.UTF8, "text/csv");
        using var taken = await service.Client.PostAsync(new Uri("/api/ingest/jobs?center=case", UriKind.Relative), body, CancellationToken.None);
        Assert.IsTrue(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync(CancellationToken.None));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.GetAsync("/api/demand?center=case&pool=ai")));
        Assert.IsTrue(answers.All(answer => answer.Contains("\"estimate\"", StringComparison.Ordinal)), "what was acknowledged is in the next answer, whoever asks");
    }
}
