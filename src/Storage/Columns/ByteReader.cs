namespace Headroom.Storage.Columns;

/// <summary>Bytes that are not what the format says.</summary>
internal sealed class DamagedException(string what) : Exception(what);

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Bytes that were not read yet.</summary>
    public readonly int Left => _bytes.Length - Position;

    public readonly bool AtEnd => Position >= _bytes.Length;

    /// <summary>Checks the closing checksum and reads what comes before it.</summary>
    /// <exception cref="DamagedException">The checksum does not hold.</exception>
    public static ByteReader OverSealed(ReadOnlySpan<byte> sealedBytes) =>
        Checksum.Holds(sealedBytes) ? new(sealedBytes[..^Checksum.Size]) : throw new DamagedException("checksum does not hold");

    public byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw new DamagedException("ends too early");

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _bytes.Length - Position)
        {
            throw new DamagedException("ends too early");
        }

        var slice = _bytes.Slice(Position, count);
        Position += count;
        return slice;
    }

    /// <summary>All that was not read yet.</summary>
    public ReadOnlySpan<byte> Rest() => Bytes(_bytes.Length - Position);

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new DamagedException("number too long");
    }

    /// <summary>A number that may outgrow 64 bits.</summary>
    public UInt128 LongVarint()
    {
        UInt128 value = 0;
        for (var shift = 0; shift < 127; shift += 7)
        {
            var next = Byte();
            value |= (UInt128)(uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new DamagedException("number too long");
    }

    public long ZigZag() => Columns.ZigZag.Decode(Varint());

    /// <summary>A count or length, at most <paramref name="atMost"/>.</summary>
    public int Count(int atMost = int.MaxValue)
    {
        var value = Varint();
        return value <= (ulong)atMost ? (int)value : throw new DamagedException($"count {value} is too large");
    }
}
