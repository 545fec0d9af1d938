using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>Reads a column of a block, a segment at a time: what <see cref="GaugeWriter"/> wrote.</summary>
internal sealed class GaugeReader
{
    private readonly int _usual;
    private readonly ColumnUnpacker _unpacker;
    private int[] _present = [];
    private int[] _presentUse = [];
    private int[] _runs = [];

    public GaugeReader(ref ByteReader reader)
    {
        _usual = reader.Count();
        _unpacker = new(ref reader);
    }

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

        var (runs, present) = Runs(ref reader, values.Length);
        if (_present.Length < values.Length)
        {
            (_present, _presentUse) = (new int[values.Length], new int[values.Length]);
        }

        if (!use.IsEmpty)
        {
            Across(runs, use, _presentUse, gather: true, missing);
        }

        Present(ref reader, bytes, head, use.IsEmpty ? default : _presentUse.AsSpan(0, present), _present.AsSpan(0, present));
        Across(runs, _present.AsSpan(0, present), values, gather: false, missing);
    }

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
                values[i] = least + ((values[i] + GaugeWriter.Term(slope, use[i])) * divisor);
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

    private (int Runs, int Present) Runs(ref ByteReader reader, int rows)
    {
        var runs = reader.Count(rows + 1);
        if (_runs.Length < runs)
        {
            _runs = new int[runs];
        }

        var (present, total) = (0, 0L);
        for (var run = 0; run < runs; run++)
        {
            _runs[run] = reader.Count(rows);
            present += (run & 1) == 0 ? _runs[run] : 0;
            total += _runs[run];
        }

        return total == rows ? (runs, present) : throw new DamagedException("runs of missing values do not add up");
    }

    // Between rows and present values: gathers the present ones, or lays them out with what is missing between them.
    private void Across(int runs, ReadOnlySpan<int> from, Span<int> to, bool gather, int missing)
    {
        var (row, next) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var length = _runs[run];
            if ((run & 1) != 0)
            {
                if (!gather)
                {
                    to.Slice(row, length).Fill(missing);
                }
            }
            else
            {
                from.Slice(gather ? row : next, length).CopyTo(to[(gather ? next : row)..]);
                next += length;
            }

            row += length;
        }
    }
}
