using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.Upkeep;

/// <summary>Takes out what is damaged once as many samples of its cards and time have come again; until then it stays, and is named.</summary>
internal sealed class Mender
{
    private readonly BlockTable _blocks = new("", cachedBlocks: 0);

    /// <summary>Blocks of a center that are damaged somewhere.</summary>
    public List<long> Damaged(Session session, long center)
    {
        var damaged = new List<long>();
        foreach (var (id, _) in BlockTable.Blocks(session, center, int.MinValue, int.MaxValue))
        {
            if (Parts(session, id) is not { } parts || parts.Exists(part => part.Rows is null))
            {
                damaged.Add(id);
            }
        }

        return damaged;
    }

    /// <summary>Packs what is readable of a block anew, if nothing else of it is missed any more; false: something is.</summary>
    public bool Mend(Session session, long center, long id)
    {
        var (day, first, last, rows) = Row(session, id);
        if (Parts(session, id) is not { } parts)
        {
            if (Readable(session, center, day, first, last) < rows)
            {
                return false;
            }

            BlockTable.Remove(session, id);
            return true;
        }

        foreach (var lost in parts.Where(part => part.Rows is null).Select(part => part.Entry))
        {
            if (_blocks.Read(session, center, lost.Device, new(lost.First, lost.Until), leaveOutDamaged: true).Count < lost.Rows)
            {
                return false;
            }
        }

        BlockTable.Remove(session, id);
        _blocks.Add(session, center, day, [.. parts.Where(part => part.Rows is not null).Select(part => new Segment(part.Entry.Device, part.Rows!, 0, part.Rows!.Count))]);
        return true;
    }

    // Each segment with its rows, null where they are damaged. Null: the head is.
    private List<(SegmentEntry Entry, SampleColumns? Rows)>? Parts(Session session, long id)
    {
        try
        {
            var block = _blocks.Open(session, id);
            return [.. block.Segments.Select((entry, i) => (entry, BlockTable.Decode(block, i, leaveOutDamaged: true)))];
        }
        catch (DamagedException)
        {
            return null;
        }
    }

    private long Readable(Session session, long center, int day, long first, long last)
    {
        var devices = new List<long>();
        using (var reader = session.Read("SELECT id FROM device WHERE center = @1 AND id BETWEEN @2 AND @3", center, first, last))
        {
            while (reader.Read())
            {
                devices.Add(reader.GetInt64(0));
            }
        }

        return devices.Sum(device => (long)_blocks.Read(session, center, device, new(UtcDays.Start(day), UtcDays.Start(day + 1)), leaveOutDamaged: true).Count);
    }

    private static (int Day, long First, long Last, long Rows) Row(Session session, long id)
    {
        using var reader = session.Read("SELECT day, first_device, last_device, rows FROM block WHERE id = @1", id);
        reader.Read();
        return (reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }
}
