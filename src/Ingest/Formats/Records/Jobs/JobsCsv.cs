using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Jobs;

/// <summary>The scheduler's log as a file: one row is one attempt of one job. The file also says over which span its silence means "no job".</summary>
internal sealed class JobsCsv : IRecordFormat
{
    private const int MostCards = 1_000_000;

    private static readonly ImmutableArray<string> Required =
        ["cluster", "job_id", "tenant", "submit_utc", "start_utc", "end_utc", "cards", "state"];

    private static readonly ImmutableArray<string> Optional =
        ["pool", "model", "eligible_utc", "hosts", "card_ids", "priority", "preemptible", "requested_s", "attempt_of", "name", "precision", "revision"];

    public string Kind => "jobs";

    public string Name => RecordFormats.Csv;

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        using var table = new Table(content, source.Place, Required, Optional);
        var jobs = TableRows.Read(table, source, rejects, Job);
        return new([], jobs, JobCoverage.OfLog(jobs, source, notices));
    }

    private static JobFact Job(RecordRow row)
    {
        var (cluster, id, tenant) = (row.Text("cluster"), row.Text("job_id"), row.Text("tenant"));
        var submitted = row.PastInstant("submit_utc");
        if (submitted is null)
        {
            row.Fail(RejectReason.MissingCell, "submit_utc");
        }

        var (eligible, started, ended) = (row.Instant("eligible_utc"), row.PastInstant("start_utc"), row.PastInstant("end_utc"));
        var cards = row.Whole("cards", 1, MostCards);
        if (cards is null)
        {
            row.Fail(RejectReason.MissingCell, "cards");
        }

        var state = State(row);
        if (state == JobState.Unknown && ended is null)
        {
            state = started is null ? JobState.Pending : JobState.Running;
        }

        if (started < submitted)
        {
            row.Fail(RejectReason.Backwards, "start_utc");
        }

        if (ended < (started ?? submitted))
        {
            row.Fail(RejectReason.Backwards, "end_utc");
        }

        // Without its instant such a job would hold its cards, or wait in the queue, forever.
        if (ended is null && state is not (JobState.Pending or JobState.Running))
        {
            row.Fail(RejectReason.MissingCell, "end_utc");
        }

        if (started is null && state == JobState.Running)
        {
            row.Fail(RejectReason.MissingCell, "start_utc");
        }

        return new(
            cluster,
            id,
            new(tenant),
            submitted ?? 0,
            eligible,
            started,
            ended,
            cards ?? 1,
            state,
            row.Optional("pool") is { } pool ? new PoolId(pool) : null,
            row.Optional("model"),
            CardIds(row),
            row.Optional("priority"),
            row.Flag("preemptible"),
            row.Whole("requested_s", 0, int.MaxValue) is { } seconds ? seconds * Micros.PerSecond : null,
            row.Optional("attempt_of"))
        {
            Revision = row.Revision(),
            Name = row.Optional("name"),
            Precision = PrecisionOf(row),
        };
    }

    private static Precision? PrecisionOf(RecordRow row)
    {
        switch (row.Optional("precision")?.ToLowerInvariant())
        {
            case null:
                return null;
            case "fp16" or "bf16":
                return Precision.Fp16;
            case "fp64":
                return Precision.Fp64;
            default:
                row.Fail(RejectReason.UnknownWord, "precision");
                return null;
        }
    }

    private static JobState State(RecordRow row)
    {
        var text = row.Text("state");
        if (JobWords.State(text) is { } state)
        {
            return state;
        }

        if (text.Length > 0)
        {
            row.Fail(RejectReason.UnknownWord, "state");
        }

        return JobState.Unknown;
    }

    private static ImmutableArray<DeviceId> CardIds(RecordRow row) =>
    [
        .. (row.Optional("card_ids") ?? "")
            .Split([';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal)
            .Select(id => new DeviceId(id)),
    ];
}
