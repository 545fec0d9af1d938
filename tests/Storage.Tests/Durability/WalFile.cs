using System.Buffers.Binary;

namespace Headroom.Storage.Tests.Durability;

/// <summary>A write-ahead log as SQLite's file format describes it.</summary>
/// <remarks>Source: https://www.sqlite.org/fileformat2.html, section 4.</remarks>
internal static class WalFile
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;

    /// <summary>Where the last commit of the log ends: frames of its own salt up to the last that closes a transaction. Unit: bytes.</summary>
    public static long CommittedLength(byte[] wal)
    {
        if (wal.Length < HeaderBytes)
        {
            return 0;
        }

        var page = (int)BinaryPrimitives.ReadUInt32BigEndian(wal.AsSpan(8));
        var salt = wal.AsSpan(16, 8).ToArray();
        var committed = 0L;
        for (var at = HeaderBytes; at + FrameHeaderBytes + page <= wal.Length && wal.AsSpan(at + 8, 8).SequenceEqual(salt); at += FrameHeaderBytes + page)
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(wal.AsSpan(at + 4)) != 0)
            {
                committed = at + FrameHeaderBytes + page;
            }
        }

        return committed;
    }
}
