using System.Globalization;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Ingest;
using Headroom.Ingest.Catalogs;
using Headroom.Ingest.Centers;
using Headroom.Simulation;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.ServeBench;

/// <summary>A database with the card-hours of one simulated center of 400 cards, sampled every ten minutes.</summary>
internal static class CenterYear
{
    public const string Id = "year";

    private const string File = """
        center: year
        name: {en: A simulated year, zh: 模拟的一年}
        zone: Asia/Shanghai
        opened: 2025-01-01
        pools:
          - {id: ai, name: {en: AI computing, zh: 人工智能算力}, precision: fp16, nameplate_p: 100, nameplate_source: {assumed: true}, model: Ascend 910A, devices: 400, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
        """;

    /// <summary>Fills <paramref name="database"/>; the last local day is that before <paramref name="until"/>.</summary>
    public static async Task FillAsync(string database, string root, DateOnly until, int days)
    {
        var folder = Path.GetDirectoryName(database)!;
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "year.yaml"), File);
        var catalogFile = Path.Combine(root, "data", "card-models.csv");
        var (center, catalog) = (CenterFile.Load(Path.Combine(folder, "year.yaml")), CardCatalogFile.Load(catalogFile));
        var plan = new SimulationPlan
        {
            From = until.AddDays(-days),
            Until = until,
            Seed = (ulong)Random.Shared.NextInt64(),
            PeriodSeconds = 600,
            Pools = [new(new PoolId("ai"), new DemandTarget.OfCapacity(0.9), GrowthPerMonth: 0.02)],
        };
        var simulated = Simulator.Run(center, plan, catalog);
        await using var store = await SqliteStore.OpenAsync(new() { Path = database }, TimeProvider.System, default);
        await store.SaveDocumentAsync(Storage.DocumentKind.CardCatalog, "card-models", await System.IO.File.ReadAllTextAsync(catalogFile), default);
        await store.SaveDocumentAsync(Storage.DocumentKind.Center, Id, File, default);
        var options = new IngestOptions { Simulated = true, Catalog = catalog, Clock = TimeProvider.System, At = simulated.Window.Until };
        await RecordsAsync("inventory", writer => RecordFiles.WriteInventory(simulated, writer));
        await RecordsAsync("jobs", writer => RecordFiles.WriteJobs(simulated, writer));
        await RecordsAsync("requests", writer => RecordFiles.WriteRequests(simulated, writer));
        foreach (var day in simulated.Days)
        {
            await using var rows = simulated.OpenTelemetry(day);
            await TelemetryIngest.StreamAsync(store, center, rows, string.Create(CultureInfo.InvariantCulture, $"telemetry-{day:yyyy-MM-dd}.csv"), options with { Format = "csv", At = null }, openMetrics: false, default);
        }

        await new CardHourKeeper(store, TimeProvider.System).UpdateAsync(center, catalog, progress: null, default);

        async Task RecordsAsync(string kind, Action<TextWriter> write)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            write(text);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {text.ToString().Count(c => c == '\n') - 1:N0} rows"));
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
            await RecordIngest.StreamAsync(store, center, kind, content, kind + ".csv", options, default);
        }
    }
}
