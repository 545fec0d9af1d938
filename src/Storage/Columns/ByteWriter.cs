using System.Buffers.Binary;

namespace Headroom.Storage.Columns;

/// <summary>A growing buffer for varints (LEB128), raw bytes and a closing checksum.</summary>
internal sealed class ByteWriter(int capacity = 4_096)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for <paramref name="size"/> more bytes; tell how many were used with <see cref="Advance"/>.</summary>
    public Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int size) => Length += size;

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Bytes(ReadOnlySpan<byte> values)
    {
        values.CopyTo(Room(values.Length));
        Length += values.Length;
    }

    public void Varint(ulong value)
    {
        var room = Room(10);
        var size = 0;
        while (value >= 0x80)
        {
            room[size++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[size++] = (byte)value;
        Length += size;
    }

    /// <summary>A number that may outgrow 64 bits, in the same code.</summary>
    public void LongVarint(UInt128 value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)((byte)value | 0x80));
        }

        Byte((byte)value);
    }

    public void Varint(long value) => Varint((ulong)value);

    /// <summary>A signed number; small magnitudes are short.</summary>
    public void ZigZag(long value) => Varint(Columns.ZigZag.Encode(value));

    /// <summary>Ends what was written since <paramref name="start"/> with its checksum.</summary>
    public void Seal(int start = 0)
    {
        var checksum = Checksum.Of(_bytes.AsSpan(start, Length - start));
        BinaryPrimitives.WriteUInt32LittleEndian(Room(Checksum.Size), checksum);
        Length += Checksum.Size;
    }

    public byte[] ToArray() => Written.ToArray();
}

/// <summary>Signed to unsigned so that small magnitudes are small numbers: 0, -1, 1, -2 become 0, 1, 2, 3.</summary>
internal static class ZigZag
{
    public static ulong Encode(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Decode(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
