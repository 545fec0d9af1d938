using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>Reads what <see cref="RangeEncoder"/> wrote. Holds positions alone: each call is given the bytes they are in.</summary>
/// <remarks>
/// A checksum was looked at before, so that what is past the symbols is met only in what no encoder wrote; it is never read past the bytes.
/// Slots are those of a <see cref="SymbolTable"/>.
/// </remarks>
internal struct RangeDecoder
{
    private int _next;
    private uint _a;
    private uint _b;
    private uint _c;
    private uint _d;

    /// <param name="start">Where the states begin.</param>
    public RangeDecoder(ReadOnlySpan<byte> bytes, int start, bool interleaved)
    {
        _next = start;
        _a = State(bytes);
        if (interleaved)
        {
            (_b, _c, _d) = (State(bytes), State(bytes), State(bytes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Take(ReadOnlySpan<byte> bytes, uint[] slots) => Take(ref _a, bytes, slots);

    public void TakeAll(ReadOnlySpan<byte> bytes, Span<byte> symbols, uint[] slots, bool interleaved)
    {
        if (!interleaved)
        {
            foreach (ref var symbol in symbols)
            {
                symbol = Take(ref _a, bytes, slots);
            }

            return;
        }

        for (var i = TakeFours(bytes, symbols, slots); i < symbols.Length; i++)
        {
            symbols[i] = (i & 3) switch
            {
                0 => Take(ref _a, bytes, slots),
                1 => Take(ref _b, bytes, slots),
                2 => Take(ref _c, bytes, slots),
                _ => Take(ref _d, bytes, slots),
            };
        }
    }

    /// <summary>As many symbols of each of four segments that have one state each: a state waits for itself alone, so four take little longer than one.</summary>
    /// <param name="symbols">Those of the first, then of the second, and so on.</param>
    public static void TakeSideBySide(
        ReadOnlySpan<byte> bytes, ref RangeDecoder first, ref RangeDecoder second, ref RangeDecoder third, ref RangeDecoder fourth, Span<byte> symbols, uint[] slots1, uint[] slots2, uint[] slots3, uint[] slots4)
    {
        var count = symbols.Length / 4;
        if (Math.Max(Math.Max(first._next, second._next), Math.Max(third._next, fourth._next)) > bytes.Length - (sizeof(ushort) * (count + 1)))
        {
            first.TakeAll(bytes, symbols[..count], slots1, interleaved: false);
            second.TakeAll(bytes, symbols[count..(2 * count)], slots2, interleaved: false);
            third.TakeAll(bytes, symbols[(2 * count)..(3 * count)], slots3, interleaved: false);
            fourth.TakeAll(bytes, symbols[(3 * count)..], slots4, interleaved: false);
            return;
        }

        ref var source = ref MemoryMarshal.GetReference(bytes);
        ref var target = ref MemoryMarshal.GetReference(symbols);
        ref var tableA = ref MemoryMarshal.GetArrayDataReference(slots1);
        ref var tableB = ref MemoryMarshal.GetArrayDataReference(slots2);
        ref var tableC = ref MemoryMarshal.GetArrayDataReference(slots3);
        ref var tableD = ref MemoryMarshal.GetArrayDataReference(slots4);
        var (a, b, c, d) = (first._a, second._a, third._a, fourth._a);
        var (nextA, nextB, nextC, nextD) = (first._next, second._next, third._next, fourth._next);
        for (var i = 0; i < count; i++)
        {
            Unsafe.Add(ref target, i) = SymbolTable.Take(ref a, ref tableA);
            Unsafe.Add(ref target, i + count) = SymbolTable.Take(ref b, ref tableB);
            Unsafe.Add(ref target, i + (2 * count)) = SymbolTable.Take(ref c, ref tableC);
            Unsafe.Add(ref target, i + (3 * count)) = SymbolTable.Take(ref d, ref tableD);
            Fill(ref a, ref source, ref nextA);
            Fill(ref b, ref source, ref nextB);
            Fill(ref c, ref source, ref nextC);
            Fill(ref d, ref source, ref nextD);
        }

        (first._a, second._a, third._a, fourth._a) = (a, b, c, d);
        (first._next, second._next, third._next, fourth._next) = (nextA, nextB, nextC, nextD);
    }

    // Four at a time, without a branch that depends on the data, as long as the 8 bytes they may take are there. Returns how many were taken.
    private int TakeFours(ReadOnlySpan<byte> bytes, Span<byte> symbols, uint[] slots)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(slots);
        ref var source = ref MemoryMarshal.GetReference(bytes);
        ref var target = ref MemoryMarshal.GetReference(symbols);
        var (i, next, last, end) = (0, _next, bytes.Length - sizeof(ulong), symbols.Length & ~3);
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (; i < end && next <= last; i += 4)
        {
            Unsafe.Add(ref target, i) = SymbolTable.Take(ref a, ref table);
            Unsafe.Add(ref target, i + 1) = SymbolTable.Take(ref b, ref table);
            Unsafe.Add(ref target, i + 2) = SymbolTable.Take(ref c, ref table);
            Unsafe.Add(ref target, i + 3) = SymbolTable.Take(ref d, ref table);
            Fill(ref a, ref source, ref next);
            Fill(ref b, ref source, ref next);
            Fill(ref c, ref source, ref next);
            Fill(ref d, ref source, ref next);
        }

        (_a, _b, _c, _d, _next) = (a, b, c, d, next);
        return i;
    }

    // A state that has become too small takes the next 2 bytes; without a branch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(ref uint state, ref byte source, ref int next)
    {
        var word = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref source, next));
        word = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
        var isSmall = (uint)((int)(state - RangeEncoder.Least) >> 31);
        state = (state << (int)(isSmall & 16)) | (word & isSmall);
        next += (int)(isSmall & 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Take(ref uint state, ReadOnlySpan<byte> bytes, uint[] slots)
    {
        var symbol = SymbolTable.Take(ref state, ref MemoryMarshal.GetArrayDataReference(slots));
        if (state < RangeEncoder.Least)
        {
            var word = _next <= bytes.Length - sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[_next..]) : 0U;
            _next += sizeof(ushort);
            state = (state << 16) | word;
        }

        return symbol;
    }

    private uint State(ReadOnlySpan<byte> bytes)
    {
        if (_next < 0 || _next > bytes.Length - sizeof(uint))
        {
            throw new DamagedException("coded symbols end too early");
        }

        var state = BinaryPrimitives.ReadUInt32LittleEndian(bytes[_next..]);
        _next += sizeof(uint);
        return state;
    }
}
