using System.Net;
using System.Text.Json;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Serving;

/// <summary>Bodies of telemetry and records, over HTTP.</summary>
[TestClass]
public sealed class IngestRequestTests
{
    private const string Header = "timestamp,card,utilization\n";

    [TestMethod]
    public async Task Ingest_TelemetryBody_IsInTheStoreAndOnThePages()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"));
        await using var service = await RunningService.StartAsync(center);
        using var answer = await service.PostAsync("/api/ingest/telemetry?center=case&format=csv", Header + Rows.Gauge("card", 0, 24, 50, 900) + $"{TestCenter.At(3)},card,950\n");
        var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, report.ToString());
        Assert.AreEqual(report.GetProperty("received").GetInt64(), report.GetProperty("accepted").GetInt64() + 1);
        Assert.AreEqual(1, report.GetProperty("rejected").GetProperty("out_of_range").GetInt64());
        var metrics = await service.GetAsync("/metrics");
        Assert.Contains("headroom_received_rows_total{center=\"case\",source=\"http-telemetry\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("http-telemetry", await service.GetAsync("/sources"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Ingest_SameBodyTwice_IsTakenOnce()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"));
        await using var service = await RunningService.StartAsync(center);
        for (var turn = 0; turn < 2; turn++)
        {
            using var answer = await service.PostAsync("/api/ingest/telemetry?center=case&format=csv", Header + Rows.Gauge("card", 0, 24, 50, 900));
            var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.AreEqual(turn == 0 ? report.GetProperty("accepted").GetInt64() : 0, report.GetProperty("new").GetInt64());
        }
    }

    [TestMethod]
    public async Task Ingest_JobsAndInventory_AreTaken()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await using var service = await RunningService.StartAsync(center);
        using var inventory = await service.PostAsync("/api/ingest/inventory?center=case", "card,host,slot,model,pool,event,from,to,reason\n" + Rows.Installed("card"));
        Assert.AreEqual(HttpStatusCode.OK, inventory.StatusCode, await inventory.Content.ReadAsStringAsync());
        using var jobs = await service.PostAsync("/api/ingest/jobs?center=case&at=2026-03-03T00:00:00Z",
            "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids\nc,1,t,2026-03-02T00:00:00Z,2026-03-02T01:00:00Z,2026-03-02T02:00:00Z,1,completed,ai,card\n");
        Assert.AreEqual(HttpStatusCode.OK, jobs.StatusCode, await jobs.Content.ReadAsStringAsync());
    }

    [TestMethod]
    [DataRow("allocations", "card,from,to,tenant,job_id,kind,share\ncard,2026-03-02T00:00:00Z,,t,,contract,1\n")]
    [DataRow("counts", "hour,tenant,installed,allocated,queued\n2026-03-02T00:00:00Z,t,8,4,1\n")]
    [DataRow("meter", "meter,scope,from,to,kwh\nm,it,2026-03-02T00:00:00Z,2026-03-03T00:00:00Z,12\n")]
    public async Task Ingest_HeldAndMetered_IsTakenOnceAndFoundAgain(string kind, string body)
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await using var service = await RunningService.StartAsync(center);
        for (var turn = 0; turn < 2; turn++)
        {
            using var answer = await service.PostAsync($"/api/ingest/{kind}?center=case", body);
            var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.AreEqual((1L, turn == 0), (report.GetProperty("accepted").GetInt64(), report.GetProperty("new").GetInt64() > 0), report.ToString());
        }
    }

    [TestMethod]
    [DataRow("/api/ingest/telemetry?center=case", "application/json", 415, "ContentTypeUnsupported", DisplayName = "wrong content type")]
    [DataRow("/api/ingest/requests?center=case", "text/plain", 415, "ContentTypeUnsupported", DisplayName = "records are CSV")]
    [DataRow("/api/ingest/telemetry?center=nowhere", "text/csv", 404, "CenterUnknown", DisplayName = "unknown center")]
    [DataRow("/api/ingest/telemetry", "text/csv", 400, "CenterNotNamed", DisplayName = "no center")]
    [DataRow("/api/ingest/telemetry?center=case&format=tea", "text/csv", 400, "ParameterUnusable", DisplayName = "unknown format")]
    [DataRow("/api/ingest/telemetry?center=case&revision=900", "text/csv", 400, "ParameterUnusable", DisplayName = "revision out of range")]
    [DataRow("/api/ingest/telemetry?center=case&revision=x", "text/csv", 400, "ParameterUnusable", DisplayName = "revision is no number")]
    [DataRow("/api/ingest/telemetry?center=case&simulated=perhaps", "text/csv", 400, "ParameterUnusable", DisplayName = "simulated is neither yes nor no")]
    [DataRow("/api/ingest/telemetry?center=case&at=noon", "text/csv", 400, "ParameterUnusable", DisplayName = "at is no instant")]
    public async Task Ingest_BadRequest_IsAProblemInTheLanguageAskedFor(string path, string type, int status, string code)
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await using var service = await RunningService.StartAsync(center);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            using var answer = await service.PostAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language, Header, type);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.AreEqual(status, (int)answer.StatusCode, body);
            Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType, body);
            var problem = JsonDocument.Parse(body).RootElement;
            Assert.AreEqual(code, problem.GetProperty("code").GetString());
            Assert.AreEqual(status, problem.GetProperty("status").GetInt32());
            Assert.AreEqual(language == "zh-CN", problem.GetProperty("detail").GetString()!.Any(letter => letter is >= '\u4e00' and <= '\u9fff'));
        }
    }

    [TestMethod]
    public async Task Ingest_MoreAtOnceThanFit_IsToldToComeBack()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await using var service = await RunningService.StartAsync(center, options => (options.IngestAtOnce, options.IngestWaiting, options.RetryAfterSeconds) = (1, 0, 7));
        using var held = new HeldBody();
        // The service says "continue" when it begins to read, and it reads when the body is let in.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ingest/telemetry?center=case&format=csv") { Content = held, Headers = { ExpectContinue = true } };
        var first = service.Client.SendAsync(request);
        await held.Begun;
        using var second = await service.PostAsync("/api/ingest/telemetry?center=case&format=csv", Header);
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.AreEqual(7, second.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        held.Finish();
        using var done = await first;
        Assert.AreEqual(HttpStatusCode.OK, done.StatusCode, await done.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Ingest_BodyOverTheBound_IsRefused()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await using var service = await RunningService.StartAsync(center, options => (options.LargestTelemetryBytes, options.LargestRecordsBytes) = (100, 100));
        foreach (var kind in (string[])["telemetry", "jobs"])
        {
            using var answer = await service.PostAsync($"/api/ingest/{kind}?center=case", Header + new string('x', 1_000));
            Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }
}
