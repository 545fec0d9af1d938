using System.Globalization;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.EndToEnd.Tests.RemoteWrite;

namespace Headroom.EndToEnd.Tests.RealServers;

/// <summary>Debian's Prometheus and vmagent write 10,000 series to the program, which is killed and started again twice: nothing lost, nothing doubled, value for value.</summary>
[TestClass]
public sealed class KilledServerTests : IDisposable
{
    private const int Hosts = 10;
    private const int CardsPerHost = 250;
    private const int Series = Hosts * CardsPerHost * 4;
    private const string VmAgent = "/usr/bin/vmagent";
    private const string Victoria = "/usr/bin/victoria-metrics";
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Gone = TimeSpan.FromSeconds(1.5);

    private static readonly Dictionary<string, (TelemetryMetric Gauge, int Steps)> Gauges = new(StringComparer.Ordinal)
    {
        ["DCGM_FI_PROF_GR_ENGINE_ACTIVE"] = (TelemetryMetrics.Utilization, 1_000_000),
        ["DCGM_FI_DEV_FB_USED"] = (TelemetryMetrics.MemoryUsed, 1_024),
        ["DCGM_FI_DEV_POWER_USAGE"] = (TelemetryMetrics.Power, 1_000),
        ["DCGM_FI_DEV_GPU_TEMP"] = (TelemetryMetrics.Temperature, 1_000),
    };

    private readonly HttpClient _http = new();
    private readonly HeadroomFolder _folder = new();
    private readonly CountingExporter _exporter = new(Hosts, CardsPerHost);
    private readonly int _port = PageServer.FreePort();

    public TestContext TestContext { get; set; } = null!;

    private static string Selector => $"{{__name__=~\"{string.Join('|', Gauges.Keys)}\"}}";

    private CancellationToken Cancellation => TestContext.CancellationToken;

    public void Dispose()
    {
        _exporter.Dispose();
        _folder.Dispose();
        _http.Dispose();
    }

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public async Task Serve_KilledTwiceUnderPrometheus_HoldsWhatPromQlAnswers()
    {
        RealProgram.Require(RealPrometheus.Program);
        var port = PageServer.FreePort();
        var configuration = $$"""
            global: {scrape_interval: 2s}
            remote_write:
              - url: http://127.0.0.1:{{_port}}/api/v1/write?center=lab
                queue_config: {max_shards: 4, max_backoff: 500ms}
            {{Targets()}}
            """;
        await AddCenterAsync();
        RealPrometheus? prometheus = null;
        try
        {
            await KillTwiceAsync(() => prometheus = RealPrometheus.Start(_folder.At(), configuration, port), async () =>
            {
                var held = await prometheus!.RawAsync(Selector, ["UUID"], Cancellation);
                return held.ToDictionary(sample => (sample.Card, sample.Instant, Gauges[sample.Metric].Gauge.Name), sample => Stored(sample.Metric, sample.Value));
            });
        }
        finally
        {
            prometheus?.Dispose();
        }
    }

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public async Task Serve_KilledTwiceUnderVmagent_HoldsWhatVictoriaMetricsHolds()
    {
        RealProgram.Require(VmAgent, Victoria);
        var (victoria, agent) = (PageServer.FreePort(), PageServer.FreePort());
        var file = _folder.Write("vmagent.yml", $$"""
            global: {scrape_interval: 2s}
            {{Targets()}}
            """);
        await AddCenterAsync();
        using var beside = RealProgram.Start(Victoria, $"-storageDataPath={_folder.At("victoria")}", $"-httpListenAddr=127.0.0.1:{victoria}", "-search.latencyOffset=0s");
        await beside.ReadyAsync(_http, $"http://127.0.0.1:{victoria}/health", Cancellation);
        RealProgram? sender = null;
        try
        {
            // Two destinations of one scrape: what the other one holds is the truth.
            await KillTwiceAsync(
                () => sender = RealProgram.Start(
                    VmAgent,
                    $"-promscrape.config={file}",
                    $"-httpListenAddr=127.0.0.1:{agent}",
                    $"-remoteWrite.tmpDataPath={_folder.At("vmagent")}",
                    $"-remoteWrite.url=http://127.0.0.1:{_port}/api/v1/write?center=lab",
                    $"-remoteWrite.url=http://127.0.0.1:{victoria}/api/v1/write"),
                () => VictoriaHoldsAsync(victoria));
        }
        finally
        {
            sender?.Dispose();
        }
    }

