using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Sealed samples: blocks of one UTC day, each with segments of several devices. A device and day may have several segments, in any order.</summary>
/// <remarks>Not safe for two threads.</remarks>
/// <param name="cachedBlocks">Blocks kept open, for one who meets the same ones again and again. A number is never used twice, so they stay right.</param>
internal sealed class BlockTable(string path, int cachedBlocks = 16)
{
    /// <summary>A block is closed once it holds this many rows.</summary>
    public const int RowsPerBlock = 32_768;

    private readonly Dictionary<long, BlockReader> _open = [];
    private readonly BlockRoom _room = new();
    private BlockWriter? _writer;

    /// <summary>Rows of one device with instants inside of <paramref name="within"/>; what you get is yours.</summary>
    /// <param name="leaveOutDamaged">True: what is damaged is taken as absent.</param>
    /// <exception cref="UserException">A segment is damaged.</exception>
    public SampleColumns Read(Session session, long center, long device, Window within, bool leaveOutDamaged = false)
    {
        var rows = new SampleColumns();
        foreach (var (id, day) in Blocks(session, center, UtcDays.Of(within.From), UtcDays.Of(within.Until - 1), device, device))
        {
            try
            {
                var block = Open(session, id);
                for (var i = 0; i < block.Segments.Length; i++)
                {
                    if (block.Segments[i].Device == device && block.Segments[i].Overlaps(within) && Decode(block, i, leaveOutDamaged) is { } decoded)
                    {
                        rows = SampleColumns.Merge(rows, Cut(decoded, within));
                    }
                }

                if (cachedBlocks == 0)
                {
                    block.Release();
                }
            }
            catch (DamagedException) when (leaveOutDamaged)
            {
                // Its head is damaged, and with it all of the block.
            }
            catch (DamagedException damage)
            {
                throw SqliteProblems.Damaged(path, $"{Place(session, device)} {UtcDays.ToText(day)}", damage.Message);
            }
        }

        return rows;
    }

    public void Forget()
    {
        foreach (var block in _open.Values)
        {
            block.Release();
        }

        _open.Clear();
    }

    /// <summary>A block ready to be decoded.</summary>
    /// <exception cref="DamagedException">Its head is damaged.</exception>
    public BlockReader Open(Session session, long id)
    {
        if (_open.TryGetValue(id, out var known))
        {
            return known;
        }

        using var reader = session.Read("SELECT use, others FROM block WHERE id = @1", id);
        reader.Read();
        var block = new BlockReader(reader.GetFieldValue<byte[]>(0), _room);
        block.OpenOthers(reader.GetFieldValue<byte[]>(1));
        if (_open.Count >= cachedBlocks)
        {
            Forget();
        }

        if (cachedBlocks > 0)
        {
            _open.Add(id, block);
        }

        return block;
    }

    /// <summary>Every gauge of one segment.</summary>
    public static SampleColumns Decode(BlockReader block, int segment)
    {
        var rows = new SampleColumns(block.Segments[segment].Rows);
        block.ReadUse(segment, rows);
        block.ReadOthers(segment, rows);
        return rows;
    }

    /// <summary>The same; null where it is damaged and may be left out.</summary>
    public static SampleColumns? Decode(BlockReader block, int segment, bool leaveOutDamaged)
    {
        try
        {
            return Decode(block, segment);
        }
        catch (DamagedException) when (leaveOutDamaged)
        {
            return null;
        }
    }

    /// <summary>Blocks that may hold samples of devices [<paramref name="first"/>, <paramref name="last"/>] in the days [<paramref name="fromDay"/>, <paramref name="lastDay"/>], by day.</summary>
    public static List<(long Id, int Day)> Blocks(Session session, long center, int fromDay, int lastDay, long first = long.MinValue, long last = long.MaxValue)
    {
        var blocks = new List<(long, int)>();
        using var reader = session.Read(
            "SELECT id, day FROM block WHERE center = @1 AND day BETWEEN @2 AND @3 AND first_device <= @5 AND last_device >= @4 ORDER BY day, id", center, fromDay, lastDay, first, last);
        while (reader.Read())
        {
            blocks.Add((reader.GetInt64(0), reader.GetInt32(1)));
        }

        return blocks;
    }

    /// <summary>Days in which a device may have sealed samples, oldest first.</summary>
    public static List<int> Days(Session session, long center, long device)
    {
        var days = new List<int>();
        using var reader = session.Read("SELECT DISTINCT day FROM block WHERE center = @1 AND first_device <= @2 AND last_device >= @2 ORDER BY day", center, device);
        while (reader.Read())
        {
            days.Add(reader.GetInt32(0));
        }

        return days;
    }

    /// <summary>Packs segments of one day, ordered by device, into new blocks.</summary>
    public void Add(Session session, long center, int day, IReadOnlyList<Segment> segments)
    {
        var block = new List<Segment>();
        var rows = 0L;
        foreach (var segment in segments)
        {
            for (var start = segment.Start; start < segment.End; start += Segment.MostRows)
            {
                var piece = segment with { Start = start, End = Math.Min(segment.End, start + Segment.MostRows) };
                if (rows > 0 && rows + piece.Count > RowsPerBlock + (RowsPerBlock / 2))
                {
                    Write(session, center, day, block);
                    rows = 0;
                }

                block.Add(piece);
                rows += piece.Count;
                if (rows >= RowsPerBlock)
                {
                    Write(session, center, day, block);
                    rows = 0;
                }
            }
        }

        if (rows > 0)
        {
            Write(session, center, day, block);
        }
    }

    public static void Remove(Session session, long id) => session.Execute("DELETE FROM block WHERE id = @1", id);

    private void Write(Session session, long center, int day, List<Segment> segments)
    {
        _writer ??= new();
        var (use, others) = _writer.Write(day, segments);
        session.Execute(
            "INSERT INTO block (center, day, first_device, last_device, rows, use, others) VALUES (@1, @2, @3, @4, @5, @6, @7)",
            center,
            day,
            segments.Min(segment => segment.Device),
            segments.Max(segment => segment.Device),
            segments.Sum(segment => (long)segment.Count),
            use,
            others);
        segments.Clear();
    }

    private static SampleColumns Cut(SampleColumns rows, Window within) =>
        rows.First >= within.From && rows.Last < within.Until ? rows : rows.Slice(within.From, within.Until);

    private static string Place(Session session, long device) =>
        (string)(session.Scalar("SELECT c.name || '/' || d.name FROM device d JOIN center c ON c.id = d.center WHERE d.id = @1", device) ?? $"device {device}");
}
