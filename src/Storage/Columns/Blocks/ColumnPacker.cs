namespace Headroom.Storage.Columns.Blocks;

/// <summary>One column of all segments of a block: guesses, classes, tables, then the coded bytes of each segment.</summary>
/// <remarks>Layout: docs/storage-format.md, "A packed column". Not safe for two threads.</remarks>
internal sealed class ColumnPacker
{
    /// <summary>From so many values on four states are interleaved: faster to read, 12 bytes longer.</summary>
    public const int InterleavedFrom = 1_024;

    private readonly List<MiniBlock> _blocks = [];
    private readonly List<(int First, int Last, int Values)> _segments = [];
    private readonly ColumnClasses _classes = new();
    private readonly int[] _classCounts = new int[ResidualClass.Most];
    private readonly int[] _levelCounts = new int[256];
    private readonly int[] _counts = new int[256 * ResidualClass.Most];
    private readonly ByteWriter _escapes = new();
    private readonly ByteWriter _bits = new();
    private int[] _values = new int[65_536];
    private byte[] _symbols = new byte[65_536];
    private ushort[] _words = new ushort[65_536];
    private SymbolTable? _classTable;
    private SymbolTable? _levelTable;
    private int _used;

    public void Begin()
    {
        _blocks.Clear();
        _segments.Clear();
        _used = 0;
    }

