using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;
using Headroom.Ingest.Centers;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Capacity;
using Headroom.Ingest.Formats.Records.Observed;
using Headroom.Ingest.Formats.Records.Runtimes;
using Headroom.Ingest.Formats.Records.Series;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.Mapped;
using Headroom.Ingest.Tests.Records;
using Headroom.Ingest.Tests.Telemetry;
using Headroom.Ingest.Tests.Transports.RemoteWrite;
using Headroom.Ingest.Transports.Backfill;
using Headroom.Ingest.Transports.RemoteWrite;
using IronSnappy;

namespace Headroom.Ingest.Tests.Fuzz;

/// <summary>One parser, good inputs to begin with, and how it takes a damaged one.</summary>
/// <param name="Take">Fails the test where a count does not add up. A <see cref="UserException"/> is a defined end.</param>
internal sealed record FuzzSubject(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Take)
{
    // Small files of each kind that the fault corpus lacks.
    private static readonly Dictionary<string, string[]> Written = new(StringComparer.Ordinal)
    {
        ["telemetry npu-smi"] = ["| npu-smi 25 |\n| 0 910B3 | OK | 331.1 66 0 / 0 |\n| 0 | 0000:C1:00.0 | 85 0 / 0 61609 / 65536 |\nNPU ID : 0\nAicore Usage Rate(%) : 5\nChip ID : 0\n"],
        ["telemetry amd-exporter"] = ["gpu_gfx_activity{gpu_id=\"0\",serial_number=\"S0\",card_model=\"MI300X\",hostname=\"n1\",gpu_partition_id=\"0\"} 55\ngpu_package_power{gpu_id=\"0\",serial_number=\"S0\",hostname=\"n1\"} 400\ngpu_used_vram{gpu_id=\"0\",serial_number=\"S0\",hostname=\"n1\"} 1000\n"],
        ["telemetry mlu-exporter"] = ["mlu_utilization{mlu=\"0\",uuid=\"MLU-0\",model=\"MLU370-X8\",node=\"n1\"} 77\nmlu_memory_used{mlu=\"0\",uuid=\"MLU-0\",node=\"n1\"} 1073741824\nmlu_temperature{mlu=\"0\",uuid=\"MLU-0\",node=\"n1\"} 50\n"],
        ["telemetry intel-xpumanager"] = ["hw_gpu_utilization_ratio{uuid=\"X-0\",pci_bdf=\"0000:4d:00.0\",node=\"n1\"} 0.5\nhw_power_watts{uuid=\"X-0\",node=\"n1\"} 300\n"],
        ["jobs csv"] =
        [
            "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids,priority,attempt_of\nlab,1,t,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,2026-03-01T02:00:00Z,2,COMPLETED,ai,a;b,high,\nlab,2,\"t,u\",1772323200,,,8,PENDING,ai,,low,1\n",
        ],
        ["jobs swf"] = ["; UnixStartTime: 1772323200\n1 0 60 120 4 -1 -1 4 600 -1 1 7 1 -1 1 2 -1 -1\n2 5 -1 -1 -1 552.21 -1 4 600 -1 5 7 1 -1 1 2 -1 -1\n"],
        ["jobs kubernetes"] =
        [
            """{"kind":"List","items":[{"kind":"Pod","metadata":{"name":"a","namespace":"n","uid":"u1","creationTimestamp":"2026-03-01T00:00:00Z"},"spec":{"nodeName":"n1","containers":[{"resources":{"limits":{"nvidia.com/gpu":"1","nvidia.com/mig-3g.40gb":"2"}}}]},"status":{"phase":"Running","startTime":"2026-03-01T00:01:00Z","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-03-01T00:00:30Z"}]}}]}""",
            """{"kind":"Job","apiVersion":"batch.volcano.sh/v1alpha1","metadata":{"name":"v","namespace":"n","creationTimestamp":"2026-03-01T00:00:00Z"},"spec":{"queue":"q","tasks":[{"replicas":4,"template":{"spec":{"containers":[{"resources":{"requests":{"huawei.com/Ascend910":"8"}}}]}}}]},"status":{"state":{"phase":"Completed","lastTransitionTime":"2026-03-01T03:00:00Z"},"conditions":[{"status":"Running","lastTransitionTime":"2026-03-01T01:00:00Z"},{"status":"Completed","lastTransitionTime":"2026-03-01T03:00:00Z"}]}}""",
            """{"kind":"Workload","apiVersion":"kueue.x-k8s.io/v1beta1","metadata":{"name":"w","namespace":"n","creationTimestamp":"2026-03-01T00:00:00Z"},"spec":{"queueName":"q","podSets":[{"count":2,"template":{"spec":{"containers":[{"resources":{"requests":{"nvidia.com/gpu":"4"}}}]}}}]},"status":{"conditions":[{"type":"Admitted","status":"True","lastTransitionTime":"2026-03-01T00:10:00Z"},{"type":"Finished","status":"True","lastTransitionTime":"2026-03-01T01:10:00Z"}]}}""",
        ],
        ["inventory csv"] = ["card,host,slot,model,pool,event,from,to,reason\nc1,h1,0,A100,ai,installed,2026-03-01T00:00:00Z,,\nc1,h1,0,A100,ai,down,2026-03-02T00:00:00Z,2026-03-03T00:00:00Z,\"fan, dead\"\n"],
        ["inventory scontrol-node"] = ["NodeName=gpu[1-2] State=IDLE+DRAIN CfgTRES=cpu=4,gres/gpu=2 Reason=x [root@2026-03-01T00:00:00]\n"],
        ["inventory sacctmgr-event"] = ["Cluster|NodeName|TimeStart|TimeEnd|State|Reason|User\nlab|vm|1772323200|Unknown|DOWN|x|root\n"],
        ["allocations csv"] = ["card,from,to,tenant,job_id,kind,share\nc1,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,t,1,job,1\nc1,2026-03-02T00:00:00Z,,u,,contract,0.5\n"],
        ["counts csv"] = ["hour,tenant,installed,allocated,queued,pool\n2026-03-01T00:00:00Z,t,100,80.5,3,ai\n1772326800,\"t,u\",100,,0,ai\n"],
        ["meter csv"] = ["meter,scope,from,to,kwh\nm1,facility,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,120.5\nm2,it,1772323200,1772326800,100\n"],
        ["requests csv"] =
        [
            "request_id,center,tenant,pool,cards,submitted,wanted_from,wanted_to,state,decided,reason,probability,gang\nr1,lab,t,ai,64,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z,2026-06-01T00:00:00Z,APPROVED,2026-03-05T00:00:00Z,,0.8,8\nr2,lab,u,ai,8,1772323200,1772323200,,REJECTED,1772326800,capacity,,\n",
        ],
    };