    // Scraping begins while the program runs, and ends before the truth is asked for.
    private async Task KillTwiceAsync(Func<object> send, Func<Task<Dictionary<(string, long, string), int>>> truth)
    {
        var program = await ServeAsync();
        try
        {
            send();
            for (var kill = 0; kill < 2; kill++)
            {
                await Task.Delay(Alive, Cancellation);
                program.Dispose();
                Assert.IsNotEmpty(await StoredAsync(), $"kill {kill}: something had come");
                await Task.Delay(Gone, Cancellation);
                program = await ServeAsync();
            }

            await Task.Delay(Alive, Cancellation);
            _exporter.GoDown();
            await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
            var expected = await truth();
            var stored = await StoredAsync();
            for (var waited = 0; waited < 60 && stored.Count < expected.Count; waited++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
                stored = await StoredAsync();
            }

            Assert.AreEqual(Series, expected.Keys.Select(key => (key.Item1, key.Item3)).Distinct().Count());
            Assert.IsGreaterThan(4 * Series, expected.Count, "more than four scrapes");
            Assert.AreEqual(expected.Count, stored.Count, program.LastWords);
            Assert.IsEmpty(expected.Except(stored).Take(5).ToList());
            TestContext.WriteLine($"{expected.Count} samples of {Series} series, equal");
        }
        finally
        {
            program.Dispose();
        }

        await _folder.SucceedAsync("a", null, "verify", "store");
    }

    private async Task AddCenterAsync() => await _folder.SucceedAsync("a", null, "center", "add", _folder.Write("lab.yaml", """
        center: lab
        name: {en: Lab, zh: 实验室}
        zone: UTC
        telemetry_period_s: 2
        pools:
          - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, gauge: true, devices_source: {assumed: true}}

        """));

    private async Task<RealProgram> ServeAsync()
    {
        var program = RealProgram.Watch(_folder.Start("a", "serve", "--urls", $"http://127.0.0.1:{_port}"));
        await program.ReadyAsync(_http, $"http://127.0.0.1:{_port}/readyz", Cancellation);
        return program;
    }

    private string Targets()
    {
        var text = new StringBuilder("scrape_configs:\n");
        for (var host = 0; host < Hosts; host++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{job_name: 'h{host}', metrics_path: '/{host}', static_configs: [{{targets: ['127.0.0.1:{_exporter.Port}']}}]}}\n");
        }

        return text.ToString();
    }

    private static int Stored(string metric, double value) => (int)Math.Round(value * Gauges[metric].Steps, MidpointRounding.AwayFromZero);

    private async Task<Dictionary<(string, long, string), int>> VictoriaHoldsAsync(int port)
    {
        await _http.GetAsync(new Uri($"http://127.0.0.1:{port}/internal/force_flush"), Cancellation);
        var held = new Dictionary<(string, long, string), int>();
        foreach (var line in (await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/api/v1/export?match[]={Uri.EscapeDataString(Selector)}"), Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var (labels, values, stamps) = (document.RootElement.GetProperty("metric"), document.RootElement.GetProperty("values"), document.RootElement.GetProperty("timestamps"));
            var metric = labels.GetProperty("__name__").GetString()!;
            for (var at = 0; at < values.GetArrayLength(); at++)
            {
                // The end of a series is null.
                if (values[at].ValueKind == JsonValueKind.Number)
                {
                    held.Add((labels.GetProperty("UUID").GetString()!, stamps[at].GetInt64() * Micros.PerMillisecond, Gauges[metric].Gauge.Name), Stored(metric, values[at].GetDouble()));
                }
            }
        }

        return held;
    }

    // Every gauge that the store holds, by card and instant.
    private async Task<Dictionary<(string, long, string), int>> StoredAsync()
    {
        await using var store = await _folder.OpenToReadAsync("a", Cancellation);
        var stored = new Dictionary<(string, long, string), int>();
        foreach (var device in (await store.ReadSightingsAsync(new("lab"), Instants.Never, Cancellation)).Devices)
        {
            var samples = await store.ReadSamplesAsync(new("lab"), new(device.Sighting.Id), Window.Always, Cancellation);
            foreach (var (gauge, values) in new[]
            {
                (TelemetryMetrics.Utilization, samples.UsePpm),
                (TelemetryMetrics.MemoryUsed, samples.MemoryKib),
                (TelemetryMetrics.Power, samples.PowerMilliwatts),
                (TelemetryMetrics.Temperature, samples.TemperatureMillidegrees),
            })
            {
                for (var row = 0; row < samples.Count; row++)
                {
                    if (values[row] != TelemetryMetrics.Missing)
                    {
                        stored.Add((device.Sighting.Id, samples.Instants[row], gauge.Name), values[row]);
                    }
                }
            }
        }

        return stored;
    }
}
