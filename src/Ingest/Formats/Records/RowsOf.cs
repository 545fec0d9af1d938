using System.Collections.Immutable;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records;

/// <summary>Rows of a file that feeds one command and no store.</summary>
/// <param name="Problems">One message per reason for which rows were left out, naming the first of them.</param>
public sealed record RowsOf<T>(ImmutableArray<T> Rows, ImmutableArray<UserMessage> Problems)
{
    /// <exception cref="UserException">Missing, unreadable, or without one of the columns.</exception>
    internal static RowsOf<T> Read(string path, RecordSource source, ImmutableArray<string> required, ImmutableArray<string> optional, Func<RecordRow, T> read)
    {
        using var content = TextFile.Open(path);
        using var table = new Table(content, path, required, optional);
        var rejects = new RejectCounts();
        var rows = TableRows.Read(table, source, rejects, read);
        return new(rows, RejectMessages.Of(rejects));
    }
}
