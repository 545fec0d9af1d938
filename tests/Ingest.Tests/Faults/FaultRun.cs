using System.Globalization;
using System.Net;
using System.Text;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.Mapped;
using Headroom.Ingest.Transports.Scrape;
using Headroom.Ingest.Tests.Transports.RemoteWrite;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Ingest.Tests.Faults;

/// <summary>Takes the files of one folder into a new store, as a user would, and says all that came of it.</summary>
internal sealed class FaultRun(CancellationToken cancellationToken)
{
    private const int MostLines = 12;
    private static readonly long Now = Instants.From(new DateTimeOffset(2026, 3, 30, 0, 0, 0, TimeSpan.Zero));
    private static readonly long Noon = Instants.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private static readonly Window Everything = new(0, Instants.Never);

    private readonly StringBuilder _told = new();

    public async Task<string> RunAsync(string folder)
    {
        using var place = new TestFolder();
        var clock = new StandingClock(Now);
        var center = CenterDefinition.NewDraft(new("faults"));
        var store = await SqliteStore.OpenAsync(new StoreOptions { Path = place.File() }, clock, cancellationToken);
        await using (store)
        {
            foreach (var file in Directory.GetFiles(folder).Where(file => char.IsAsciiDigit(Path.GetFileName(file)[0])).Order(StringComparer.Ordinal))
            {
                await TakeAsync(store, center, file);
            }

            var facts = await store.ReadFactsAsync(center.Id, Instants.Never, cancellationToken);
            await SamplesAsync(store, center, facts);
            foreach (var job in facts.Jobs.OrderBy(job => job.Submitted).ThenBy(job => job.JobId, StringComparer.Ordinal))
            {
                Tell($"job {job.JobId} of {job.Tenant}: {job.Devices} x {job.State}, submitted {Text(job.Submitted)}, eligible {Text(job.Eligible)}, started {Text(job.Started)}, ended {Text(job.Ended)}");
            }

            await HoursAsync(store, center, facts, clock);
        }

        return _told.ToString();
    }

    // "2.telemetry.dcgm-exporter.later.prom": order, kind, format, and what else is to be said.
    private async Task TakeAsync(SqliteStore store, CenterDefinition center, string file)
    {
        var words = Path.GetFileName(file).Split('.');
        var (kind, format) = (words[1], words[2]);
        var bytes = words[^1] == "generated" ? Generated(kind) : await File.ReadAllBytesAsync(file, cancellationToken);
        var isMapping = kind == "telemetry" && !TelemetryFormats.Names.Contains(format);
        var options = new IngestOptions
        {
            Format = isMapping ? null : format,
            Mapping = isMapping ? MappingFile.Load(Places.Data("mappings", format + ".yaml")) : null,
            Host = kind == "telemetry" ? "n1" : null,
            At = words.Contains("later") ? Noon + (15 * Micros.PerSecond) : Noon,
            Zone = words.Contains("utc") ? "UTC" : words.Contains("berlin") ? "Europe/Berlin" : format == "nvidia-smi" ? "Asia/Shanghai" : null,
            Clock = new StandingClock(Noon + (12 * Micros.PerHour)),
            RowsPerBatch = 1_000,
        };
        if (words.Contains("berlin"))
        {
            options = options with { Clock = new StandingClock(Now) };
        }

        try
        {
            if (kind == "page")
            {
                var page = await PageAsync(bytes, file.EndsWith("html", StringComparison.Ordinal));
                Tell(PageClock.SkewOf(page) is { } skew ? $"clock of the target: {(skew / Micros.PerSecond).ToString(CultureInfo.InvariantCulture)} s" : "clock of the target: not shown");
                (bytes, kind, options) = (page.Body, "telemetry", options with { Format = null });
            }

            using var content = new MemoryStream(bytes);
            var report = kind == "telemetry"
                ? await TelemetryIngest.StreamAsync(store, center, content, "f", options, openMetrics: false, cancellationToken)
                : await RecordIngest.StreamAsync(store, center, kind, content, "f", options, cancellationToken);
            var rejected = report.Rejected.IsEmpty ? "none" : string.Join(", ", report.Rejected.Select(pair => $"{pair.Reason.Word()} {pair.Count}"));
            Tell($"{words[0]} {kind}: received {report.Received}, accepted {report.Accepted}, rejected {rejected}, missing cells {report.MissingCells}; new {report.New}, duplicates {report.Duplicates}, conflicts {report.Conflicts}");
            foreach (var row in report.Examples.Take(MostLines))
            {
                Tell($"  {row.Place} {row.Reason.Word()} {row.Column} {row.Found}".TrimEnd());
            }
        }
        catch (UserException problem)
        {
            Tell($"{words[0]} {kind}: {problem.Messages[0].Code} {problem.Messages[0].Arguments[1]}");
        }
    }

