using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>How often each of up to 256 symbols comes, in 1/2,048: what a range coder works from.</summary>
/// <remarks>Layout: docs/storage-format.md, "A table". The reciprocal is that of F. Giesen, Interleaved entropy coders, arXiv:1402.3392, 2014.</remarks>
internal sealed class SymbolTable
{
    public const int Bits = 11;
    public const int Total = 1 << Bits;
    private const uint SlotMask = Total - 1;

    private readonly ushort[] _frequencies;
    private readonly BlockRoom? _room;
    private uint[]? _slots;
    private EncoderSymbol[]? _symbols;

    private SymbolTable(ushort[] frequencies, BlockRoom? room) => (_frequencies, _room) = (frequencies, room);

    /// <summary><see cref="Total"/> of them: symbol in the low 8 bits, then 12 bits of its frequency, then 12 bits of distance from its first slot.</summary>
    public uint[] Slots => _slots ??= Filled(_room?.TakeSlots() ?? new uint[Total]);

    public EncoderSymbol[] Symbols => _symbols ??= MakeSymbols();

    /// <summary>Frequencies that sum to <see cref="Total"/>; each symbol that was counted has at least one.</summary>
    /// <param name="counts">At least one is above 0.</param>
    public static SymbolTable Of(ReadOnlySpan<int> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
        {
            sum += count;
        }

        var last = counts.Length;
        while (counts[last - 1] == 0)
        {
            last--;
        }

        var frequencies = new ushort[last];
        var left = Total;
        for (var symbol = 0; symbol < last; symbol++)
        {
            frequencies[symbol] = counts[symbol] == 0 ? (ushort)0 : (ushort)Math.Max(1, ((counts[symbol] * (long)Total) + (sum / 2)) / sum);
            left -= frequencies[symbol];
        }

        // What rounding gave too much or too little is settled where it costs least: at the most frequent.
        while (left != 0)
        {
            var most = frequencies.AsSpan().IndexOf(Max(frequencies));
            var step = left > 0 ? left : Math.Max(left, -(frequencies[most] / 2));
            frequencies[most] = (ushort)(frequencies[most] + step);
            left -= step;
        }

        return new(frequencies, room: null);
    }

    public void Write(ByteWriter into)
    {
        into.Varint((ulong)_frequencies.Length);
        for (var symbol = 0; symbol < _frequencies.Length; symbol++)
        {
            into.Varint(_frequencies[symbol]);
            if (_frequencies[symbol] == 0)
            {
                var zeros = 1;
                while (_frequencies[symbol + zeros] == 0)
                {
                    zeros++;
                }

                into.Varint((ulong)zeros - 1);
                symbol += zeros - 1;
            }
        }
    }

    /// <exception cref="DamagedException">The frequencies do not sum to the whole.</exception>
    public static SymbolTable Read(ref ByteReader reader, BlockRoom room)
    {
        var frequencies = new ushort[reader.Count(256)];
        var sum = 0;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
        {
            frequencies[symbol] = (ushort)reader.Count(Total);
            sum += frequencies[symbol];
            if (frequencies[symbol] == 0)
            {
                symbol += reader.Count(frequencies.Length - symbol - 1);
            }
        }

        return sum == Total ? new(frequencies, room) : throw new DamagedException("frequencies do not sum up");
    }

    private static ushort Max(ushort[] values)
    {
        ushort most = 0;
        foreach (var value in values)
        {
            most = Math.Max(most, value);
        }

        return most;
    }

    /// <summary>Gives the memory of <see cref="Slots"/> back; they are made again where they are asked for again.</summary>
    public void Release()
    {
        if (_slots is { } slots)
        {
            _slots = null;
            _room?.GiveBack(slots);
        }
    }

    private uint[] Filled(uint[] slots)
    {
        var rest = slots.AsSpan();
        var step = Vector256.Create((uint)Vector256<uint>.Count << 20);
        for (var symbol = 0; symbol < _frequencies.Length; symbol++)
        {
            var head = (uint)symbol | ((uint)_frequencies[symbol] << 8);
            var run = rest[.._frequencies[symbol]];
            rest = rest[run.Length..];
            var (i, eight) = (0, Vector256.Create(head) + (Vector256<uint>.Indices << 20));
            for (; i + Vector256<uint>.Count <= run.Length; i += Vector256<uint>.Count)
            {
                eight.StoreUnsafe(ref run[i]);
                eight += step;
            }

            for (; i < run.Length; i++)
            {
                run[i] = head | ((uint)i << 20);
            }
        }

        return slots;
    }

    private EncoderSymbol[] MakeSymbols()
    {
        var symbols = new EncoderSymbol[_frequencies.Length];
        var start = 0U;
        for (var symbol = 0; symbol < symbols.Length; symbol++)
        {
            symbols[symbol] = EncoderSymbol.Of(start, _frequencies[symbol]);
            start += _frequencies[symbol];
        }

        return symbols;
    }

    /// <summary>One symbol as the encoder uses it: division by its frequency as a product.</summary>
    internal readonly struct EncoderSymbol
    {
        private readonly uint _limit;
        private readonly uint _reciprocal;
        private readonly uint _bias;
        private readonly ushort _complement;
        private readonly byte _shift;

        private EncoderSymbol(uint limit, uint reciprocal, uint bias, ushort complement, byte shift) =>
            (_limit, _reciprocal, _bias, _complement, _shift) = (limit, reciprocal, bias, complement, shift);

        public static EncoderSymbol Of(uint start, uint frequency)
        {
            var limit = frequency << (RangeEncoder.StateBits - Bits);
            var complement = (ushort)(Total - frequency);
            if (frequency < 2)
            {
                return new(limit, uint.MaxValue, start + Total - 1, complement, 0);
            }

            var shift = 0;
            while (frequency > 1U << shift)
            {
                shift++;
            }

            return new(limit, (uint)(((1UL << (shift + 31)) + frequency - 1) / frequency), start, complement, (byte)(shift - 1));
        }

        /// <summary>The state after this symbol; puts 16 bits out where the state would grow too large.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint Put(uint state, Span<ushort> words, ref int next)
        {
            if (state >= _limit)
            {
                words[--next] = (ushort)state;
                state >>= 16;
            }

            var quotient = (uint)(((ulong)state * _reciprocal) >> 32) >> _shift;
            return state + _bias + (quotient * _complement);
        }
    }

    /// <summary>The symbol a state stands for, and the state before it.</summary>
    /// <param name="slots">The first of <see cref="Slots"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Take(ref uint state, ref uint slots)
    {
        var slot = Unsafe.Add(ref slots, state & SlotMask);
        state = (((slot >> 8) & 0xFFF) * (state >> Bits)) + (slot >> 20);
        return (byte)slot;
    }
}
