using System.Collections.Immutable;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Records;
using Headroom.Storage;

namespace Headroom.Ingest;

/// <summary>What came of an ingest. Received = accepted + rejected.</summary>
/// <param name="MissingCells">Cells that were not acceptable in rows that were.</param>
/// <param name="Rejected">Counts by reason; none for reasons that did not occur.</param>
/// <param name="Examples">Some rejected rows of each reason.</param>
/// <param name="New">Rows that the store did not have; with duplicates and conflicts all that were appended.</param>
/// <param name="Notices">What a user should know although it went on: guesses, ignored columns, models without a rating, reasons of rejects.</param>
public sealed record IngestReport(
    long Received,
    long Accepted,
    long MissingCells,
    ImmutableArray<(RejectReason Reason, long Count)> Rejected,
    ImmutableArray<RejectedRow> Examples,
    long New,
    long Duplicates,
    long Conflicts,
    ImmutableArray<UserMessage> Notices);

/// <summary>Sums up an ingest while it runs.</summary>
internal sealed class IngestTally
{
    private readonly RejectCounts _counts = new();
    private readonly List<UserMessage> _notices = [];
    private (long New, long Duplicates, long Conflicts) _stored;

    public ICollection<UserMessage> Notices => _notices;

    public void Add(RejectCounts batch, AppendReceipt receipt)
    {
        _counts.Add(batch);
        _stored = (_stored.New + receipt.New, _stored.Duplicates + receipt.Duplicates, _stored.Conflicts + receipt.Conflicts);
    }

    public void IgnoredColumns(string place, IReadOnlyCollection<string> columns)
    {
        if (columns.Count > 0)
        {
            _notices.Add(UserMessage.Of(MessageCode.ColumnsIgnored, place, columns.Count, string.Join(", ", columns.Order(StringComparer.Ordinal))));
        }
    }

    public IngestReport Report()
    {
        _notices.AddRange(RejectMessages.Of(_counts));
        return new(
            _counts.Received, _counts.Accepted, _counts.MissingCells, _counts.ByReason, [.. _counts.Rows], _stored.New, _stored.Duplicates, _stored.Conflicts, [.. _notices]);
    }
}
