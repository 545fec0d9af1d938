using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.Upkeep;

/// <summary>Packs the small blocks of a day, which late pieces leave behind, into large ones.</summary>
internal sealed class BlockJoiner
{
    /// <summary>A block with fewer rows is small. Unit: rows.</summary>
    private const int SmallBlock = BlockTable.RowsPerBlock / 2;

    /// <summary>Rows in memory at once, about.</summary>
    private const long RowsAtOnce = 1_000_000;

    private readonly BlockTable _blocks = new("", cachedBlocks: 0);

    /// <summary>Days of a center with two small blocks or more.</summary>
    public static List<int> Days(Session session, long center, int beforeDay)
    {
        var days = new List<int>();
        using var reader = session.Read("SELECT day FROM block WHERE center = @1 AND day < @2 AND rows < @3 GROUP BY day HAVING COUNT(*) > 1 ORDER BY day", center, beforeDay, SmallBlock);
        while (reader.Read())
        {
            days.Add(reader.GetInt32(0));
        }

        return days;
    }

    /// <summary>Joins what can be read; returns how many blocks there are fewer.</summary>
    public int Join(Session session, long center, int day)
    {
        var before = Count(session, center, day);
        var (rows, taken) = (new SortedDictionary<long, SampleColumns>(), 0L);
        foreach (var id in Small(session, center, day))
        {
            if (TryDecode(session, id) is not { } decoded)
            {
                continue;
            }

            foreach (var (device, columns) in decoded)
            {
                rows[device] = rows.TryGetValue(device, out var known) ? SampleColumns.Merge(known, columns) : columns;
                taken += columns.Count;
            }

            BlockTable.Remove(session, id);
            if (taken >= RowsAtOnce)
            {
                Write(session, center, day, rows);
                taken = 0;
            }
        }

        Write(session, center, day, rows);
        return before - Count(session, center, day);
    }

    private void Write(Session session, long center, int day, SortedDictionary<long, SampleColumns> rows)
    {
        _blocks.Add(session, center, day, [.. rows.Select(pair => new Segment(pair.Key, pair.Value, 0, pair.Value.Count))]);
        rows.Clear();
    }

    // Null: damaged; it stays, since part of it may still be read.
    private List<(long Device, SampleColumns Rows)>? TryDecode(Session session, long id)
    {
        try
        {
            var block = _blocks.Open(session, id);
            return [.. block.Segments.Select((segment, i) => (segment.Device, BlockTable.Decode(block, i)))];
        }
        catch (DamagedException)
        {
            return null;
        }
    }

    private static List<long> Small(Session session, long center, int day)
    {
        var blocks = new List<long>();
        using var reader = session.Read("SELECT id FROM block WHERE center = @1 AND day = @2 AND rows < @3 ORDER BY first_device, id", center, day, SmallBlock);
        while (reader.Read())
        {
            blocks.Add(reader.GetInt64(0));
        }

        return blocks;
    }

    private static int Count(Session session, long center, int day) => (int)(long)session.Scalar("SELECT COUNT(*) FROM block WHERE center = @1 AND day = @2", center, day)!;
}
