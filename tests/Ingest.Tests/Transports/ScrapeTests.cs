using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Ingest.Transports.Scrape;

namespace Headroom.Ingest.Tests.Transports;

[TestClass]
public sealed class ScrapeTests
{
    private const string Page = "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-0\"} 50\n";

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task OnceAsync_GzipPageOverHttp_IsDurableAtTheTimeOfAsking()
    {
        using var server = new HttpListener();
        var url = new Uri($"http://127.0.0.1:{FreePort()}/metrics");
        server.Prefixes.Add(url.GetLeftPart(UriPartial.Authority) + "/");
        server.Start();
        var headers = new List<string?>();
        var serving = Task.Run(async () =>
        {
            var context = await server.GetContextAsync();
            headers.AddRange([context.Request.Headers["Accept"], context.Request.UserAgent, context.Request.Headers["Accept-Encoding"], context.Request.Headers["X-Prometheus-Scrape-Timeout-Seconds"]]);
            context.Response.ContentType = "text/plain; version=0.0.4";
            context.Response.AddHeader("Content-Encoding", "gzip");
            await using (var packed = new GZipStream(context.Response.OutputStream, CompressionLevel.Fastest))
            {
                await packed.WriteAsync(Encoding.UTF8.GetBytes(Page));
            }

            context.Response.Close();
        });
        using var http = ScrapeClient.NewHttpClient();
        var store = new FakeStore();
        var before = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        using var loops = new ScrapeLoops(store, CenterDefinition.NewDraft(new("t")), new(http, TimeProvider.System), new());
        var report = await loops.OnceAsync(new("rack1", url, null, "h1", 15_000_000), TestContext.CancellationToken);
        await serving;
        Assert.AreEqual((1L, 1L), (report.Accepted, report.New));
        Assert.AreEqual("h1", store.Devices.Single().Host);
        Assert.IsGreaterThanOrEqualTo(Domain.Time.Instants.From(before), store.Samples.Keys.Single().Instant);
        Assert.Contains("text/plain;version=0.0.4", headers[0]!, StringComparison.Ordinal);
        Assert.StartsWith("Headroom/", headers[1]!, StringComparison.Ordinal);
        Assert.AreEqual("gzip", headers[2]);
        Assert.AreEqual("10", headers[3]);
    }

    [TestMethod]
    [DataRow("# SIMULATED by a test\n" + Page, null, true, DisplayName = "marked, format guessed")]
    [DataRow("# SIMULATED by a test\n" + Page, "dcgm-exporter", true, DisplayName = "marked, format named")]
    [DataRow(Page + "# SIMULATED is said too late\n", null, false, DisplayName = "not at the beginning")]
    [DataRow(Page, "dcgm-exporter", false, DisplayName = "not marked")]
    public async Task OnceAsync_PageOfASimulation_MarksItsSource(string page, string? format, bool simulated)
    {
        using var http = Answering(() => new(HttpStatusCode.OK) { Content = new StringContent(page, Encoding.UTF8, "text/plain") });
        var store = new FakeStore();
        using var loops = new ScrapeLoops(store, CenterDefinition.NewDraft(new("t")), new(http, TimeProvider.System), new());
        await loops.OnceAsync(Target("t1", 15_000_000) with { Format = format }, TestContext.CancellationToken);
        Assert.AreEqual(simulated, store.Notes.Single().Simulated);
    }

