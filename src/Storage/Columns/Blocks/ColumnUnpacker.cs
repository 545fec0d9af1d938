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
        var reader = new ByteReader(bytes);
        var (symbolBytes, bitBytes) = (reader.Count(bytes.Length), reader.Count(bytes.Length));
        var isInterleaved = values.Length >= ColumnPacker.InterleavedFrom;
        var coder = new RangeDecoder(reader.Bytes(symbolBytes), isInterleaved);
        var bits = reader.Bytes(bitBytes);
        var escapes = new ByteReader(bytes[reader.Position..]);
        Span<byte> room = stackalloc byte[MiniBlock.Size];
        var classSlots = (_classTable ?? throw new DamagedException("a column without classes")).Slots;
        var (one, two, level, bit) = (0, 0, 0, 0L);
        while (!values.IsEmpty)
        {
            var block = values[..Math.Min(MiniBlock.Size, values.Length)];
            values = values[block.Length..];
            var number = coder.Take(classSlots);
            var kind = number < _classes.Length ? _classes[number] : throw new DamagedException($"class {number} is unknown");
            if (kind.Guess == Guess.Level)
            {
                var symbol = coder.Take((_levelTable ?? throw new DamagedException("a level without a table")).Slots);
                level += (int)(symbol == ResidualClass.Escape ? escapes.ZigZag() : ZigZag.Decode(symbol));
            }

            if (kind.Table is null)
            {
                Still(kind.Guess, block, level, one, two);
            }
            else
            {
                var symbols = room[..block.Length];
                coder.TakeAll(symbols, kind.Table.Slots, isInterleaved);
                if (kind.Shift == 0 && !symbols.Contains(ResidualClass.Escape))
                {
                    Plain(kind.Guess, symbols, block, level, one, two);
                }
                else
                {
                    Split(kind, symbols, block, level, one, two, bits, ref bit, ref escapes);
                }
            }

            (one, two) = (block[^1], block.Length > 1 ? block[^2] : one);
        }
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
    private static void Plain(Guess guess, scoped ReadOnlySpan<byte> symbols, Span<int> block, int level, int one, int two)
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

    private static void Split(
        ResidualClass kind, scoped ReadOnlySpan<byte> symbols, Span<int> block, int level, int one, int two, ReadOnlySpan<byte> bits, ref long bit, ref ByteReader escapes)
    {
        var mask = (1UL << kind.Shift) - 1;
        for (var i = 0; i < block.Length; i++)
        {
            var high = symbols[i] == ResidualClass.Escape ? (uint)escapes.Varint() : symbols[i];
            var residual = (high << kind.Shift) | (uint)(Peek(bits, bit) & mask);
            bit += kind.Shift;
            var guess = kind.Guess switch
            {
                Guess.Level => level,
                Guess.Previous => one,
                _ => (one + two) >> 1,
            };
            (one, two) = (guess + Signed(residual), one);
            block[i] = one;
        }
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
