using System.Globalization;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Ingest;
using Headroom.Ingest.Centers;
using Headroom.Service.Composition;
using Headroom.Simulation;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.ReportsBench;

/// <summary>A year of two centers: 600 cards of three models, with outages, additions, swaps, shared cards, gaps and late rows; one of them in a zone with daylight saving.</summary>
internal static class TwoCenters
{
    /// <summary>The center of 400 cards.</summary>
    public const string Large = "large";

    private static readonly (string Id, string File, SimulationPlan Plan)[] All =
    [
        (
            Large,
            """
            center: large
            name: {en: The larger one, zh: 较大的中心}
            zone: Asia/Shanghai
            pools:
              - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, nameplate_p: 80, nameplate_source: {assumed: true}, model: Ascend 910A, devices: 296, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
              - {id: new, name: {en: New AI, zh: 新智算}, precision: fp16, nameplate_p: 30, nameplate_source: {assumed: true}, model: A100-SXM4-80GB, devices: 80, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
            """,
            Year(new(2025, 1, 1), 11) with { Pools = [new(new("ai"), new DemandTarget.OfCapacity(1.1)), new(new("new"), new DemandTarget.OfCapacity(0.6))], Additions = [new(new(2025, 7, 1), new("new"), 24)] }),
        (
            "small",
            """
            center: small
            name: {en: The smaller one, zh: 较小的中心}
            zone: Europe/Berlin
            pools:
              - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, nameplate_p: 150, nameplate_source: {assumed: true}, model: H800-SXM5-80GB, devices: 176, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
            """,
            Year(new(2025, 1, 1), 12) with { Pools = [new(new("ai"), new DemandTarget.OfCapacity(0.8))], Additions = [new(new(2025, 4, 15), new("ai"), 24)] }),
    ];

    public static async Task FillAsync(string database, int days)
    {
        await using var store = await SqliteStore.OpenAsync(new() { Path = database }, TimeProvider.System, default);
        var library = new CenterLibrary(store);
        var catalog = await library.CatalogOrShippedAsync(default);
        foreach (var (id, file, whole) in All)
        {
            var center = CenterFile.Parse(file, $"{id}.yaml");
            await library.SaveAsync(new(center, file), default);
            var plan = whole with { Until = whole.From.AddDays(days), Additions = [.. whole.Additions.Where(addition => addition.Day < whole.From.AddDays(days))] };
            var simulated = Simulator.Run(center, plan, catalog);
            var options = new IngestOptions { Simulated = true, Catalog = catalog, Clock = TimeProvider.System, At = simulated.Window.Until };
            await RecordsAsync(store, center, "inventory", writer => RecordFiles.WriteInventory(simulated, writer), options);
            var cards = (await store.ReadFactsAsync(center.Id, Headroom.Domain.Time.Instants.Never, default)).Inventory.Select(fact => fact.Device.Value).Distinct().Take(16).ToList();
            await RecordsAsync(store, center, "jobs", writer => RecordFiles.WriteJobs(simulated, writer), options);
            await RecordsAsync(store, center, "allocations", writer => WriteShared(cards, plan, writer), options);
            foreach (var day in simulated.Days)
            {
                await using var rows = simulated.OpenTelemetry(day);
                await TelemetryIngest.StreamAsync(store, center, rows, string.Create(CultureInfo.InvariantCulture, $"telemetry-{day:yyyy-MM-dd}.csv"), options with { Format = "csv", At = null }, openMetrics: false, default);
            }

            await new CardHourKeeper(store, TimeProvider.System).UpdateAsync(center, catalog, progress: null, default);
        }
    }

    private static SimulationPlan Year(DateOnly from, ulong seed) => new() { From = from, Until = from.AddYears(1), Seed = seed, PeriodSeconds = 1_800 };

    // Two tenants share each of some cards, half and half, for a month.
    private static void WriteShared(IEnumerable<string> cards, SimulationPlan plan, TextWriter writer)
    {
        writer.WriteLine("card,from,to,tenant,job_id,kind,share");
        foreach (var card in cards)
        {
            foreach (var tenant in (string[])["half-a", "half-b"])
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{card},{plan.From.AddDays(20):yyyy-MM-dd}T00:00:00Z,{plan.From.AddDays(50):yyyy-MM-dd}T12:34:56Z,{tenant},share-{card}-{tenant},job,0.5"));
            }
        }
    }

    private static async Task RecordsAsync(SqliteStore store, CenterDefinition center, string kind, Action<TextWriter> write, IngestOptions options)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        write(text);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        await RecordIngest.StreamAsync(store, center, kind, content, kind + ".csv", options, default);
    }
}
