using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Storage;
using Headroom.Storage.Sqlite;

namespace Headroom.Bench.Store;

/// <summary>A stream of exporter pages: page parsing and durable commits, as a share of one core.</summary>
internal static class StreamFigures
{
    private const int CardsPerHost = 8;
    private const int PeriodSeconds = 15;
    private const int PagesPerCommit = 64;

    /// <param name="arguments">Cards (10,000), minutes (10).</param>
    public static async Task PrintAsync(string[] arguments)
    {
        var cards = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000;
        var minutes = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 10;
        var folder = Directory.CreateTempSubdirectory("headroom-stream-");
        var (hosts, scrapes) = (cards / CardsPerHost, minutes * 60 / PeriodSeconds);
        var start = Instants.From(new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        var (center, random) = (new CenterId("stream"), new Random());
        var formats = Enumerable.Range(0, hosts).Select(host => new TelemetrySource($"host-{host}", start) { Host = $"host-{host:d4}" }).ToArray();
        var (cpu, commits, rows, wall) = (0.0, 0, 0L, Stopwatch.GetTimestamp());
        await using (var store = await SqliteStore.OpenAsync(new() { Path = Path.Combine(folder.FullName, "headroom.db") }, TimeProvider.System, CancellationToken.None))
        {
            var batch = new SampleBatch(PagesPerCommit * CardsPerHost * 2);
            for (var scrape = 0; scrape < scrapes; scrape++)
            {
                var at = start + (scrape * PeriodSeconds * Micros.PerSecond);
                var pages = Enumerable.Range(0, hosts).Select(host => new ReadOnlySequence<byte>(Page(random, host))).ToArray();
                var before = Process.GetCurrentProcess().TotalProcessorTime;
                for (var host = 0; host < hosts; host++)
                {
                    TelemetryFormats.Create("dcgm-exporter", formats[host] with { At = at, Now = at })!.Parse(pages[host], last: true, batch, new RejectCounts());
                    if ((host + 1) % PagesPerCommit == 0 || host == hosts - 1)
                    {
                        await store.AppendAsync(center, batch, new SourceNote("scrape", "dcgm-exporter", Simulated: true, Rejects: null), CancellationToken.None);
                        rows += batch.Count;
                        commits++;
                        batch.Clear();
                    }
                }

                cpu += (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            }

            var closing = Process.GetCurrentProcess().TotalProcessorTime;
            await store.SealAsync(center, CancellationToken.None);
            cpu += (Process.GetCurrentProcess().TotalProcessorTime - closing).TotalSeconds;
        }

        var bytes = new FileInfo(Path.Combine(folder.FullName, "headroom.db")).Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stream: {cards} cards, every {PeriodSeconds} s for {minutes} min: {rows} rows in {commits} durable commits; {cpu:F2} CPU-s = {cpu / (minutes * 60) * 100:F2} % of a core (parsing, commits, sealing); wall {Stopwatch.GetElapsedTime(wall).TotalSeconds:F1} s with making the pages; file {bytes / (rows * 4.0):F3} B a sample"));
        folder.Delete(recursive: true);
    }

    private static byte[] Page(Random random, int host)
    {
        var page = new StringBuilder(8_192);
        Gauge(page, "DCGM_FI_DEV_GPU_UTIL", host, () => random.Next(4) == 0 ? 0 : 90 + random.Next(8));
        Gauge(page, "DCGM_FI_DEV_FB_USED", host, () => 60_000 + random.Next(16));
        Gauge(page, "DCGM_FI_DEV_POWER_USAGE", host, () => 300 + (random.Next(600) / 10.0));
        Gauge(page, "DCGM_FI_DEV_GPU_TEMP", host, () => 60 + random.Next(3));
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void Gauge(StringBuilder page, string name, int host, Func<double> value)
    {
        page.Append(CultureInfo.InvariantCulture, $"# HELP {name} A gauge.\n# TYPE {name} gauge\n");
        for (var card = 0; card < CardsPerHost; card++)
        {
            page.Append(CultureInfo.InvariantCulture, $"{name}{{gpu=\"{card}\",UUID=\"GPU-{host:x8}-{card:x4}\",device=\"nvidia{card}\",modelName=\"NVIDIA A100-SXM4-80GB\",Hostname=\"host-{host:d4}\"}} {value():0.###}\n");
        }
    }
}
