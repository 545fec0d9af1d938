using System.Buffers.Binary;
using System.Numerics;

namespace Headroom.Storage.Columns;

/// <summary>CRC-32C (Castagnoli), start and end inverted, as in RFC 3720; one instruction per eight bytes where the processor has it.</summary>
internal static class Checksum
{
    public const int Size = sizeof(uint);

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>True when the last four bytes are the little-endian checksum of those before them.</summary>
    public static bool Holds(ReadOnlySpan<byte> sealedBytes) =>
        sealedBytes.Length > Size && BinaryPrimitives.ReadUInt32LittleEndian(sealedBytes[^Size..]) == Of(sealedBytes[..^Size]);
}
