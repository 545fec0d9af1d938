using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records.Requests;

/// <summary>Applications and contracts as a file: one row is one request as it stands. What is wanted may lie ahead.</summary>
internal sealed class RequestsCsv : IRecordFormat
{
    private const int MostCards = 1_000_000;

    private static readonly ImmutableArray<string> Required =
        ["request_id", "center", "tenant", "pool", "cards", "submitted", "wanted_from", "wanted_to", "state", "decided", "reason", "probability"];

    private static readonly ImmutableArray<string> Optional = ["model", "gang", "priority", "kind", "applicant_id", "revision"];

    private static readonly Dictionary<string, RequestState> States = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pending"] = RequestState.Pending,
        ["approved"] = RequestState.Approved,
        ["rejected"] = RequestState.Rejected,
        ["withdrawn"] = RequestState.Withdrawn,
        ["running"] = RequestState.Running,
        ["completed"] = RequestState.Completed,
    };

    public string Kind => "requests";

    public string Name => RecordFormats.Csv;

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        using var table = new Table(content, source.Place, Required, Optional);
        var requests = TableRows.Read(table, source, rejects, row => Request(row, source));
        return FactBatch.Empty with { Requests = requests };
    }

    private static RequestFact Request(RecordRow row, RecordSource source)
    {
        var (id, tenant) = (row.Text("request_id"), row.Text("tenant"));
        if (source.Center is { } center && row.Optional("center") is { } named && named != center.Value)
        {
            row.Fail(RejectReason.OtherCenter, "center");
        }

        var cards = row.Whole("cards", 1, MostCards);
        if (cards is null)
        {
            row.Fail(RejectReason.MissingCell, "cards");
        }

        var submitted = row.PastInstant("submitted");
        if (submitted is null)
        {
            row.Fail(RejectReason.MissingCell, "submitted");
        }

        var (from, to) = (row.Instant("wanted_from"), row.Instant("wanted_to"));
        if (to <= (from ?? submitted))
        {
            row.Fail(RejectReason.Backwards, "wanted_to");
        }

        var (state, decided) = (State(row), row.PastInstant("decided"));
        if (decided < submitted)
        {
            row.Fail(RejectReason.Backwards, "decided");
        }

        // A refusal counts from its day on; without one it would count for ever, or never.
        if (decided is null && state is RequestState.Rejected or RequestState.Withdrawn)
        {
            row.Fail(RejectReason.MissingCell, "decided");
        }

        return new(
            id,
            new(tenant),
            row.Optional("pool") is { } pool ? new PoolId(pool) : null,
            cards ?? 1,
            submitted ?? 0,
            from,
            to,
            state,
            decided,
            row.Optional("reason"),
            row.Number("probability", 0, 1),
            row.Optional("model"),
            row.Whole("gang", 1, MostCards),
            row.Optional("priority"),
            row.Optional("kind"),
            row.Optional("applicant_id"))
        {
            Revision = row.Revision(),
        };
    }

    private static RequestState State(RecordRow row)
    {
        var word = row.Text("state");
        if (word.Length > 0 && !States.ContainsKey(word))
        {
            row.Fail(RejectReason.UnknownWord, "state");
        }

        return States.GetValueOrDefault(word);
    }
}
