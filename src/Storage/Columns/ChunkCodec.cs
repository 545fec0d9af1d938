namespace Headroom.Storage.Columns;

/// <summary>A sealed chunk: the samples of one device in one UTC day.</summary>
/// <remarks>Layout: docs/storage-format.md, "A chunk". Not safe for two threads.</remarks>
internal sealed class ChunkCodec
{
    private const byte Kind = (byte)'C';
    private const byte Version = 1;

    private readonly SampleFrame _frame = new();

    /// <summary>Appends a chunk with its checksum to <paramref name="into"/>; returns its length in bytes.</summary>
    public int Encode(long device, int day, SampleColumns rows, ByteWriter into)
    {
        var start = into.Length;
        into.Byte(Kind);
        into.Byte(Version);
        into.Varint(device);
        into.ZigZag(day);
        into.Varint((ulong)rows.Count);
        _frame.Encode(rows, into);
        into.Seal(start);
        return into.Length - start;
    }

    /// <exception cref="DamagedException">The checksum does not hold, or this is the chunk of another device or day.</exception>
    public void Decode(ReadOnlySpan<byte> bytes, long device, int day, SampleColumns rows)
    {
        var reader = ByteReader.OverSealed(bytes);
        if (reader.Byte() != Kind || reader.Byte() != Version)
        {
            throw new DamagedException("not a chunk of a known version");
        }

        if (reader.Varint() != (ulong)device || reader.ZigZag() != day)
        {
            throw new DamagedException("chunk of another device or day");
        }

        _frame.Decode(ref reader, reader.Count(1 << 28), rows);
    }
}
