using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Allocations;

/// <summary>Which device was held by whom, as a file: one row is one device, or a slice of it, in one time. What is reserved or contracted may lie ahead; what runs may not.</summary>
internal sealed class AllocationsCsv : IRecordFormat
{
    private static readonly ImmutableArray<string> Required = ["card", "from", "to", "tenant", "job_id", "kind", "share"];

    private static readonly ImmutableArray<string> Optional = ["revision"];

    private static readonly Dictionary<string, AllocationKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["job"] = AllocationKind.Job,
        ["reservation"] = AllocationKind.Reservation,
        ["contract"] = AllocationKind.Contract,
    };

    public string Kind => "allocations";

    public string Name => RecordFormats.Csv;

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        using var table = new Table(content, source.Place, Required, Optional);
        var facts = TableRows.Read(table, source, rejects, Fact, fact => fact.Device.Value);
        return FactBatch.Empty with { Allocations = facts, Coverage = Coverage(facts, source) };
    }

    // A list of jobs is silent about what is not in its time; a register of contracts stands until a newer one says otherwise.
    private static ImmutableArray<FeedCoverage> Coverage(IReadOnlyCollection<AllocationFact> facts, RecordSource source)
    {
        var jobs = facts.Where(fact => fact.Kind == AllocationKind.Job).ToList();
        var register = facts.Where(fact => fact.Kind != AllocationKind.Job).ToList();
        var coverage = ImmutableArray.CreateBuilder<FeedCoverage>(2);
        if (jobs.Count > 0)
        {
            coverage.Add(new(FeedCoverage.Allocations, new(jobs.Min(fact => fact.Valid.From), UntilOf(jobs, source))));
        }

        if (register.Count > 0)
        {
            coverage.Add(new(FeedCoverage.Contracts, new(register.Min(fact => fact.Valid.From), Instants.Never)));
        }

        return coverage.DrainToImmutable();
    }

    private static long UntilOf(IReadOnlyCollection<AllocationFact> jobs, RecordSource source)
    {
        var last = jobs.Max(fact => fact.Valid.Until == Instants.Never ? fact.Valid.From + 1 : fact.Valid.Until);
        return Math.Max(last, source.At ?? last);
    }

    private static AllocationFact Fact(RecordRow row)
    {
        if (row.Optional("card") is null)
        {
            row.Fail(RejectReason.NoDevice, "card");
        }

        var word = row.Text("kind");
        if (word.Length > 0 && !Kinds.ContainsKey(word))
        {
            row.Fail(RejectReason.UnknownWord, "kind");
        }

        var kind = Kinds.GetValueOrDefault(word);
        var (from, to) = kind == AllocationKind.Job ? (row.PastInstant("from"), row.PastInstant("to")) : (row.Instant("from"), row.Instant("to"));
        if (from is null)
        {
            row.Fail(RejectReason.MissingCell, "from");
        }

        var valid = new Window(from ?? 0, to ?? Instants.Never);
        if (valid.IsEmpty)
        {
            row.Fail(RejectReason.Backwards, "to");
        }

        return new(new(row.Optional("card") ?? ""), valid, new(row.Text("tenant")), row.Optional("job_id"), kind, Share(row)) { Revision = row.Revision() };
    }

    // An empty cell is a whole device; a slice too small to count is none.
    private static int Share(RecordRow row)
    {
        var share = (int)Math.Round((row.Number("share", 0, 1) ?? 1) * AllocationFact.Whole, MidpointRounding.AwayFromZero);
        if (share == 0)
        {
            row.Fail(RejectReason.OutOfRange, "share");
        }

        return share;
    }
}