    // Files of the shared folder, where it is there, by the parser that reads them.
    private static readonly Dictionary<string, string[]> Shared = new(StringComparer.Ordinal)
    {
        ["telemetry dcgm-exporter"] = ["dcgm.prom", "dcgm-main-2026.prom"],
        ["telemetry npu-exporter"] = ["npu-exporter-v5.prom", "npu-exporter-v7.prom", "npu-exporter-doc-excerpt.prom"],
        ["telemetry nvidia-smi"] = ["nvidia-smi.csv", "nvidia-smi-nounits-edge.csv"],
        ["telemetry npu-smi"] = ["npu-smi-info.txt", "npu-smi-info-910a.txt", "npu-smi-info-a3.txt", "npu-smi-common.txt", "npu-smi-usages.txt", "npu-smi-usages-a2.txt"],
        ["jobs sacct"] = ["sacct.psv"],
        ["jobs swf"] = ["sample.swf"],
        ["inventory scontrol-node"] = ["scontrol-show-node.txt", "scontrol-show-node-oneline.txt"],
        ["inventory sacctmgr-event"] = ["sacctmgr-events.psv"],
    };

    public static IReadOnlyList<FuzzSubject> All { get; } =
    [
        .. TelemetryFormats.Names.Select(name => new FuzzSubject($"telemetry {name}", SeedsOf("telemetry", name), input => Telemetry(TelemetryFormats.Create(name, Utc)!, input))),
        .. Directory.GetFiles(Places.Data("mappings"), "*.yaml").Order(StringComparer.Ordinal).Select(Mapped),
        .. RecordFormats.Kinds.SelectMany(kind => RecordFormats.NamesOf(kind).Select(name => new FuzzSubject($"{kind} {name}", SeedsOf(kind, name), input => Records(kind, name, input)))),
        RemoteWrite("remote write 1.0", WriteBodies(second: false), Sent.ContentType, content => Snappy.Encode(content)),
        RemoteWrite("remote write 2.0", WriteBodies(second: true), "application/x-protobuf;proto=io.prometheus.write.v2.Request", content => Snappy.Encode(content)),
        RemoteWrite("snappy", [.. WriteBodies(second: false).Select(content => Snappy.Encode(content))], Sent.ContentType, body => body),
        new("center file", TextsOf("centers", "*.yaml"), input => CenterFile.Parse(Encoding.UTF8.GetString(input), "f")),
        new("mapping file", TextsOf("mappings", "*.yaml"), input => MappingFile.Parse(Encoding.UTF8.GetString(input), "f")),
        new("card catalog", TextsOf("", "card-models.csv"), input => CardCatalogFile.Parse(Encoding.UTF8.GetString(input), "f")),
        new("calendar", TextsOf("calendars", "*"), input => CalendarFile.Parse(Encoding.UTF8.GetString(input), "f")),
        new("backfill victoriametrics-export", TextsOf(Exported), input => Backfill(input, isRead: false)),
        new("backfill prometheus-read", [.. WriteBodies(second: false).Select(content => Sent.Message(1, content))], input => Backfill(Snappy.Encode(input), isRead: true)),
        new("demand capacity", TextsOf("from,to,cards,status,slip_days\n2026-03-01,2027-03-01,64,committed,0;30;90\n1772323200,,8.5,candidate,[10 20 30]\n2026-05-01,,16,installed,14\n"), input => Read(input, ".csv", path => CapacityFile.Read(path, RecordText.Source))),
        new("demand observed", TextsOf("hour,installed,allocated,queued,tenant\n2026-03-01T00:00:00Z,100,80.5,3,t\n1772326800,100,0,,\"t,u\"\n"), input => Read(input, ".csv", path => ObservedFile.Read(path, RecordText.Source))),
        new("demand runtimes", TextsOf("cards,runtime_s,wait_s\n8,3600.5,60\n1,1e3,\n"), input => Read(input, ".csv", path => RuntimesFile.Read(path, RecordText.Source))),
        new("series csv", TextsOf(DatedValues), input => Read(input, ".csv", EverySeries)),
        new("series csv.gz", [Packed(DatedValues)], input => Read(input, ".csv.gz", EverySeries)),
        new("event csv", TextsOf("at,amount,series_id,what,probability,ramp_steps,uncertainty\n2026-03-01,64,a,opens,0.8,24,0.2\n1772323200,-8,,leaves,,,\n"), input => Read(input, ".csv", EventFile.Read)),
    ];

