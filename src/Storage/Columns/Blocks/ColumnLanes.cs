namespace Headroom.Storage.Columns.Blocks;

/// <summary>A segment's packed column, to be read beside others.</summary>
/// <param name="Start">Where its coded values begin.</param>
internal readonly record struct LaneColumn(int Segment, int Start, int Length, int Rows, int Least, int Divisor);

/// <summary>The values of a segment. The span holds during the call.</summary>
internal delegate void SegmentValues(int segment, Span<int> values);

/// <summary>Reads short segments of one column four at a time: each has a single state, and four states take little longer than one.</summary>
/// <remarks>Not safe for two threads.</remarks>
internal sealed class ColumnLanes
{
    private const int Count = 4;

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Count).Select(_ => new Lane())];
    private readonly byte[] _symbols = new byte[Count * MiniBlock.Size];
    private readonly byte[] _few = new byte[MiniBlock.Size];
    private int _next;

    /// <summary>Gives the scaled values of each column to <paramref name="done"/>, in the order in which they come to their end.</summary>
    /// <param name="columns">Shorter than <see cref="ColumnPacker.InterleavedFrom"/>.</param>
    /// <exception cref="DamagedException">The bytes are no such segments.</exception>
    public void Read(ColumnUnpacker unpacker, ReadOnlySpan<byte> bytes, List<LaneColumn> columns, Action<LaneColumn, int[]> done)
    {
        _next = 0;
        var isFull = true;
        foreach (var lane in _lanes)
        {
            lane.IsBusy = false;
            isFull &= Advance(lane, unpacker, bytes, columns, done);
        }

        var (one, two, three, four) = (_lanes[0], _lanes[1], _lanes[2], _lanes[3]);
        while (isFull)
        {
            RangeDecoder.TakeSideBySide(
                bytes, ref one.Cursor.Symbols, ref two.Cursor.Symbols, ref three.Cursor.Symbols, ref four.Cursor.Symbols, _symbols, one.Slots, two.Slots, three.Slots, four.Slots);
            for (var i = 0; i < Count; i++)
            {
                ColumnUnpacker.Fill(bytes, ref _lanes[i].Cursor, _symbols.AsSpan(i * MiniBlock.Size, MiniBlock.Size), _lanes[i].Room);
                isFull &= Advance(_lanes[i], unpacker, bytes, columns, done);
            }
        }

        foreach (var lane in _lanes)
        {
            while (lane.IsBusy)
            {
                Take(lane, MiniBlock.Size, bytes);
                Advance(lane, unpacker, bytes, columns, done);
            }
        }
    }

    // To the next whole mini-block with symbols, of this segment or of the next that nobody has. False: there is none.
    private bool Advance(Lane lane, ColumnUnpacker unpacker, ReadOnlySpan<byte> bytes, List<LaneColumn> columns, Action<LaneColumn, int[]> done)
    {
        while (true)
        {
            if (!lane.IsBusy)
            {
                if (_next == columns.Count)
                {
                    return false;
                }

                lane.Column = columns[_next++];
                lane.Cursor = ColumnUnpacker.Begin(bytes, lane.Column.Start, lane.Column.Length, interleaved: false);
                lane.IsBusy = true;
            }

            switch (unpacker.Next(bytes, ref lane.Cursor, lane.Room))
            {
                case MiniBlock.Size:
                    return true;
                case 0:
                    done(lane.Column, lane.Values);
                    lane.IsBusy = false;
                    break;
                case var rest:
                    Take(lane, rest, bytes);
                    break;
            }
        }
    }

    private void Take(Lane lane, int count, ReadOnlySpan<byte> bytes)
    {
        var symbols = _few.AsSpan(0, count);
        lane.Cursor.Symbols.TakeAll(bytes, symbols, lane.Slots, interleaved: false);
        ColumnUnpacker.Fill(bytes, ref lane.Cursor, symbols, lane.Room);
    }

    private sealed class Lane
    {
        public ColumnCursor Cursor;

        public bool IsBusy { get; set; }

        public LaneColumn Column { get; set; }

        public int[] Values { get; } = new int[ColumnPacker.InterleavedFrom];

        public Span<int> Room => Values.AsSpan(0, Column.Rows);

        public uint[] Slots => Cursor.Class.Table!.Slots;
    }
}
