using System.Collections.Immutable;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records;

/// <summary>A table as values: a row that can be used is one value, the others are counted with their reason.</summary>
internal static class TableRows
{
    /// <param name="rejects">Gets the ignored columns, and each row: accepted + rejected = received.</param>
    /// <param name="read">One row; what is wrong with it is said by <see cref="RecordRow.Fail"/>.</param>
    /// <param name="deviceOf">The device that a rejected row is about, empty where it names none; null: rows are about none.</param>
    /// <exception cref="Domain.Messages.UserException">The table lacks a column.</exception>
    public static ImmutableArray<T> Read<T>(Table table, RecordSource source, RejectCounts rejects, Func<RecordRow, T> read, Func<T, string>? deviceOf = null)
    {
        rejects.IgnoredColumns.UnionWith(table.Ignored);
        var row = new RecordRow(table, source);
        var values = ImmutableArray.CreateBuilder<T>();
        while (table.Read())
        {
            row.Begin();
            var value = read(row);
            if (row.IsGood)
            {
                values.Add(value);
                rejects.Accept();
            }
            else
            {
                rejects.Reject(row.Rejected(deviceOf?.Invoke(value) is { Length: > 0 } device ? device : null));
            }
        }

        return values.ToImmutable();
    }
}
