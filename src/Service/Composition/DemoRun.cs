using System.Globalization;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest;
using Headroom.Reports.Audits;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Service.Rendering;
using Headroom.Simulation;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Service.Composition;

/// <summary>Told how far the demo is.</summary>
internal interface IDemoProgress
{
    void Simulating(CenterId center, int days, DateOnly from);

    void Day(CenterId center, DateOnly day, long rows);

    void Accounting(CenterId center);

    void Reporting(CenterId center);
}

/// <summary>Simulates the shipped centers and takes them through the same doors as real ones: files in, reports out. Nothing is passed behind the store's back.</summary>
internal sealed class DemoRun(string folder, TimeProvider clock, IDemoProgress progress)
{
    private static readonly string[] Centers = ["wuhan", "qingdao"];

    public string Database { get; } = Path.Combine(folder, "demo.db");

    /// <summary>The last simulated day of the first center, once it has run.</summary>
    public string LastDay { get; private set; } = "";

    /// <summary>The published sentences of the centers, once it has run.</summary>
    public List<ClaimAudit> Audits { get; } = [];

    /// <returns>The paths of the reports.</returns>
    /// <exception cref="UserException">The folder cannot be written to.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        StartAfresh();
        var store = await SqliteStore.OpenAsync(new StoreOptions { Path = Database }, clock, cancellationToken);
        await using (store)
        {
            var library = new CenterLibrary(store);
            var catalog = await library.CatalogOrShippedAsync(cancellationToken);
            var reports = new List<string>();
            foreach (var id in Centers)
            {
                var file = CenterLibrary.ReadFile(CenterLibrary.ShippedCenter(id));
                await library.SaveAsync(file, cancellationToken);
                reports.AddRange(await RunAsync(store, file.Definition, catalog, cancellationToken));
            }

            return reports;
        }
    }

    private async Task<IReadOnlyList<string>> RunAsync(IStore store, CenterDefinition center, CardCatalog catalog, CancellationToken cancellationToken)
    {
        var simulated = Simulator.Run(center, SimulationPlan.Demo(center), catalog);
        var days = simulated.Days.ToArray();
        progress.Simulating(center.Id, simulated.Plan.Until.DayNumber - simulated.Plan.From.DayNumber, simulated.Plan.From);
        var options = new IngestOptions { Simulated = true, Catalog = catalog, Clock = clock, At = simulated.Window.Until };
        await RecordsAsync(store, center, "inventory", writer => RecordFiles.WriteInventory(simulated, writer), options, cancellationToken);
        await RecordsAsync(store, center, "jobs", writer => RecordFiles.WriteJobs(simulated, writer), options, cancellationToken);
        await RecordsAsync(store, center, "requests", writer => RecordFiles.WriteRequests(simulated, writer), options, cancellationToken);
        foreach (var day in days)
        {
            await using var rows = simulated.OpenTelemetry(day);
            var report = await TelemetryIngest.StreamAsync(store, center, rows, $"telemetry-{Iso(day)}.csv", options with { Format = "csv", At = null }, openMetrics: false, cancellationToken);
            progress.Day(center.Id, day, report.Received);
        }

        progress.Accounting(center.Id);
        await new CardHourKeeper(store, clock).UpdateAsync(center, catalog, progress: null, cancellationToken);
        progress.Reporting(center.Id);
        LastDay = LastDay.Length == 0 ? Iso(days[^1]) : LastDay;
        var devices = new CenterDevices(center, await store.ReadFactsAsync(center.Id, Instants.Never, cancellationToken));
        Audits.AddRange(await new AuditDesk(store, clock).PublishedAsync(devices, catalog, Instants.Never, cancellationToken));
        var saturation = await new SaturationReportBuilder(store, clock).BuildAsync(center, catalog, days[^1], Instants.Never, cancellationToken);
        return
        [
            .. await PeriodsAsync(store, center, catalog, days[^1], cancellationToken),
            .. await ReportFiles.WriteSaturationAsync(saturation, [.. Texts.Languages], ["html", "json"], folder, cancellationToken),
        ];
    }

    // The last day, and the week and the month it is in.
    private async Task<IReadOnlyList<string>> PeriodsAsync(IStore store, CenterDefinition center, CardCatalog catalog, DateOnly day, CancellationToken cancellationToken)
    {
        var (builder, versions, files) = (new DailyReportBuilder(store, clock), new ReportVersions(store), new List<string>());
        foreach (var kind in ReportPeriod.Words.Keys)
        {
            var input = await builder.BuildAsync(center, catalog, ReportPeriod.Of(kind, day), Instants.Never, mayIssue: true, cancellationToken);
            var report = await versions.IssueAsync(DailyReportModel.Of(input), Instants.Never, mayKeep: true, cancellationToken);
            files.AddRange(await ReportFiles.WriteDailyAsync(report, [.. Texts.Languages], ["html", "json"], folder, cancellationToken));
        }

        return files;
    }

    private static async Task RecordsAsync(
        IStore store, CenterDefinition center, string kind, Action<TextWriter> write, IngestOptions options, CancellationToken cancellationToken)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        write(text);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        await RecordIngest.StreamAsync(store, center, kind, content, $"{kind}.csv", options, cancellationToken);
    }

    // The demo's own database, and nothing else, is made anew.
    private void StartAfresh()
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var suffix in (string[])["", "-wal", "-shm"])
            {
                File.Delete(Database + suffix);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserException(UserMessage.Of(MessageCode.FolderUnwritable, folder, problem.Message), problem);
        }
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