    // Two cards as a VictoriaMetrics gives them out.
    private const string Exported = """
        {"metric":{"__name__":"DCGM_FI_DEV_GPU_UTIL","UUID":"GPU-1","gpu":"1","Hostname":"n1"},"values":[40,null,41.5],"timestamps":[1795288040433,1795288048433,1795288056433]}
        {"metric":{"__name__":"DCGM_FI_DEV_POWER_USAGE","UUID":"GPU-1","gpu":"1","Hostname":"n1"},"values":[100.5,null],"timestamps":[1795288040433,1795288048433]}
        {"metric":{"__name__":"npu_chip_info_utilization","id":"0","vdie_id":"185011D4","instance":"n2:8082"},"values":[250],"timestamps":[1795288040433]}

        """;

    private const string DatedValues = "series_id,timestamp,value\na,2026-03-01T00:00:00Z,1.5\na,2026-03-01T01:00:00Z,\n\"b,c\",1772323200,-3e2\nb,2026-03-01,7\n";

    private static TelemetrySource Utc => Parsed.Source with { Zone = TimeZoneInfo.Utc };

    private static void Telemetry(ITelemetryFormat format, byte[] input)
    {
        var (batch, rejects) = (new SampleBatch(), new RejectCounts());
        format.Parse(new ReadOnlySequence<byte>(input), last: true, batch, rejects);
        Assert.IsLessThanOrEqualTo(rejects.Received, batch.Count);
        Assert.AreEqual(rejects.Received, rejects.Accepted + rejects.Rejected);
    }

    private static FuzzSubject Mapped(string file)
    {
        var mapping = MappingFile.Load(file);
        return new($"mapping {mapping.Name}", SeedsOf("telemetry", mapping.Name), input => Telemetry(mapping.Create(Utc), input));
    }

    private static void Records(string kind, string format, byte[] input)
    {
        var rejects = new RejectCounts();
        using var content = new MemoryStream(input);
        RecordFormats.Find(kind, format)!.Read(content, RecordText.Source, rejects, []);
        Assert.AreEqual(rejects.Received, rejects.Accepted + rejects.Rejected);
    }

