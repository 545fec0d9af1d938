using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>Reads a column of a block, a segment at a time: what <see cref="GaugeWriter"/> wrote.</summary>
internal sealed class GaugeReader
{
    private readonly int _usual;
    private readonly ColumnUnpacker _unpacker;
    private readonly BlockRoom _room;

    public GaugeReader(ref ByteReader reader, BlockRoom room)
    {
        _room = room;
        _usual = reader.Count();
        _unpacker = new(ref reader, room);
    }

    /// <summary>Gives the tables' memory back; they are made again where they are used again.</summary>
    public void Release() => _unpacker.Release();

    /// <summary>Fills <paramref name="values"/> from the column of a segment.</summary>
    /// <param name="use">Utilization of the same rows; empty where no gauge follows it.</param>
    public void Read(ReadOnlySpan<byte> bytes, int missing, ReadOnlySpan<int> use, Span<int> values)
    {
        if (bytes.IsEmpty)
        {
            values.Fill(missing);
            return;
        }

        var reader = new ByteReader(bytes);
        var head = reader.Byte();
        if ((head & GaugeWriter.HasRuns) == 0)
        {
            Present(ref reader, bytes, head, use, values);
            return;
        }

        var runs = Runs(ref reader, values.Length, out var count);
        var present = _room.Present(count);
        var presentUse = use.IsEmpty ? default : _room.PresentUse(count);
        if (!use.IsEmpty)
        {
            Gather(runs, use, presentUse);
        }

        Present(ref reader, bytes, head, presentUse, present);
        LayOut(runs, present, values, missing);
    }

    /// <summary>Whether the column of a segment is packed values alone, few enough to be read beside those of others.</summary>
    /// <param name="bytes">Of all segments.</param>
    public bool IsForLanes(ReadOnlySpan<byte> bytes, int segment, int start, int length, int rows, out LaneColumn column)
    {
        column = default;
        if (length == 0 || rows >= ColumnPacker.InterleavedFrom || bytes[start] != GaugeWriter.Packed)
        {
            return false;
        }

        var reader = new ByteReader(bytes.Slice(start + 1, length - 1));
        var least = (int)reader.ZigZag();
        var named = reader.Count();
        var head = 1 + reader.Position;
        column = new(segment, start + head, length - head, rows, least, named == 0 ? _usual : named);
        return true;
    }

    /// <summary>Reads columns side by side and gives the values of each to <paramref name="each"/>.</summary>
    /// <exception cref="DamagedException">The bytes are no such segments.</exception>
    public void ReadLanes(ReadOnlySpan<byte> bytes, List<LaneColumn> columns, SegmentValues each) =>
        _room.Lanes.Read(_unpacker, bytes, columns, (column, scaled) =>
        {
            var values = scaled.AsSpan(0, column.Rows);
            Scale(values, column.Least, column.Divisor, slope: 0, use: default);
            each(column.Segment, values);
        });

    private void Present(ref ByteReader reader, ReadOnlySpan<byte> bytes, byte head, ReadOnlySpan<int> use, Span<int> values)
    {
        var least = (int)reader.ZigZag();
        switch (head & 3)
        {
            case GaugeWriter.Constant:
                values.Fill(least);
                break;
            case GaugeWriter.Plain:
                long before = least;
                for (var i = 0; i < values.Length; i++)
                {
                    before += reader.ZigZag();
                    values[i] = (int)before;
                }

                break;
            case GaugeWriter.Packed:
                var named = reader.Count();
                var slope = (head & GaugeWriter.HasSlope) != 0 ? reader.ZigZag() : 0;
                _unpacker.Read(bytes[reader.Position..], values);
                Scale(values, least, named == 0 ? _usual : named, slope, use);
                break;
            default:
                throw new DamagedException($"kind of column {head} is unknown");
        }
    }

    private static void Scale(Span<int> values, int least, int divisor, long slope, ReadOnlySpan<int> use)
    {
        if (slope != 0)
        {
            if (use.Length != values.Length)
            {
                throw new DamagedException("a column follows another that is not there");
            }

            for (var i = 0; i < values.Length; i++)
            {
                values[i] = least + ((values[i] + GaugeScale.Term(slope, use[i])) * divisor);
            }

            return;
        }

        var at = 0;
        ref var first = ref MemoryMarshal.GetReference(values);
        var (base8, divisor8) = (Vector256.Create(least), Vector256.Create(divisor));
        for (; at + Vector256<int>.Count <= values.Length; at += Vector256<int>.Count)
        {
            ((Vector256.LoadUnsafe(ref first, (nuint)at) * divisor8) + base8).StoreUnsafe(ref first, (nuint)at);
        }

        for (; at < values.Length; at++)
        {
            values[at] = least + (values[at] * divisor);
        }
    }

    private ReadOnlySpan<int> Runs(ref ByteReader reader, int rows, out int present)
    {
        var runs = _room.Runs(reader.Count(rows + 1));
        (present, var total) = (0, 0L);
        for (var run = 0; run < runs.Length; run++)
        {
            runs[run] = reader.Count(rows);
            present += (run & 1) == 0 ? runs[run] : 0;
            total += runs[run];
        }

        return total == rows ? runs : throw new DamagedException("runs of missing values do not add up");
    }

    private static void Gather(ReadOnlySpan<int> runs, ReadOnlySpan<int> rows, Span<int> present)
    {
        for (var run = 0; run < runs.Length; run++)
        {
            if ((run & 1) == 0)
            {
                rows[..runs[run]].CopyTo(present);
                present = present[runs[run]..];
            }

            rows = rows[runs[run]..];
        }
    }

    private static void LayOut(ReadOnlySpan<int> runs, ReadOnlySpan<int> present, Span<int> rows, int missing)
    {
        for (var run = 0; run < runs.Length; run++)
        {
            if ((run & 1) == 0)
            {
                present[..runs[run]].CopyTo(rows);
                present = present[runs[run]..];
            }
            else
            {
                rows[..runs[run]].Fill(missing);
            }

            rows = rows[runs[run]..];
        }
    }
}
