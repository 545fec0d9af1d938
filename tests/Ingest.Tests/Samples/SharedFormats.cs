using System.Globalization;
using System.Net;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Tests.Records;
using Headroom.Ingest.Tests.Telemetry;
using Headroom.Ingest.Tests.Transports.RemoteWrite;
using Headroom.Ingest.Transports.Backfill;
using Headroom.Ingest.Transports.RemoteWrite;

namespace Headroom.Ingest.Tests.Samples;

/// <summary>What each sample is to a user, and what came of it as text.</summary>
internal static class SharedFormats
{
    // When the remote-write bodies were caught.
    private const long Caught = 1_795_288_040_433;

    internal delegate Task<string> Reading(byte[] content, CancellationToken cancellationToken);

    public static IReadOnlyDictionary<string, Reading> Cases { get; } = new Dictionary<string, Reading>(StringComparer.Ordinal)
    {
        ["dcgm.prom"] = Page("dcgm-exporter"),
        ["dcgm-main-2026.prom"] = Page("dcgm-exporter"),
        ["npu-exporter-v5.prom"] = Page("npu-exporter"),
        ["npu-exporter-v7.prom"] = Page("npu-exporter"),
        ["npu-exporter-doc-excerpt.prom"] = Page("npu-exporter"),
        ["npu-smi-common.txt"] = Page("npu-smi"),
        ["npu-smi-info.txt"] = Page("npu-smi"),
        ["npu-smi-info-910a.txt"] = Page("npu-smi"),
        ["npu-smi-info-a3.txt"] = Page("npu-smi"),
        ["npu-smi-usages.txt"] = Page("npu-smi"),
        ["npu-smi-usages-a2.txt"] = Page("npu-smi"),
        ["nvidia-smi.csv"] = Page("nvidia-smi"),
        ["nvidia-smi-nounits-edge.csv"] = Page("nvidia-smi"),
        ["nvidia-smi-real-snippets.txt"] = Page("nvidia-smi"),
        ["remote_write_capture.bin"] = WriteAsync,
        ["remote_write_capture_stale.bin"] = WriteAsync,
        ["remote_write_capture_metadata.bin"] = WriteAsync,
        ["victoriametrics-export.jsonl"] = ExportAsync,
        ["sacct.psv"] = Records("jobs", "sacct"),
        ["sample.swf"] = Records("jobs", "swf"),
        ["scontrol-show-node.txt"] = Records("inventory", "scontrol-node"),
        ["scontrol-show-node-oneline.txt"] = Records("inventory", "scontrol-node"),
        ["sacctmgr-events.psv"] = Records("inventory", "sacctmgr-event", knowsTheNode: true),
        ["cards.csv"] = RatingsAsync,

        // What sacct and scontrol show node say of the same, with its past.
        ["squeue.psv"] = Records("jobs", "csv"),
        ["scontrol-show-job.txt"] = Records("jobs", "csv"),
        ["sinfo.txt"] = Records("inventory", "csv"),
        ["SOURCES.md"] = About("where the samples are from"),
        ["remote_write_prometheus.yml"] = About("the settings of the Prometheus that the bodies were caught from"),
        ["slurm-up.sh"] = About("starts a Slurm; EndToEnd.Tests/RealServers/slurm-lab.sh is ours"),
    };

    private static Reading About(string what) => (_, _) => Task.FromResult($"no input: {what}\n");