    /// <summary>Room for a segment's values, scaled and at least 0, to be filled before <see cref="Add"/>.</summary>
    public Span<int> Room(int count)
    {
        if (_values.Length < _used + count + 2)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _used + count + 2));
        }

        return _values.AsSpan(_used + 2, count);
    }

    /// <summary>Takes the values in as the next segment and returns its number.</summary>
    public int Add(int count)
    {
        _values[_used] = 0;
        _values[_used + 1] = 0;
        var (first, start, end, level) = (_blocks.Count, _used + 2, _used + 2 + count, 0);
        for (; start < end; start += MiniBlock.Size)
        {
            var block = MiniBlock.Of(_values, start, Math.Min(MiniBlock.Size, end - start), level);
            level = block.Guess == Guess.Level ? block.Level : level;
            _blocks.Add(block);
        }

        _used = end;
        _segments.Add((first, _blocks.Count, count));
        return _segments.Count - 1;
    }

    /// <summary>Settles the classes and writes their tables.</summary>
    public void WriteTables(ByteWriter into)
    {
        if (_symbols.Length < _values.Length)
        {
            _symbols = new byte[_values.Length];
        }

        _classes.Settle(_blocks);
        Count();
        into.Varint((ulong)_classes.Count);
        for (var i = 0; i < _classes.Count; i++)
        {
            if (_classes[i].Table is not null)
            {
                _classes.Give(i, SymbolTable.Of(_counts.AsSpan(i * 256, 256)));
            }

            _classes[i].Write(into);
        }

        if (_classes.Count > 0)
        {
            _classTable = SymbolTable.Of(_classCounts);
            _classTable.Write(into);
            var hasLevels = _levelCounts.AsSpan().ContainsAnyExcept(0);
            into.Byte(hasLevels ? (byte)1 : (byte)0);
            _levelTable = hasLevels ? SymbolTable.Of(_levelCounts) : null;
            _levelTable?.Write(into);
        }
    }

    /// <summary>The coded bytes of a segment: length of the symbols, length of the low bits, symbols, low bits, escapes.</summary>
    public void Write(int segment, ByteWriter into)
    {
        var (first, last, count) = _segments[segment];
        var isInterleaved = count >= InterleavedFrom;
        if (_words.Length < count + ((last - first) * 2) + 16)
        {
            _words = new ushort[Math.Max(_words.Length * 2, count + ((last - first) * 2) + 16)];
        }

        _escapes.Clear();
        WriteSides(first, last);
        var coder = new RangeEncoder(_words);
        for (var i = last - 1; i >= first; i--)
        {
            var block = _blocks[i];
            var number = _classes.NumberOf(block);
            var kind = _classes[number];
            if (kind.Table is { } table)
            {
                coder.PutAll(_symbols.AsSpan(block.Start, block.Count), table.Symbols, isInterleaved);
            }

            if (kind.Guess == Guess.Level)
            {
                coder.Put(_levelTable!.Symbols[LevelSymbol(block.Level, LevelBefore(i, first))]);
            }

            coder.Put(_classTable!.Symbols[number]);
        }

        var symbols = coder.End(isInterleaved);
        into.Varint((ulong)symbols.Length);
        into.Varint((ulong)_bits.Length);
        into.Bytes(symbols);
        into.Bytes(_bits.Written);
        into.Bytes(_escapes.Written);
    }

    private static byte LevelSymbol(int level, int before) => (byte)Math.Min(ZigZag.Encode((long)level - before), ResidualClass.Escape);

    private int LevelBefore(int block, int first)
    {
        for (var i = block - 1; i >= first; i--)
        {
            if (_blocks[i].Guess == Guess.Level)
            {
                return _blocks[i].Level;
            }
        }

        return 0;
    }

    private void Count()
    {
        _counts.AsSpan(0, _classes.Count * 256).Clear();
        _classCounts.AsSpan().Clear();
        _levelCounts.AsSpan().Clear();
        foreach (var (first, last, _) in _segments)
        {
            var level = 0;
            for (var i = first; i < last; i++)
            {
                var block = _blocks[i];
                var number = _classes.NumberOf(block);
                var kind = _classes[number];
                _classCounts[number]++;
                if (block.Guess == Guess.Level)
                {
                    _levelCounts[LevelSymbol(block.Level, level)]++;
                    level = block.Level;
                }

                if (kind.Table is not null)
                {
                    ToSymbols(block, kind.Shift, _counts.AsSpan(number * 256, 256));
                }
            }
        }
    }

    private void ToSymbols(in MiniBlock block, int shift, Span<int> counts)
    {
        var symbols = _symbols.AsSpan(block.Start, block.Count);
        var values = _values.AsSpan(block.Start - 2, block.Count + 2);
        for (var i = 0; i < symbols.Length; i++)
        {
            var symbol = (byte)Math.Min(Residual(block, values, i) >> shift, ResidualClass.Escape);
            symbols[i] = symbol;
            counts[symbol]++;
        }
    }

    private static uint Residual(in MiniBlock block, ReadOnlySpan<int> values, int i)
    {
        var guess = block.Guess switch
        {
            Guess.Previous => values[i + 1],
            Guess.MeanOfTwo => (values[i + 1] + values[i]) >> 1,
            _ => block.Level,
        };
        var residual = values[i + 2] - guess;
        return (uint)((residual << 1) ^ (residual >> 31));
    }

    // Low bits and escapes, in the order in which they are read.
    private void WriteSides(int first, int last)
    {
        _bits.Clear();
        var sink = new BitSink(_bits);
        var level = 0;
        for (var i = first; i < last; i++)
        {
            var block = _blocks[i];
            var kind = _classes[_classes.NumberOf(block)];
            if (block.Guess == Guess.Level)
            {
                if (LevelSymbol(block.Level, level) == ResidualClass.Escape)
                {
                    _escapes.ZigZag((long)block.Level - level);
                }

                level = block.Level;
            }

            if (kind.Table is null || (kind.Shift == 0 && !_symbols.AsSpan(block.Start, block.Count).Contains(ResidualClass.Escape)))
            {
                continue;
            }

            var values = _values.AsSpan(block.Start - 2, block.Count + 2);
            for (var value = 0; value < block.Count; value++)
            {
                var residual = Residual(block, values, value);
                sink.Put(residual & ((1U << kind.Shift) - 1), kind.Shift);
                if (residual >> kind.Shift >= ResidualClass.Escape)
                {
                    _escapes.Varint(residual >> kind.Shift);
                }
            }
        }

        sink.Flush();
    }
}