    private static async Task<ScrapedPage> PageAsync(byte[] bytes, bool html)
    {
        using var http = new HttpClient(new OnePage(bytes, html));
        var target = new ScrapeTarget("t", new("http://127.0.0.1:9400/metrics"), Format: null, Host: null, PeriodMicros: 15 * Micros.PerSecond);
        return await new ScrapeClient(http, new StandingClock(Noon - (4 * Micros.PerHour))).GetAsync(target, default);
    }

    private async Task SamplesAsync(SqliteStore store, CenterDefinition center, CenterFacts facts)
    {
        foreach (var device in facts.Devices.OrderBy(device => device.Sighting.Id, StringComparer.Ordinal))
        {
            Tell($"device {device.Sighting.Id} on {device.Sighting.Host}, slot {device.Sighting.Slot ?? "-"}, {device.Sighting.Model ?? "model not known"}");
            var samples = await store.ReadSamplesAsync(center.Id, new(device.Sighting.Id), Everything, cancellationToken);
            for (var i = 0; i < Math.Min(MostLines, samples.Count); i++)
            {
                int[] values = [samples.UsePpm[i], samples.MemoryKib[i], samples.PowerMilliwatts[i], samples.TemperatureMillidegrees[i]];
                Tell($"  {Instants.ToText(samples.Instants[i])} {string.Join(' ', values.Select(value => value == TelemetryMetrics.Missing ? "-" : value.ToString(CultureInfo.InvariantCulture)))}");
            }
        }
    }

    private async Task HoursAsync(SqliteStore store, CenterDefinition center, CenterFacts facts, TimeProvider clock)
    {
        if (facts.Telemetry.IsEmpty)
        {
            return;
        }

        var catalog = CardCatalogFile.Load(Places.Data("card-models.csv"));
        await new CardHourKeeper(store, clock).UpdateAsync(center, catalog, progress: null, cancellationToken);
        var day = DateOnly.FromDateTime(Instants.ToDateTime(facts.Telemetry.From).UtcDateTime);
        foreach (var card in await store.ReadCardDaysAsync(center.Id, day, day.AddDays(1), Instants.Never, cancellationToken))
        {
            var (installed, busy, unknown, silent) = (card.Hours.Sum(hour => hour.Cells.Installed), card.Hours.Sum(hour => hour.Cells.Busy), card.Hours.Sum(hour => hour.Cells.UseUnknown), card.Hours.Sum(hour => hour.SilentZero));
            Tell($"day {card.Day.ToString("O", CultureInfo.InvariantCulture)} {card.Device}: installed {Hours(installed)} h, busy {Hours(busy)} h, use unknown {Hours(unknown)} h, silent zero {Hours(silent)} h");
        }
    }

    private static byte[] Generated(string kind) => kind == "page"
        ? Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("DCGM_FI_DEV_GPU_UTIL{UUID=\"GPU-1\",Hostname=\"n1\"} 5\n" + new string('#', 1_000_000) + "\n", 100)))
        : Encoding.UTF8.GetBytes("DCGM_FI_DEV_GPU_UTIL{UUID=\"GPU-1\",Hostname=\"n1\",pod=\"" + new string('x', 2_000_000) + "\"} 5\nDCGM_FI_DEV_GPU_UTIL{UUID=\"GPU-2\",Hostname=\"n1\"} 5\n");

    private void Tell(FormattableString line) => _told.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void Tell(string line) => _told.Append(line).Append('\n');

    private static string Text(long? instant) => instant is { } at ? Instants.ToText(at) : "-";

    private static string Hours(long micros) => ((double)micros / Micros.PerHour).ToString("0.####", CultureInfo.InvariantCulture);

    private sealed class OnePage(byte[] body, bool html) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new(html ? "text/html" : "text/plain");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
