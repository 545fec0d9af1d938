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
        var row = new RecordRow(table, source);
        var rows = ImmutableArray.CreateBuilder<T>();
        var rejects = new RejectCounts();
        while (table.Read())
        {
            row.Begin();
            var value = read(row);
            if (row.IsGood)
            {
                rows.Add(value);
                rejects.Accept();
            }
            else
            {
                rejects.Reject(row.Rejected(device: null));
            }
        }

        return new(rows.ToImmutable(), RejectMessages.Of(rejects));
    }
}
