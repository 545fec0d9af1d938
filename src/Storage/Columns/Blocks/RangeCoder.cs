using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>Asymmetric numeral systems (rANS): 31-bit states, 16 bits at a time, symbols last to first.</summary>
/// <remarks>Source: J. Duda, Asymmetric numeral systems, arXiv:1311.2540, 2013. Layout: docs/storage-format.md, "Coded symbols".</remarks>
internal ref struct RangeEncoder
{
    /// <summary>A state lies in [2^15, 2^31).</summary>
    public const int StateBits = 31;

    public const uint Least = 1U << (StateBits - 16);

    private readonly Span<ushort> _words;
    private int _next;
    private uint _a;
    private uint _b;
    private uint _c;
    private uint _d;

    /// <param name="words">Filled from its end; as long as there are symbols, and 8 more.</param>
    public RangeEncoder(Span<ushort> words)
    {
        _words = words;
        _next = words.Length;
        (_a, _b, _c, _d) = (Least, Least, Least, Least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(in SymbolTable.EncoderSymbol symbol) => _a = symbol.Put(_a, _words, ref _next);

    /// <summary>Values of a mini-block, last first; value i goes to state i mod 4, or all to the first.</summary>
    public void PutAll(scoped ReadOnlySpan<byte> symbols, SymbolTable.EncoderSymbol[] table, bool interleaved)
    {
        var i = symbols.Length - 1;
        if (!interleaved)
        {
            for (; i >= 0; i--)
            {
                _a = table[symbols[i]].Put(_a, _words, ref _next);
            }

            return;
        }

        var next = _next;
        var words = _words;
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (; (i & 3) != 3 && i >= 0; i--)
        {
            switch (i & 3)
            {
                case 0:
                    a = table[symbols[i]].Put(a, words, ref next);
                    break;
                case 1:
                    b = table[symbols[i]].Put(b, words, ref next);
                    break;
                default:
                    c = table[symbols[i]].Put(c, words, ref next);
                    break;
            }
        }

        for (; i >= 3; i -= 4)
        {
            d = table[symbols[i]].Put(d, words, ref next);
            c = table[symbols[i - 1]].Put(c, words, ref next);
            b = table[symbols[i - 2]].Put(b, words, ref next);
            a = table[symbols[i - 3]].Put(a, words, ref next);
        }

        (_a, _b, _c, _d, _next) = (a, b, c, d, next);
    }

    /// <summary>What a decoder reads, first byte first.</summary>
    public ReadOnlySpan<byte> End(bool interleaved)
    {
        if (interleaved)
        {
            State(_d);
            State(_c);
            State(_b);
        }

        State(_a);
        return MemoryMarshal.AsBytes(_words[_next..]);
    }

    private void State(uint state)
    {
        _words[--_next] = (ushort)(state >> 16);
        _words[--_next] = (ushort)state;
    }
}

/// <summary>Reads what <see cref="RangeEncoder"/> wrote.</summary>
internal ref struct RangeDecoder
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;
    private uint _a;
    private uint _b;
    private uint _c;
    private uint _d;

    public RangeDecoder(ReadOnlySpan<byte> bytes, bool interleaved)
    {
        _bytes = bytes;
        _a = State();
        if (interleaved)
        {
            (_b, _c, _d) = (State(), State(), State());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Take(uint[] slots) => Take(ref _a, slots);

    /// <param name="slots">Those of a <see cref="SymbolTable"/>.</param>
    public void TakeAll(scoped Span<byte> symbols, uint[] slots, bool interleaved)
    {
        if (!interleaved)
        {
            foreach (ref var symbol in symbols)
            {
                symbol = Take(slots);
            }

            return;
        }

        for (var i = TakeFours(symbols, slots); i < symbols.Length; i++)
        {
            symbols[i] = (i & 3) switch
            {
                0 => Take(ref _a, slots),
                1 => Take(ref _b, slots),
                2 => Take(ref _c, slots),
                _ => Take(ref _d, slots),
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Take(ref uint state, uint[] slots)
    {
        var symbol = SymbolTable.Take(ref state, ref MemoryMarshal.GetArrayDataReference(slots));
        state = Filled(state, _bytes, ref _next);
        return symbol;
    }

    // Four at a time, without a branch that depends on the data, as long as the 8 bytes they may take are there. Returns how many were taken.
    private int TakeFours(scoped Span<byte> symbols, uint[] slots)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(slots);
        ref var source = ref MemoryMarshal.GetReference(_bytes);
        ref var target = ref MemoryMarshal.GetReference(symbols);
        var (i, next, lastNext, end) = (0, _next, _bytes.Length - sizeof(ulong), symbols.Length & ~3);
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (; i < end && next <= lastNext; i += 4)
        {
            Unsafe.Add(ref target, i) = SymbolTable.Take(ref a, ref table);
            Unsafe.Add(ref target, i + 1) = SymbolTable.Take(ref b, ref table);
            Unsafe.Add(ref target, i + 2) = SymbolTable.Take(ref c, ref table);
            Unsafe.Add(ref target, i + 3) = SymbolTable.Take(ref d, ref table);
            var words = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, next));
            words = BitConverter.IsLittleEndian ? words : BinaryPrimitives.ReverseEndianness(words);
            next += Fill(ref a, ref words) + Fill(ref b, ref words) + Fill(ref c, ref words) + Fill(ref d, ref words);
        }

        (_a, _b, _c, _d, _next) = (a, b, c, d, next);
        return i;
    }

    // A state that has become too small takes the lowest 16 bits of the words. Returns the bytes that were taken, 0 or 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Fill(ref uint state, ref ulong words)
    {
        var isSmall = (uint)((int)(state - RangeEncoder.Least) >> 31);
        var bits = (int)(isSmall & 16);
        state = (state << bits) | ((ushort)words & isSmall);
        words >>= bits;
        return (int)(isSmall & 2);
    }

    // Past the end zeros follow: the checksum has been looked at before, so this is never met in a sound block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Filled(uint state, ReadOnlySpan<byte> bytes, ref int next)
    {
        if (state < RangeEncoder.Least)
        {
            var word = next + 2 <= bytes.Length ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[next..]) : 0U;
            next += 2;
            return (state << 16) | word;
        }

        return state;
    }

    private uint State()
    {
        if (_next + 4 > _bytes.Length)
        {
            throw new DamagedException("coded symbols end too early");
        }

        var state = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[_next..]);
        _next += 4;
        return state;
    }
}
