using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>Reads the packed column of a block, a segment at a time.</summary>
internal sealed class ColumnUnpacker
{
    private readonly ResidualClass[] _classes;
    private readonly SymbolTable? _classTable;
    private readonly SymbolTable? _levelTable;

    /// <summary>Reads the tables.</summary>
    public ColumnUnpacker(ref ByteReader reader, BlockRoom room)
    {
        _classes = new ResidualClass[reader.Count(ResidualClass.Most)];
        for (var i = 0; i < _classes.Length; i++)
        {
            _classes[i] = ResidualClass.Read(ref reader, room);
        }

        if (_classes.Length > 0)
        {
            _classTable = SymbolTable.Read(ref reader, room);
            _levelTable = reader.Byte() != 0 ? SymbolTable.Read(ref reader, room) : null;
        }
    }

    /// <summary>Gives the tables' memory back; they are made again where they are used again.</summary>
    public void Release()
    {
        foreach (var kind in _classes)
        {
            kind.Table?.Release();
        }

        _classTable?.Release();
        _levelTable?.Release();
    }

    /// <summary>Fills <paramref name="values"/> with the scaled values of a segment.</summary>
    /// <exception cref="DamagedException">The bytes are no such segment.</exception>
    public void Read(ReadOnlySpan<byte> bytes, Span<int> values)
    {
        Span<byte> room = stackalloc byte[MiniBlock.Size];
        var isInterleaved = values.Length >= ColumnPacker.InterleavedFrom;
        var cursor = Begin(bytes, 0, bytes.Length, isInterleaved);
        while (Next(bytes, ref cursor, values) is var count and > 0)
        {
            cursor.Symbols.TakeAll(bytes, room[..count], cursor.Class.Table!.Slots, isInterleaved);
            Fill(bytes, ref cursor, room[..count], values);
        }
    }

    /// <summary>At the first value of the column of a segment.</summary>
    /// <param name="bytes">May be more than the column, so that several of them can be read side by side.</param>
    /// <exception cref="DamagedException">The bytes are no such segment.</exception>
    public static ColumnCursor Begin(ReadOnlySpan<byte> bytes, int start, int length, bool interleaved)
    {
        var reader = new ByteReader(bytes.Slice(start, length));
        var (symbolBytes, bitBytes) = (reader.Count(length), reader.Count(length));
        var symbols = start + reader.Position;
        reader.Bytes(symbolBytes);
        reader.Bytes(bitBytes);
        return new()
        {
            Symbols = new(bytes, symbols, interleaved),
            LowBits = (symbols + symbolBytes, bitBytes),
            Escapes = (symbols + symbolBytes + bitBytes, start + length),
        };
    }

    /// <summary>Reads on to the next mini-block that has symbols; those before it are filled. Returns how many symbols it has; 0: all values are filled.</summary>
    /// <exception cref="DamagedException">The bytes are no such segment.</exception>
    public int Next(ReadOnlySpan<byte> bytes, ref ColumnCursor cursor, Span<int> values)
    {
        var classSlots = (_classTable ?? throw new DamagedException("a column without classes")).Slots;
        while (cursor.Done < values.Length)
        {
            var block = values.Slice(cursor.Done, Math.Min(MiniBlock.Size, values.Length - cursor.Done));
            var number = cursor.Symbols.Take(bytes, classSlots);
            cursor.Class = number < _classes.Length ? _classes[number] : throw new DamagedException($"class {number} is unknown");
            if (cursor.Class.Guess == Guess.Level)
            {
                var symbol = cursor.Symbols.Take(bytes, (_levelTable ?? throw new DamagedException("a level without a table")).Slots);
                cursor.Level += (int)(symbol == ResidualClass.Escape ? EscapedLevel(bytes, ref cursor) : ZigZag.Decode(symbol));
            }

            if (cursor.Class.Table is not null)
            {
                return block.Length;
            }

            Still(cursor.Class.Guess, block, cursor.Level, cursor.One, cursor.Two);
            cursor.Pass(block);
        }

        return 0;
    }