    [TestMethod]
    [DataRow(200, "text/html", "<html><body>Login</body></html>", null, MessageCode.TargetNotMetrics, DisplayName = "HTML")]
    [DataRow(200, "text/plain", "<!DOCTYPE html>", "dcgm-exporter", MessageCode.TargetNotMetrics, DisplayName = "HTML that calls itself text")]
    [DataRow(200, "application/json", "{\"status\":\"ok\"}", null, MessageCode.TargetNotMetrics, DisplayName = "JSON")]
    [DataRow(200, "text/plain", "go_gc 1\n", null, MessageCode.TargetNotMetrics, DisplayName = "metrics of something else")]
    [DataRow(503, "text/plain", "", null, MessageCode.TargetDown, DisplayName = "HTTP 503")]
    [DataRow(302, "text/plain", "", null, MessageCode.TargetDown, DisplayName = "redirect")]
    public async Task GetAsync_NoPage_SaysWhy(int status, string type, string body, string? format, MessageCode code)
    {
        using var http = Answering(() => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) });
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() =>
            new ScrapeClient(http, TimeProvider.System).GetAsync(Target("t1", 15_000_000) with { Format = format }, TestContext.CancellationToken));
        Assert.AreEqual((code, "t1"), (problem.Messages[0].Code, problem.Messages[0].Place));
        Assert.AreEqual("http://exporter.test/metrics", problem.Messages[0].Arguments[0]);
    }

    [TestMethod]
    public async Task GetAsync_NobodyListens_IsDown()
    {
        using var http = ScrapeClient.NewHttpClient();
        var target = new ScrapeTarget("t1", new($"http://127.0.0.1:{FreePort()}/metrics"), null, null, 15_000_000);
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => new ScrapeClient(http, TimeProvider.System).GetAsync(target, TestContext.CancellationToken));
        Assert.AreEqual(MessageCode.TargetDown, problem.Messages[0].Code);
    }

    [TestMethod]
    public async Task GetAsync_SlowerThanItsPeriod_IsDown()
    {
        using var http = new HttpClient(new Handler(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new(HttpStatusCode.OK);
        }));
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => new ScrapeClient(http, TimeProvider.System).GetAsync(Target("t1", 50_000), TestContext.CancellationToken));
        Assert.AreEqual((MessageCode.TargetDown, "> 0.05 s"), (problem.Messages[0].Code, problem.Messages[0].Arguments[1]));
    }

    [TestMethod]
    public async Task GetAsync_EndlessBody_IsCapped()
    {
        using var http = Answering(() => new(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) });
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => new ScrapeClient(http, TimeProvider.System).GetAsync(Target("t1", 15_000_000), TestContext.CancellationToken));
        Assert.AreEqual((MessageCode.TargetDown, "> 64 MiB"), (problem.Messages[0].Code, problem.Messages[0].Arguments[1]));
    }

    [TestMethod]
    public async Task GetAsync_Cancelled_IsCancelledAndNotDown()
    {
        using var cancelled = new CancellationTokenSource();
        using var http = new HttpClient(new Handler(async token =>
        {
            await cancelled.CancelAsync();
            token.ThrowIfCancellationRequested();
            return new(HttpStatusCode.OK);
        }));
        await Assert.ThrowsAsync<OperationCanceledException>(() => new ScrapeClient(http, TimeProvider.System).GetAsync(Target("t1", 15_000_000), cancelled.Token));
    }

    [TestMethod]
    public async Task RunAsync_TargetThatFailsAndRecovers_IsBackWithItsFailuresForgotten()
    {
        var calls = 0;
        using var http = Answering(() => Interlocked.Increment(ref calls) is 2 or 3
            ? new(HttpStatusCode.ServiceUnavailable)
            : new(HttpStatusCode.OK) { Content = new StringContent(Page) });
        var (store, seen) = (new FakeStore(), new List<TargetHealth>());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.CancellationToken);
        var center = CenterDefinition.NewDraft(new("t")) with { Targets = [Target("t1", 20_000)] };
        using var loops = new ScrapeLoops(store, center, new(http, TimeProvider.System), new())
        {
            Attempted = health =>
            {
                seen.Add(health);
                if (seen.Count == 6)
                {
                    enough.Cancel();
                }
            },
        };
        await loops.RunAsync(enough.Token);
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 0, 0, 0 }, seen.Take(6).Select(h => h.Failures).ToArray());
        Assert.AreEqual(MessageCode.TargetDown, seen[1].Problem!.Code);
        Assert.AreEqual(seen[0].LastSuccess, seen[2].LastSuccess);
        Assert.IsTrue(loops.Health.Single().IsUp);
        Assert.IsGreaterThanOrEqualTo(4, store.Samples.Count);
    }

    [TestMethod]
    public async Task OnceAsync_TwoExportersOfOneMachine_HaveTheirPortsInTheHost()
    {
        using var http = Answering(() => new(HttpStatusCode.OK) { Content = new StringContent("npu_chip_info_utilization{id=\"0\"} 5\n") });
        ScrapeTarget first = new("a", new("http://n1:8082/metrics"), null, null, 15_000_000), second = new("b", new("http://n1:8083/metrics"), null, null, 15_000_000), third = new("c", new("http://n2:8082/metrics"), null, null, 15_000_000);
        var store = new FakeStore();
        using var loops = new ScrapeLoops(store, CenterDefinition.NewDraft(new("t")) with { Targets = [first, second, third] }, new(http, TimeProvider.System), new());
        foreach (var target in (ScrapeTarget[])[first, second, third])
        {
            await loops.OnceAsync(target, TestContext.CancellationToken);
        }

        CollectionAssert.AreEqual(new[] { "0@n1:8082", "0@n1:8083", "0@n2" }, store.Devices.Select(d => d.Id).ToArray());
    }

    private static ScrapeTarget Target(string name, long period) => new(name, new("http://exporter.test/metrics"), null, null, period);

    private static HttpClient Answering(Func<HttpResponseMessage> answer) => new(new Handler(_ => Task.FromResult(answer())));

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private sealed class Handler(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(cancellationToken);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => buffer.Length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
