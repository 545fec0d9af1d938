using System.Collections.Immutable;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records;

/// <summary>Rejected rows as messages: one per reason, naming the first row.</summary>
internal static class RejectMessages
{
    public static ImmutableArray<UserMessage> Of(RejectCounts rejects) =>
    [
        .. rejects.ByReason.Select(pair => (pair.Reason, pair.Count, First: rejects.Rows.First(row => row.Reason == pair.Reason)))
            .Select(pair => UserMessage.Of(MessageCode.RowRejected, pair.First.Place, pair.Reason.Word(), pair.Count, pair.First.Device, pair.First.Column, pair.First.Found)),
    ];
}
