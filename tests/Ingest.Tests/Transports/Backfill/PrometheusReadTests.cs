using System.Net;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Tests.Transports.RemoteWrite;
using Headroom.Ingest.Transports.Backfill;
using IronSnappy;

namespace Headroom.Ingest.Tests.Transports.Backfill;

[TestClass]
public sealed class PrometheusReadTests
{
    private const long At = 1_795_288_040_433;
    private static readonly Window Span = new((At - 1_000) * 1_000, (At + 3_600_000) * 1_000);

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task TakeAsync_SeriesOfACard_AreJoinedToRows()
    {
        var store = new FakeStore();
        var server = new Reading(() => Answer(
            new SentSeries([("__name__", "DCGM_FI_DEV_GPU_UTIL"), ("UUID", "GPU-1"), ("instance", "n1:9400")], [(40, At), (Sent.StaleMarker, At + 8_000)]),
            new SentSeries([("__name__", "DCGM_FI_DEV_POWER_USAGE"), ("UUID", "GPU-1"), ("instance", "n1:9400")], [(100.5, At), (Sent.StaleMarker, At + 8_000)]),
            new SentSeries([("__name__", "DCGM_FI_DEV_GPU_UTIL"), ("UUID", "GPU-2"), ("instance", "n1:9400")], [(250, At)])));
        var (report, until) = await Backfill(server, store).TakeAsync(Span.From, Span.Until, TestContext.CancellationToken);

        Assert.AreEqual((3L, 2L, Span.From + (15 * Micros.PerMinute)), (report.Received, report.Accepted, until));
        CollectionAssert.AreEqual(new[] { 400_000, TelemetryMetrics.Missing, 100_500, TelemetryMetrics.Missing }, store.Samples[("GPU-1", At * 1_000)]);
        Assert.AreEqual(TelemetryMetrics.Missing, store.Samples[("GPU-1", (At + 8_000) * 1_000)][0], "the end of a series is no value");
        Assert.AreEqual("n1", store.Devices[0].Host);
        Assert.AreEqual("prometheus-read", store.Notes[0].Format);
    }

    [TestMethod]
    public async Task TakeAsync_MoreThanTheServerGives_AsksForLess()
    {
        var refusals = 2;
        var server = new Reading(() => refusals-- > 0
            ? new(HttpStatusCode.BadRequest) { Content = new StringContent("exceeded sample limit (50000000)") }
            : Answer(new SentSeries([("__name__", "DCGM_FI_DEV_GPU_UTIL"), ("UUID", "GPU-1"), ("instance", "n1:9400")], [(40, At)])));
        var (report, until) = await Backfill(server, new FakeStore()).TakeAsync(Span.From, Span.Until, TestContext.CancellationToken);
        Assert.AreEqual((1L, Span.From + (15 * Micros.PerMinute / 4)), (report.New, until));
    }

    [TestMethod]
    [DataRow("<html>Log in</html>", DisplayName = "a page for people")]
    [DataRow("", DisplayName = "nothing")]
    public async Task TakeAsync_AnswerOfSomethingElse_IsAMessageAndNoEmptySpan(string body)
    {
        var server = new Reading(() => new(HttpStatusCode.OK) { Content = new StringContent(body) });
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => Backfill(server, new FakeStore()).TakeAsync(Span.From, Span.Until, TestContext.CancellationToken));
        Assert.AreEqual(MessageCode.TargetDown, problem.Messages[0].Code);
    }

    [TestMethod]
    public async Task TakeAsync_NeitherExportNorRead_IsAMessage()
    {
        var server = new Reading(() => new(HttpStatusCode.NotFound));
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => Backfill(server, new FakeStore()).TakeAsync(Span.From, Span.Until, TestContext.CancellationToken));
        Assert.Contains("/api/v1/read", problem.Messages[0].Arguments[1], StringComparison.Ordinal);
    }

    private static BackfillIngest Backfill(Reading server, FakeStore store) =>
        new(new HttpClient(server), store, CenterDefinition.NewDraft(new("t")), new("http://127.0.0.1:9090/prometheus/"), new StandingClock((At + 7_200_000) * 1_000));

    private static HttpResponseMessage Answer(params SentSeries[] series) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(Snappy.Encode(Sent.Message(1, Sent.Content(series)))) };

    /// <summary>A Prometheus below a path: it has no export, and reads.</summary>
    private sealed class Reading(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.AreEqual(request.Method == HttpMethod.Post ? "/prometheus/api/v1/read" : "/prometheus/api/v1/export", request.RequestUri!.AbsolutePath);
            return Task.FromResult(request.Method == HttpMethod.Post ? answer() : new(HttpStatusCode.NotFound));
        }
    }
}
