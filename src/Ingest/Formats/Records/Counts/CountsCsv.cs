using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records.Counts;

/// <summary>Devices by number, as a file: one row is one tenant in one hour, in mean devices. Which devices those were is not known.</summary>
internal sealed class CountsCsv : IRecordFormat
{
    private const double MostDevices = 1e9;

    private static readonly ImmutableArray<string> Required = ["hour", "tenant", "installed", "allocated", "queued"];

    private static readonly ImmutableArray<string> Optional = ["pool", "revision"];

    public string Kind => "counts";

    public string Name => RecordFormats.Csv;

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        using var table = new Table(content, source.Place, Required, Optional);
        var facts = TableRows.Read(table, source, rejects, Fact);
        return FactBatch.Empty with { Counts = facts };
    }

    private static CountFact Fact(RecordRow row)
    {
        var hour = row.PastInstant("hour");
        if (hour is null)
        {
            row.Fail(RejectReason.MissingCell, "hour");
        }

        // The hour is named by its start, on the local clock: zones of whole quarters of an hour are all there are.
        if (hour % (15 * Domain.Time.Micros.PerMinute) is not (null or 0))
        {
            row.Fail(RejectReason.BadTime, "hour");
        }

        return new(
            hour ?? 0,
            new(row.Text("tenant")),
            row.Optional("pool") is { } pool ? new PoolId(pool) : null,
            row.Number("installed", 0, MostDevices) is { } installed ? CountFact.Amount(installed) : null,
            CountFact.Amount(row.RequiredNumber("allocated", 0, MostDevices)),
            row.Number("queued", 0, MostDevices) is { } queued ? CountFact.Amount(queued) : null)
        {
            Revision = row.Revision(),
        };
    }
}
