using System.Net;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Transports.Backfill;
using Headroom.Ingest.Tests.Transports.RemoteWrite;

namespace Headroom.Ingest.Tests.Transports.Backfill;

[TestClass]
public sealed class VictoriaExportTests
{
    private const long At = 1_795_288_040_433;
    private static readonly Window Span = new((At - 1_000) * 1_000, (At + 60_000) * 1_000);

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task TakeAsync_SeriesOfACard_AreJoinedToRows()
    {
        const string export = """
            {"metric":{"__name__":"DCGM_FI_DEV_GPU_UTIL","UUID":"GPU-1","gpu":"1","Hostname":"n1"},"values":[40,null],"timestamps":[1795288040433,1795288048433]}
            {"metric":{"__name__":"DCGM_FI_DEV_POWER_USAGE","UUID":"GPU-1","gpu":"1","Hostname":"n1"},"values":[100.5,null],"timestamps":[1795288040433,1795288048433]}
            {"metric":{"__name__":"DCGM_FI_DEV_GPU_UTIL","UUID":"GPU-2","gpu":"2","Hostname":"n1"},"values":[250],"timestamps":[1795288040433]}
            {"metric":{"__name__":"other"},"values":[1],"timestamps":[1795288040433]}
            {"metric":{"__name__":"DCGM_FI_DEV_GPU_UTIL"
            """;
        var store = new FakeStore();

        var report = await TakeAsync(store, export);

        Assert.AreEqual((4L, 2L), (report.Received, report.Accepted));
        CollectionAssert.AreEqual(new[] { RejectReason.Malformed, RejectReason.OutOfRange }, report.Rejected.Select(pair => pair.Reason).ToArray());
        CollectionAssert.AreEqual(new[] { 400_000, TelemetryMetrics.Missing, 100_500, TelemetryMetrics.Missing }, store.Samples[("GPU-1", At * 1_000)]);
        Assert.AreEqual(TelemetryMetrics.Missing, store.Samples[("GPU-1", (At + 8_000) * 1_000)][0], "the end of a series is no value");
    }

    [TestMethod]
    public async Task TakeAsync_SameSpanAgain_AddsNothing()
    {
        var (store, export) = (new FakeStore(), Encoding.UTF8.GetString(Places.Shared("victoriametrics-export.jsonl")));
        var first = await TakeAsync(store, export);
        var again = await TakeAsync(store, export);

        Assert.AreEqual((0L, 0L), (first.Received - first.Accepted, again.New));
        Assert.IsGreaterThanOrEqualTo(4, first.New);
        Assert.AreEqual(970_000, store.Samples[("GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52", At * 1_000)][0]);
    }

    [TestMethod]
    public async Task TakeAsync_PageForPeople_IsAMessageAndNoEmptySpan()
    {
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => TakeAsync(new FakeStore(), "<html>Log in</html>"));
        Assert.AreEqual(MessageCode.TargetDown, problem.Messages[0].Code);
    }

    [TestMethod]
    public async Task TakeAsync_ServerThatRefuses_IsAMessage()
    {
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => TakeAsync(new FakeStore(), "", HttpStatusCode.ServiceUnavailable));
        Assert.AreEqual((MessageCode.TargetDown, "HTTP 503"), (problem.Messages[0].Code, problem.Messages[0].Arguments[1]));
    }

    private async Task<IngestReport> TakeAsync(FakeStore store, string export, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var http = new HttpClient(new Exporting(export, status));
        var backfill = new BackfillIngest(http, store, CenterDefinition.NewDraft(new("t")), new("http://127.0.0.1:8428"), new StandingClock((At + 120_000) * 1_000));
        return (await backfill.TakeAsync(Span.From, Span.Until, TestContext.CancellationToken)).Report;
    }

    private sealed class Exporting(string body, HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Post)
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
            }

            Assert.Contains("start=1795288039.433&end=1795288100.432", request.RequestUri!.Query, StringComparison.Ordinal);
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });
        }
    }
}
