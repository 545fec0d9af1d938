using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Unpacks snappy's block format into a buffer that is at hand: senders repeat their labels, so most of it is copying.</summary>
/// <remarks>Source: google/snappy, format_description.txt.</remarks>
internal static class SnappyBlock
{
    // Pieces are copied as so many bytes at a time where there is room behind them: what is too much is written over by what follows.
    private const int Step = 16;

    // The longest piece that is copied so: what the tag of a copy can say.
    private const int Short = 64;

    /// <param name="elements">What follows the length at the beginning.</param>
    /// <param name="into">Exactly as long as the content says it is.</param>
    /// <returns>False: damaged, or of another length.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> elements, Span<byte> into)
    {
        var (at, end) = (0, 0);
        while (at < elements.Length)
        {
            var tag = elements[at++];
            if ((tag & 3) == 0)
            {
                if (!TryLength(elements, tag, ref at, out var literal) || literal > elements.Length - at || literal > into.Length - end)
                {
                    return false;
                }

                Literal(elements, at, into, end, literal);
                (at, end) = (at + literal, end + literal);
                continue;
            }

            if (!TryCopy(elements, tag, ref at, out var offset, out var length) || offset == 0 || offset > end || length > into.Length - end)
            {
                return false;
            }

            Repeat(into, end, offset, length);
            end += length;
        }

        return end == into.Length;
    }

    // Up to 60 bytes say their length in the tag, longer ones in the one to four bytes behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLength(ReadOnlySpan<byte> elements, byte tag, ref int at, out int length)
    {
        length = (tag >> 2) + 1;
        return length <= 60 || TryLongLength(elements, length - 60, ref at, out length);
    }

    private static bool TryLongLength(ReadOnlySpan<byte> elements, int bytes, ref int at, out int length)
    {
        length = 0;
        if (elements.Length - at < bytes)
        {
            return false;
        }

        var number = 0u;
        for (var i = 0; i < bytes; i++)
        {
            number |= (uint)elements[at + i] << (8 * i);
        }

        at += bytes;
        length = (int)Math.Min(number + 1L, int.MaxValue);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCopy(ReadOnlySpan<byte> elements, byte tag, ref int at, out int offset, out int length)
    {
        (offset, length) = (0, (tag >> 2) + 1);
        switch (tag & 3)
        {
            case 1 when at < elements.Length:
                length = ((tag >> 2) & 7) + 4;
                offset = ((tag >> 5) << 8) | elements[at++];
                return true;
            case 2 when elements.Length - at >= sizeof(ushort):
                offset = BinaryPrimitives.ReadUInt16LittleEndian(elements[at..]);
                at += sizeof(ushort);
                return true;
            case 3 when elements.Length - at >= sizeof(uint):
                offset = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(elements[at..]), int.MaxValue);
                at += sizeof(uint);
                return true;
            default:
                return false;
        }
    }

    private static void Literal(ReadOnlySpan<byte> elements, int at, Span<byte> into, int end, int length)
    {
        if (length <= Short && elements.Length - at >= Short && into.Length - end >= Short)
        {
            Steps(ref Unsafe.Add(ref MemoryMarshal.GetReference(elements), at), ref Unsafe.Add(ref MemoryMarshal.GetReference(into), end), length);
            return;
        }

        elements.Slice(at, length).CopyTo(into[end..]);
    }

    // A copy may overlap itself: then what was just written goes on.
    private static void Repeat(Span<byte> into, int end, int offset, int length)
    {
        if (offset >= Step && into.Length - end >= Short)
        {
            ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(into), end);
            Steps(ref Unsafe.Subtract(ref to, offset), ref to, length);
            return;
        }

        if (offset >= length)
        {
            into.Slice(end - offset, length).CopyTo(into[end..]);
            return;
        }

        for (var i = 0; i < length; i++)
        {
            into[end + i] = into[end - offset + i];
        }
    }

    // Reads and writes up to the next whole step behind the length: at most Short bytes of either.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Steps(ref byte from, ref byte to, int length)
    {
        for (nuint done = 0; done < (nuint)length; done += Step)
        {
            Vector128.LoadUnsafe(ref from, done).StoreUnsafe(ref to, done);
        }
    }
}
