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
