using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite;

/// <summary>How a shared row of <see cref="ReceivedTable"/> grew, append by append, so that a report as of a time counts what had come by then.</summary>
/// <remarks>Per append after the first: the change of its distance from the one before (zigzag, microseconds), its rows (varint). Regular scrapes take three bytes each.</remarks>
internal static class ReceivedGrowth
{
    /// <summary>The growth with one more append.</summary>
    /// <param name="first">When the first append was recorded. Unit: microseconds since the Unix epoch.</param>
    public static byte[] With(byte[] growth, long first, long recorded, long rows)
    {
        var (last, step) = (first, 0L);
        for (var reader = new ByteReader(growth); !reader.AtEnd; reader.Varint())
        {
            step += reader.ZigZag();
            last += step;
        }

        var writer = new ByteWriter(growth.Length + 20);
        writer.Bytes(growth);
        writer.ZigZag(recorded - last - step);
        writer.Varint(rows);
        return writer.ToArray();
    }

    /// <summary>When the last append by <paramref name="asOf"/> was recorded, and the rows that came after it.</summary>
    /// <param name="first">When the first append was recorded; not after <paramref name="asOf"/>. Unit: microseconds since the Unix epoch.</param>
    public static (long Recorded, long LaterRows) After(byte[] growth, long first, long asOf)
    {
        var (recorded, at, step, later) = (first, first, 0L, 0L);
        for (var reader = new ByteReader(growth); !reader.AtEnd;)
        {
            step += reader.ZigZag();
            at += step;
            var rows = (long)reader.Varint();
            (recorded, later) = at <= asOf ? (at, later) : (recorded, later + rows);
        }

        return (recorded, later);
    }
}
