using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Headroom.Storage.Columns;

/// <summary>Rice codes in blocks of 64 with a parameter of their own; bits fill bytes from the lowest up.</summary>
/// <remarks>
/// A block: 5 bits k; 31 = all zero. A value v: (v >> k) zero bits, a one, the low k bits; where v >> k reaches 24: 24 zeros, then 64 raw bits.
/// Source: R. F. Rice, Some practical universal noiseless coding techniques, JPL 79-22, 1979.
/// </remarks>
internal static class RiceCoder
{
    public const int BlockSize = 64;
    private const int HeaderBits = 5;
    private const int AllZero = 31;
    private const int MaxParameter = 30;
    private const int EscapeZeros = 24;
    private const int EscapeBits = EscapeZeros + 64;
    private const int MaxBlockBytes = (BlockSize * EscapeBits / 8) + 16;

    public static void Encode(ReadOnlySpan<ulong> values, ByteWriter into)
    {
        var bits = new BitSink();
        while (!values.IsEmpty)
        {
            var block = values[..Math.Min(BlockSize, values.Length)];
            values = values[block.Length..];
            bits.Begin(into.Room(MaxBlockBytes));
            EncodeBlock(block, ref bits);
            into.Advance(bits.Size);
        }

        bits.Begin(into.Room(sizeof(ulong)));
        bits.Flush();
        into.Advance(bits.Size);
    }

    /// <summary>Fills <paramref name="values"/>; bits past the end of <paramref name="bytes"/> read as zero.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, Span<ulong> values)
    {
        var position = 0L;
        while (!values.IsEmpty)
        {
            var block = values[..Math.Min(BlockSize, values.Length)];
            values = values[block.Length..];
            var parameter = (int)(Peek(bytes, position) & AllZero);
            position += HeaderBits;
            if (parameter == AllZero)
            {
                block.Clear();
                continue;
            }

            var mask = (1UL << parameter) - 1;
            for (var i = 0; i < block.Length; i++)
            {
                var window = Peek(bytes, position);
                var zeros = BitOperations.TrailingZeroCount(window);
                if (zeros < EscapeZeros)
                {
                    block[i] = ((ulong)zeros << parameter) | ((window >> (zeros + 1)) & mask);
                    position += zeros + 1 + parameter;
                }
                else
                {
                    position += EscapeZeros;
                    block[i] = (Peek(bytes, position) & uint.MaxValue) | (Peek(bytes, position + 32) << 32);
                    position += 64;
                }
            }
        }
    }

    private static void EncodeBlock(ReadOnlySpan<ulong> block, ref BitSink bits)
    {
        var all = 0UL;
        var sum = 0.0;
        foreach (var value in block)
        {
            all |= value;
            sum += value;
        }

        if (all == 0)
        {
            bits.Put(AllZero, HeaderBits);
            return;
        }

        var parameter = BestParameter(block, sum / block.Length);
        var mask = (1UL << parameter) - 1;
        bits.Put((ulong)parameter, HeaderBits);
        foreach (var value in block)
        {
            var zeros = value >> parameter;
            if (zeros < EscapeZeros)
            {
                bits.Put((((value & mask) << 1) | 1) << (int)zeros, (int)zeros + 1 + parameter);
            }
            else
            {
                bits.Put(0, EscapeZeros);
                bits.Put(value & uint.MaxValue, 32);
                bits.Put(value >> 32, 32);
            }
        }
    }

    // The cost is convex but for escapes: walk down from the logarithm of the mean while it pays.
    private static int BestParameter(ReadOnlySpan<ulong> block, double mean)
    {
        var parameter = mean < 1 ? 0 : Math.Min(MaxParameter, Math.ILogB(mean));
        var cost = Cost(block, parameter);
        while (parameter > 0 && Cost(block, parameter - 1) is var less && less < cost)
        {
            (parameter, cost) = (parameter - 1, less);
        }

        return parameter;
    }

    private static ulong Cost(ReadOnlySpan<ulong> block, int parameter)
    {
        var cost = (ulong)(block.Length * (parameter + 1));
        foreach (var value in block)
        {
            var zeros = value >> parameter;
            cost += zeros < EscapeZeros ? zeros : EscapeBits - 1;
        }

        return cost;
    }

    // At least 57 bits from a position on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Peek(ReadOnlySpan<byte> bytes, long position)
    {
        var start = (int)(position >> 3);
        return (start + sizeof(ulong) <= bytes.Length ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[start..]) : Tail(bytes, start)) >> (int)(position & 7);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Tail(ReadOnlySpan<byte> bytes, int start)
    {
        var tail = 0UL;
        for (var i = Math.Min(bytes.Length, start + sizeof(ulong)) - 1; i >= start; i--)
        {
            tail = (tail << 8) | bytes[i];
        }

        return tail;
    }

    private ref struct BitSink
    {
        private Span<byte> _room;
        private ulong _pending;
        private int _pendingBits;

        public int Size { get; private set; }

        public void Begin(Span<byte> room)
        {
            _room = room;
            Size = 0;
        }

        /// <summary>At most 57 bits at a time.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(ulong value, int count)
        {
            _pending |= value << _pendingBits;
            _pendingBits += count;
            BinaryPrimitives.WriteUInt64LittleEndian(_room[Size..], _pending);
            var whole = _pendingBits >> 3;
            Size += whole;
            _pending = whole == sizeof(ulong) ? 0 : _pending >> (whole << 3);
            _pendingBits &= 7;
        }

        public void Flush()
        {
            if (_pendingBits > 0)
            {
                _room[Size++] = (byte)_pending;
                _pending = 0;
                _pendingBits = 0;
            }
        }
    }
}