    private static Reading Page(string format) => (content, _) =>
    {
        var told = new StringBuilder().Append(CultureInfo.InvariantCulture, $"guessed {TelemetryFormats.Guess(content) ?? "nothing"}, read as {format}\n");
        var parsed = Parsed.Of(format, content, Parsed.Source with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai") });
        Lines(told, parsed.Rows());
        Counts(told, parsed.Rejects);
        return Task.FromResult(told.ToString());
    };

    // An outage is of the devices that are known on its node.
    private static Reading Records(string kind, string format, bool knowsTheNode = false) => (content, _) =>
    {
        var told = new StringBuilder().Append(CultureInfo.InvariantCulture, $"guessed {RecordFormats.Guess(kind, content)?.Name}, read as {kind} {format}\n");
        try
        {
            var read = RecordText.Of(kind, format, content, knowsTheNode ? RecordText.Source with { Hosts = RecordText.Hosts(("vm", "0@vm")) } : null);
            Lines(told, read.Jobs());
            Lines(told, read.Inventory());
            Lines(told, [.. read.Notices.Select(notice => $"notice {notice.Code} {string.Join(' ', notice.Arguments)}")]);
            Counts(told, read.Rejects);
        }
        catch (UserException problem)
        {
            Lines(told, [.. problem.Messages.Select(message => $"refused {message.Code} {message.Arguments[0]}")]);
        }

        return Task.FromResult(told.ToString());
    };

    private static async Task<string> WriteAsync(byte[] body, CancellationToken cancellationToken)
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, CenterDefinition.NewDraft(new("t")), new RemoteWriteOptions { Clock = new StandingClock((Caught + 60_000) * 1_000) });
        var answer = await Sent.SendAsync(receiver, body, cancellationToken);
        var told = new StringBuilder().Append(CultureInfo.InvariantCulture, $"answered {answer.Status}\n");
        return Stored(told, store, answer.Report);
    }

    private static async Task<string> ExportAsync(byte[] lines, CancellationToken cancellationToken)
    {
        var store = new FakeStore();
        using var http = new HttpClient(new Exporting(lines));
        var backfill = new BackfillIngest(http, store, CenterDefinition.NewDraft(new("t")), new("http://127.0.0.1:8428"), new StandingClock((Caught + 120_000) * 1_000));
        var taken = await backfill.TakeAsync((Caught - 1_000) * 1_000, (Caught + 60_000) * 1_000, cancellationToken);
        return Stored(new(), store, taken.Report);
    }

    private static string Stored(StringBuilder told, FakeStore store, IngestReport? report)
    {
        foreach (var ((device, instant), values) in store.Samples)
        {
            var known = store.Devices.First(sighting => sighting.Id == device);
            told.Append(CultureInfo.InvariantCulture, $"{device} {known.Host} {known.Slot} {known.Model} {Instants.ToText(instant)} |")
                .AppendJoin("", values.Select(value => " " + (value == TelemetryMetrics.Missing ? "-" : value.ToString(CultureInfo.InvariantCulture)))).Append('\n');
        }

        return told.Append(CultureInfo.InvariantCulture, $"received {report?.Received ?? 0}, accepted {report?.Accepted ?? 0}\n").ToString();
    }

    // Blank: not rated, or by another name.
    private static Task<string> RatingsAsync(byte[] table, CancellationToken cancellationToken)
    {
        var (told, catalog) = (new StringBuilder(), CardCatalogFile.Load(Places.Data("card-models.csv")));
        foreach (var cells in Encoding.UTF8.GetString(table).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')))
        {
            var model = catalog.Find(cells[1]);
            told.Append(CultureInfo.InvariantCulture, $"{cells[1]}: sources {cells[2]} / {cells[3]}, catalog {Rating(model?.Fp16Mflops)} / {Rating(model?.Fp64Mflops)}\n");
        }

        return Task.FromResult(told.ToString());
    }

    private static string Rating(long? mflops) => mflops is { } rated ? (rated / 1e6).ToString("0.###", CultureInfo.InvariantCulture) : "";

    private static void Lines(StringBuilder told, string[] lines)
    {
        foreach (var line in lines)
        {
            told.Append(line.TrimEnd()).Append('\n');
        }
    }

    private static void Counts(StringBuilder told, RejectCounts rejects)
    {
        Lines(told, [.. rejects.Rows.Select(row => $"rejected {row.Place} {row.Reason.Word()} {row.Column} {row.Found}")]);
        told.Append(CultureInfo.InvariantCulture, $"received {rejects.Received}, accepted {rejects.Accepted}, missing cells {rejects.MissingCells}\n");
    }

    private sealed class Exporting(byte[] body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(request.Method == HttpMethod.Post ? new HttpResponseMessage(HttpStatusCode.NotFound) : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) });
    }
}