    // Behind good requests, so that series are known already, and before one: what was refused left nothing behind.
    private static FuzzSubject RemoteWrite(string name, List<byte[]> seeds, string type, Func<byte[], byte[]> packed) => new(name, seeds, input =>
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, CenterDefinition.NewDraft(new("t")));
        int Send(byte[] content)
        {
            var body = packed(content);
            var answer = receiver.ReceiveAsync(new("t"), type, "snappy", null, body.Length, new MemoryStream(body), simulated: false, CancellationToken.None).GetAwaiter().GetResult();
            return answer.Status;
        }

        var good = seeds[input.Length % seeds.Count];
        Assert.AreEqual((204, 204), (Send(good), Send(good)));
        var known = store.Samples.Count;
        var status = Send(input);
        Assert.IsTrue(status is 204 or 400 or 413, status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (status != 204)
        {
            Assert.HasCount(known, store.Samples);
        }

        Assert.AreEqual(204, Send(good));
        AddUp(store);
    });

    private static void AddUp(FakeStore store)
    {
        foreach (var rejects in store.Notes.Select(note => note.Rejects).OfType<RejectCounts>())
        {
            Assert.AreEqual(rejects.Received, rejects.Accepted + rejects.Rejected);
        }
    }

    private static void Backfill(byte[] answer, bool isRead)
    {
        var store = new FakeStore();
        using var http = new HttpClient(new AnsweringServer(answer, isRead));
        var backfill = new BackfillIngest(http, store, CenterDefinition.NewDraft(new("t")), new("http://127.0.0.1:9090/"), new StandingClock(Parsed.Now));
        backfill.TakeAsync(Parsed.Now - Micros.PerHour, Parsed.Now, CancellationToken.None).GetAwaiter().GetResult();
        AddUp(store);
    }

    // A file that a command reads by its path.
    private static void Read<T>(byte[] input, string extension, Func<string, T> read)
    {
        using var folder = new TestFolder();
        var path = folder.File("f" + extension);
        File.WriteAllBytes(path, input);
        read(path);
    }

    // Each of them once, and not more than the first reading told.
    private static int EverySeries(string path)
    {
        var (outline, read) = (SeriesFile.Outline(path), new HashSet<string>(StringComparer.Ordinal));
        foreach (var series in SeriesFile.Read(path, outline, _ => { }))
        {
            Assert.IsTrue(read.Add(series.Id));
            Assert.HasCount(series.Instants.Length, series.Values);
        }

        Assert.IsLessThanOrEqualTo(outline.Series, read.Count);
        return read.Count;
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static List<byte[]> SeedsOf(string kind, string format)
    {
        var cases = Places.Repository("tests", "Ingest.Tests", "Faults", "cases");
        var seeds = Directory.GetFiles(cases, $"*.{kind}.{format}.*", SearchOption.AllDirectories).Select(File.ReadAllBytes).Where(bytes => bytes.Length is > 0 and < 100_000).ToList();
        seeds.AddRange(Shared.GetValueOrDefault($"{kind} {format}", []).Select(Places.SharedOrNull).OfType<byte[]>());
        seeds.AddRange(Written.GetValueOrDefault($"{kind} {format}", []).Select(Encoding.UTF8.GetBytes));
        return seeds;
    }

    // A page of every exporter of the fault corpus as the requests of a Prometheus.
    private static List<byte[]> WriteBodies(bool second)
    {
        var bodies = new List<byte[]>();
        foreach (var format in TelemetryFormats.Exporters.Select(exporter => exporter.Name))
        {
            foreach (var page in SeedsOf("telemetry", format).Where(page => page is [(byte)'D' or (byte)'n' or (byte)'v' or (byte)'#', ..] && page.Length < 20_000))
            {
                var series = Sent.FromPage(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page).Replace("\\", "", StringComparison.Ordinal)), Parsed.Now / 1_000, "n1:9400", skipBroken: true);
                bodies.Add(second ? Sent.SecondContent(series) : Sent.Content(series));
            }
        }

        return bodies;
    }

    private static List<byte[]> TextsOf(string folder, string pattern) => [.. Directory.GetFiles(Places.Data(folder), pattern).Select(File.ReadAllBytes)];

    private static List<byte[]> TextsOf(string text) => [Encoding.UTF8.GetBytes(text)];

    /// <summary>Answers an export, or has none and answers a remote read, always the same.</summary>
    private sealed class AnsweringServer(byte[] answer, bool isRead) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((request.Method == HttpMethod.Post) == isRead ? HttpStatusCode.OK : HttpStatusCode.NotFound) { Content = new ByteArrayContent(answer) });
    }
}