    /// <summary>Fills the mini-block at hand, whose symbols were taken.</summary>
    public static void Fill(ReadOnlySpan<byte> bytes, ref ColumnCursor cursor, ReadOnlySpan<byte> symbols, Span<int> values)
    {
        var block = values.Slice(cursor.Done, symbols.Length);
        if (cursor.Class.Shift == 0 && !symbols.Contains(ResidualClass.Escape))
        {
            Plain(cursor.Class.Guess, symbols, block, cursor.Level, cursor.One, cursor.Two);
        }
        else
        {
            Split(bytes, ref cursor, symbols, block);
        }

        cursor.Pass(block);
    }

    private static long EscapedLevel(ReadOnlySpan<byte> bytes, ref ColumnCursor cursor)
    {
        var escapes = new ByteReader(bytes[cursor.Escapes.Next..cursor.Escapes.End]);
        var level = escapes.ZigZag();
        cursor.Escapes.Next += escapes.Position;
        return level;
    }

    private static void Still(Guess guess, Span<int> block, int level, int one, int two)
    {
        if (guess != Guess.MeanOfTwo)
        {
            block.Fill(guess == Guess.Level ? level : one);
            return;
        }

        foreach (ref var value in block)
        {
            value = (one + two) >> 1;
            (one, two) = (value, one);
        }
    }

    // Symbols are whole residuals.
    private static void Plain(Guess guess, ReadOnlySpan<byte> symbols, Span<int> block, int level, int one, int two)
    {
        var i = 0;
        switch (guess)
        {
            case Guess.Level:
                for (; i + Vector256<int>.Count <= block.Length; i += Vector256<int>.Count)
                {
                    var eight = Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(symbols[i..])).AsByte();
                    var wide = Vector128.WidenLower(eight);
                    var residual = Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32();
                    var value = Vector256.ShiftRightLogical(residual, 1) ^ -(residual & Vector256<int>.One);
                    (value + Vector256.Create(level)).StoreUnsafe(ref MemoryMarshal.GetReference(block), (nuint)i);
                }

                for (; i < block.Length; i++)
                {
                    block[i] = level + Signed(symbols[i]);
                }

                break;
            case Guess.Previous:
                for (; i < block.Length; i++)
                {
                    one += Signed(symbols[i]);
                    block[i] = one;
                }

                break;
            default:
                for (; i < block.Length; i++)
                {
                    (one, two) = (((one + two) >> 1) + Signed(symbols[i]), one);
                    block[i] = one;
                }

                break;
        }
    }

    // Symbols are the high parts of residuals.
    private static void Split(ReadOnlySpan<byte> bytes, ref ColumnCursor cursor, ReadOnlySpan<byte> symbols, Span<int> block)
    {
        var (shift, guess, level, bit) = (cursor.Class.Shift, cursor.Class.Guess, cursor.Level, cursor.Bit);
        var (one, two) = (cursor.One, cursor.Two);
        var bits = bytes.Slice(cursor.LowBits.Start, cursor.LowBits.Bytes);
        var escapes = new ByteReader(bytes[cursor.Escapes.Next..cursor.Escapes.End]);
        var mask = (1UL << shift) - 1;
        for (var i = 0; i < block.Length; i++)
        {
            var high = symbols[i] == ResidualClass.Escape ? (uint)escapes.Varint() : symbols[i];
            var residual = (high << shift) | (uint)(Peek(bits, bit) & mask);
            bit += shift;
            var guessed = guess switch
            {
                Guess.Level => level,
                Guess.Previous => one,
                _ => (one + two) >> 1,
            };
            (one, two) = (guessed + Signed(residual), one);
            block[i] = one;
        }

        cursor.Bit = bit;
        cursor.Escapes.Next += escapes.Position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Signed(uint residual) => (int)(residual >> 1) ^ -(int)(residual & 1);

    // At least 32 bits from a position on; past the end zeros.
    private static ulong Peek(ReadOnlySpan<byte> bytes, long position)
    {
        var start = (int)(position >> 3);
        if (start + sizeof(ulong) <= bytes.Length)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[start..]) >> (int)(position & 7);
        }

        var tail = 0UL;
        for (var i = Math.Min(bytes.Length, start + sizeof(ulong)) - 1; i >= start; i--)
        {
            tail = (tail << 8) | bytes[i];
        }

        return tail >> (int)(position & 7);
    }
}
