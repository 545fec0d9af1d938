using System.Net;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Messages;
using Headroom.Service.Access;
using Headroom.Service.Tests.Cases;
using Headroom.Storage;
using Headroom.Storage.Sqlite;

namespace Headroom.Service.Tests.Serving;

/// <summary>The service as its users meet it: over HTTP, on a real port.</summary>
[TestClass]
public sealed class ServeTests
{
    private const string Header = "timestamp,card,utilization\n";

    [TestMethod]
    [DataRow("en", "Two ways", "headroom demo", DisplayName = "English")]
    [DataRow("zh-CN", "两种办法", "headroom demo", DisplayName = "Chinese")]
    public async Task Overview_EmptyDatabase_LeadsToTheDemoAndToACenter(string language, string lead, string demo)
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        var page = await service.GetAsync("/", language);
        Assert.Contains(lead, page, StringComparison.Ordinal);
        Assert.Contains(demo, page, StringComparison.Ordinal);
        Assert.Contains("href=\"/centers/new\"", page, StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\"", page, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Pages_OfACenterWithADay_AnswerInBothLanguagesWithoutAnythingFromElsewhere()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        foreach (var path in (string[])["/", "/centers/case", $"/centers/case/days/{TestCenter.Day}", $"/centers/case/cards/card?day={TestCenter.Day}", "/sources", "/design", "/centers/new"])
        {
            foreach (var (language, switchTo) in ((string, string)[])[("en", "?lang=zh-CN"), ("zh-CN", "?lang=en")])
            {
                var page = await service.GetAsync(path, language);
                Assert.Contains($"<html lang=\"{language}\"", page, StringComparison.Ordinal);
                Assert.Contains(switchTo, page, StringComparison.Ordinal);
                Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
                Assert.DoesNotContain("url(http", page, StringComparison.Ordinal);
            }
        }
    }

