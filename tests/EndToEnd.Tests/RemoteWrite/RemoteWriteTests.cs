using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;
using Headroom.Service.Composition;
using Headroom.Service.Endpoints;
using Headroom.Simulation;
using Headroom.Simulation.Pages;
using Headroom.Simulation.Plans;
using Headroom.Storage.Sqlite;

namespace Headroom.EndToEnd.Tests.RemoteWrite;

/// <summary>A real Prometheus scrapes simulated exporters and writes to a receiver that goes away in the middle.</summary>
[TestClass]
public sealed class RemoteWriteTests
{
    private const string Center = """
        center: small
        name: {en: Small Center, zh: 小型中心}
        zone: Asia/Shanghai
        pools:
          - {id: ai, name: {en: AI computing, zh: 智能算力}, precision: fp16, model: Ascend 910A, devices: 16, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
          - {id: gpu, name: {en: GPU computing, zh: 图形算力}, precision: fp16, model: A100-SXM4-80GB, devices: 8, devices_per_host: 4, gauge: true, devices_source: {assumed: true}}
        """;

    // What each gauge of the store is made of, and its stored steps per unit of the exporter.
    private static readonly Dictionary<string, (TelemetryMetric Gauge, int Steps)> Gauges = new(StringComparer.Ordinal)
    {
        ["npu_chip_info_utilization"] = (TelemetryMetrics.Utilization, 10_000),
        ["npu_chip_info_hbm_used_memory"] = (TelemetryMetrics.MemoryUsed, 1_024),
        ["npu_chip_info_power"] = (TelemetryMetrics.Power, 1_000),
        ["npu_chip_info_temperature"] = (TelemetryMetrics.Temperature, 1_000),
        ["DCGM_FI_PROF_GR_ENGINE_ACTIVE"] = (TelemetryMetrics.Utilization, 1_000_000),
        ["DCGM_FI_DEV_FB_USED"] = (TelemetryMetrics.MemoryUsed, 1_024),
        ["DCGM_FI_DEV_POWER_USAGE"] = (TelemetryMetrics.Power, 1_000),
        ["DCGM_FI_DEV_GPU_TEMP"] = (TelemetryMetrics.Temperature, 1_000),
    };

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task RemoteWrite_ReceiverLosesAnswersAndRestarts_HoldsExactlyWhatPrometheusHolds()
    {
        if (!File.Exists(RealPrometheus.Program))
        {
            Assert.Inconclusive($"{RealPrometheus.Program} is missing; ./test installs it.");
        }

        var folder = Directory.CreateTempSubdirectory("headroom-write-");
        try
        {
            await RunAsync(folder.FullName, TestContext.CancellationToken);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "small.yaml");
        await File.WriteAllTextAsync(file, Center, cancellationToken);
        var center = CenterLibrary.ReadFile(file).Definition;
        var today = center.Clock().DayOf(TimeProvider.System.Now());
        var plan = new SimulationPlan { From = today.AddDays(-1), Until = today.AddDays(2), Seed = 5, Faults = TelemetryFaults.None, FailuresPerThousandDeviceDays = 0, MaintenanceEveryDays = 0 };
        var simulated = Simulator.Run(center, plan, CardCatalogFile.Load(Path.Combine(CenterLibrary.ShippedFolder, "card-models.csv")));
        var pages = new ExporterPages(simulated);
        var (exporterPort, prometheusPort, writePort) = (FreePort(), FreePort(), FreePort());
        using var exporting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = new TaskCompletionSource();
        var exporter = ExporterServer.RunAsync(
            pages, new(TimeProvider.System, simulated.Window, 1), dialect: null, $"http://127.0.0.1:{exporterPort}", ready.SetResult, exporting.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);

        var database = Path.Combine(folder, "written.db");
        var first = await WriteHost.StartAsync(database, center, writePort, loseEvery: 7, cancellationToken);
        using var prometheus = RealPrometheus.Start(folder, Configuration(pages, exporterPort, writePort), prometheusPort);
        await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        await first.DisposeAsync();
        Assert.IsGreaterThan(7, first.Requests, string.Join('\n', prometheus.Log));
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        var second = await WriteHost.StartAsync(database, center, writePort, loseEvery: 7, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        await exporting.CancelAsync();
        await exporter;

        // Nothing is scraped any more; what is queued still comes.
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        var held = await prometheus.RawAsync($"{{__name__=~\"{string.Join('|', Gauges.Keys)}\"}}", ["vdie_id", "UUID"], cancellationToken);
        var expected = held.ToDictionary(sample => (sample.Card, sample.Instant, Gauges[sample.Metric].Gauge.Name), sample => (int)Math.Round(sample.Value * Gauges[sample.Metric].Steps));
        Dictionary<(string, long, string), int> stored = [];
        for (var waited = 0; waited < 20 && stored.Count < expected.Count; waited++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
            stored = await StoredAsync(database, center, cancellationToken);
        }

        await second.DisposeAsync();
        Assert.IsGreaterThan(24 * 4 * 10, expected.Count, "ten seconds of 24 cards with four gauges at least");
        Assert.AreEqual(24, expected.Keys.Select(key => key.Card).Distinct(StringComparer.Ordinal).Count());
        Assert.AreEqual(expected.Count, stored.Count, string.Join('\n', prometheus.Log.TakeLast(20)));
        Assert.IsEmpty(expected.Except(stored).Take(5).ToList());
        Assert.IsEmpty(first.Refusals.Concat(second.Refusals).Where(text => !text.StartsWith("503", StringComparison.Ordinal)).ToList());
    }

    // Every gauge that the store holds, by card and instant.
    private static async Task<Dictionary<(string, long, string), int>> StoredAsync(string database, CenterDefinition center, CancellationToken cancellationToken)
    {
        await using var store = await SqliteStore.OpenAsync(new() { Path = database, ReadOnly = true }, TimeProvider.System, cancellationToken);
        var stored = new Dictionary<(string, long, string), int>();
        foreach (var device in (await store.ReadFactsAsync(center.Id, Instants.Never, cancellationToken)).Devices)
        {
            var samples = await store.ReadSamplesAsync(center.Id, new(device.Sighting.Id), Window.Always, cancellationToken);
            foreach (var (gauge, values) in new (TelemetryMetric, int[])[]
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

    // Small requests over several connections: the metrics of one scrape come apart.
    private static string Configuration(ExporterPages pages, int exporterPort, int writePort)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            global: {scrape_interval: 1s}
            remote_write:
              - url: http://127.0.0.1:{{writePort}}/api/v1/write?center=small
                queue_config: {min_shards: 3, max_shards: 3, max_samples_per_send: 60, batch_send_deadline: 500ms, max_backoff: 500ms}
            scrape_configs:

            """);
        foreach (var host in pages.Hosts)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  - job_name: {{host}}
                    metrics_path: /hosts/{{host}}/metrics
                    static_configs: [{targets: ['127.0.0.1:{{exporterPort}}'], labels: {instance: '{{host}}'} }]

                """);
        }

        return text.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
