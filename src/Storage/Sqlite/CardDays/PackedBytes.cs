using System.IO.Compression;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>Columns of varints, deflated, with a checksum: kind, version, length, deflated bytes, CRC-32C.</summary>
internal static class PackedBytes
{
    private const byte Version = 1;

    public static byte[] Pack(byte kind, ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(plain);
        }

        var bytes = new ByteWriter((int)packed.Length + 16);
        bytes.Byte(kind);
        bytes.Byte(Version);
        bytes.Varint((ulong)plain.Length);
        bytes.Bytes(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        bytes.Seal();
        return bytes.ToArray();
    }

    /// <exception cref="DamagedException">The checksum does not hold, or the bytes are of another kind or version.</exception>
    public static byte[] Unpack(byte kind, byte[] packed)
    {
        var reader = ByteReader.OverSealed(packed);
        if (reader.Byte() != kind || reader.Byte() != Version)
        {
            throw new DamagedException("not of a known kind and version");
        }

        var plain = new byte[reader.Count(1 << 30)];
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(packed, reader.Position, packed.Length - Checksum.Size - reader.Position), CompressionMode.Decompress);
            deflate.ReadExactly(plain);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            throw new DamagedException(failure.Message);
        }

        return plain;
    }
}