    [TestMethod]
    public async Task Overview_DayWithUseOfOneHalf_PrintsIt()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        var page = await service.GetAsync("/");
        Assert.Contains($"/centers/case/days/{TestCenter.Day}", page, StringComparison.Ordinal);
        Assert.Contains("50.0", page, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Card_OfADay_ShowsItsSamples()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        var page = await service.GetAsync($"/centers/case/cards/card?day={TestCenter.Day}");
        Assert.Contains("data-chart=\"card-states\"", page, StringComparison.Ordinal);
        Assert.Contains("data-chart=\"card-samples\"", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">00:15:00</th>", page, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Headers_OfAPage_ForbidWhatIsNotOurs()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var answer = await service.Client.GetAsync("/");
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.AreEqual("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [TestMethod]
    public async Task Language_AskedFor_HoldsByCookie()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var answer = await service.Client.GetAsync("/?lang=zh-CN");
        Assert.StartsWith("lang=zh-CN", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

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
    public async Task Ingest_TelemetryBody_IsInTheStoreAndOnThePages()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"));
        await using var service = await RunningService.StartAsync(center);
        using var answer = await PostAsync(service, "/api/ingest/telemetry?center=case&format=csv", Header + Rows.Gauge("card", 0, 24, 50, 900) + $"{TestCenter.At(3)},card,950\n");
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
            using var answer = await PostAsync(service, "/api/ingest/telemetry?center=case&format=csv", Header + Rows.Gauge("card", 0, 24, 50, 900));
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
        using var inventory = await PostAsync(service, "/api/ingest/inventory?center=case", "card,host,slot,model,pool,event,from,to,reason\n" + Rows.Installed("card"));
        Assert.AreEqual(HttpStatusCode.OK, inventory.StatusCode, await inventory.Content.ReadAsStringAsync());
        using var jobs = await PostAsync(
            service,
            "/api/ingest/jobs?center=case&at=2026-03-03T00:00:00Z",
            "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids\nc,1,t,2026-03-02T00:00:00Z,2026-03-02T01:00:00Z,2026-03-02T02:00:00Z,1,completed,ai,card\n");
        Assert.AreEqual(HttpStatusCode.OK, jobs.StatusCode, await jobs.Content.ReadAsStringAsync());
    }

    [TestMethod]
    [DataRow("/api/ingest/telemetry?center=case", "application/json", 415, "ContentTypeUnsupported", DisplayName = "wrong content type")]
    [DataRow("/api/ingest/jobs?center=case", "text/plain", 415, "ContentTypeUnsupported", DisplayName = "records are CSV")]
    [DataRow("/api/ingest/telemetry?center=nowhere", "text/csv", 404, "CenterUnknown", DisplayName = "unknown center")]
    [DataRow("/api/ingest/telemetry", "text/csv", 400, "CenterNotNamed", DisplayName = "no center")]
    [DataRow("/api/ingest/telemetry?center=case&format=tea", "text/csv", 400, "UsageError", DisplayName = "unknown format")]
    [DataRow("/api/ingest/telemetry?center=case&revision=900", "text/csv", 400, "UsageError", DisplayName = "revision out of range")]
    [DataRow("/api/ingest/telemetry?center=case&revision=x", "text/csv", 400, "BodyCutShort", DisplayName = "revision is no number")]
    [DataRow("/api/v1/write?center=case", "text/csv", 415, null, DisplayName = "remote write of something else")]
    public async Task Ingest_BadRequest_IsAProblemInTheLanguageAskedFor(string path, string type, int status, string? code)
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await using var service = await RunningService.StartAsync(center);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            using var answer = await PostAsync(service, path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language, Header, type);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.AreEqual(status, (int)answer.StatusCode, body);
            Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType, body);
            if (code is not null)
            {
                var problem = JsonDocument.Parse(body).RootElement;
                Assert.AreEqual(code, problem.GetProperty("code").GetString());
                Assert.AreEqual(status, problem.GetProperty("status").GetInt32());
                Assert.AreEqual(language == "zh-CN", problem.GetProperty("detail").GetString()!.Any(letter => letter is >= '\u4e00' and <= '\u9fff'));
            }
        }
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
        using var added = await PostAsync(service, "/api/centers", yaml, "application/yaml");
        Assert.AreEqual(HttpStatusCode.OK, added.StatusCode, await added.Content.ReadAsStringAsync());
        Assert.Contains("/centers/case", await service.GetAsync("/"), StringComparison.Ordinal);
        using var broken = await PostAsync(service, "/api/centers", "center: x\nzoen: UTC\n", "application/yaml");
        Assert.AreEqual(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("zone", await broken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task NewCenter_ItsTemplate_LoadsAsItStands()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var form = new FormUrlEncodedContent([new("file", Pages.NewCenterPage.Template)]);
        using var answer = await service.Client.PostAsync("/centers/new", form);
        Assert.AreEqual(HttpStatusCode.Redirect, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Contains("node-001", await service.GetAsync("/sources"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Request_FromAnotherSite_IsRefused()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/centers") { Content = new StringContent("center: x", Encoding.UTF8, "text/plain") };
        foreign.Headers.Add("Origin", "http://elsewhere.example");
        using var refused = await service.Client.SendAsync(foreign);
        Assert.AreEqual(HttpStatusCode.Forbidden, refused.StatusCode);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/centers");
        rebound.Headers.Host = "elsewhere.example";
        using var alsoRefused = await service.Client.SendAsync(rebound);
        Assert.AreEqual(HttpStatusCode.Forbidden, alsoRefused.StatusCode);
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
        using var second = await PostAsync(service, "/api/ingest/telemetry?center=case&format=csv", Header);
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
            using var answer = await PostAsync(service, $"/api/ingest/{kind}?center=case", Header + new string('x', 1_000));
            Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [TestMethod]
    public async Task Stop_WhileABodyIsPosted_KeepsWhatWasAcknowledged()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        long acknowledged;
        await using (var service = await RunningService.StartAsync(center))
        {
            using var body = new HeldBody();
            // The service says "continue" when it begins to read: only then is the body its business.
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ingest/telemetry?center=case&format=csv") { Content = body, Headers = { ExpectContinue = true } };
            var posting = service.Client.SendAsync(request);
            await body.Begun;
            var stopping = service.StopAsync();
            body.Finish();
            using var answer = await posting;
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, await answer.Content.ReadAsStringAsync());
            acknowledged = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("new").GetInt64();
            await stopping;
            await Assert.ThrowsExactlyAsync<HttpRequestException>(() => service.Client.GetAsync("/healthz"));
        }

        Assert.AreEqual(HeldBody.Rows, acknowledged);
        await using var store = await SqliteStore.OpenAsync(new StoreOptions { Path = Path.Combine(center.Folder, "case.db") }, TimeProvider.System, CancellationToken.None);
        var samples = await store.ReadSamplesAsync(new("case"), new("card"), Domain.Time.Window.Always, CancellationToken.None);
        Assert.AreEqual(acknowledged, samples.Count);
    }

    [TestMethod]
    [DataRow("http://0.0.0.0:8080", DisplayName = "every address")]
    [DataRow("http://*:8080", DisplayName = "star")]
    [DataRow("http://[::]:8080", DisplayName = "every address, IPv6")]
    [DataRow("http://192.0.2.7:8080", DisplayName = "an address of the network")]
    [DataRow("http://center.example:8080", DisplayName = "a name")]
    public async Task Serve_AddressBeyondThisMachine_IsRefusedAtStart(string address)
    {
        using var center = new TestCenter();
        foreach (var (language, reason) in ((string, string)[])[("en", "open to other machines"), ("zh-CN", "对其他机器开放")])
        {
            var (code, _, errors) = await center.RunAsync("serve", "--urls", address, "--lang", language);
            Assert.AreEqual(2, code, errors);
            Assert.Contains(reason, errors, StringComparison.Ordinal);
            Assert.Contains("--behind-proxy", errors, StringComparison.Ordinal);
        }

        Assert.HasCount(1, ServeAddress.Parse(address, behindProxy: true));
    }

    [TestMethod]
    [DataRow("8080", DisplayName = "a number")]
    [DataRow("https://127.0.0.1:8080", DisplayName = "no certificate yet")]
    [DataRow("", DisplayName = "nothing")]
    public void Parse_NoAddress_IsAUsageError(string urls)
    {
        var failure = Assert.ThrowsExactly<UserException>(() => ServeAddress.Parse(urls, behindProxy: false));
        Assert.AreEqual(MessageCode.UsageError, failure.Messages[0].Code);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningService service, string path, string body, string type = "text/csv") =>
        service.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, type));

    /// <summary>A body that sends a few rows and then waits to be finished.</summary>
    private sealed class HeldBody : HttpContent
    {
        public const int Rows = 20;

        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody() => Headers.ContentType = new("text/csv");

        public Task Begun => _begun.Task;

        public void Finish() => _finish.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var rows = Enumerable.Range(0, Rows).Select(i => $"{TestCenter.At(i * 0.25)},card,50\n").ToArray();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Header + string.Concat(rows[..10])));
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _finish.Task;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(rows[10..])));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
