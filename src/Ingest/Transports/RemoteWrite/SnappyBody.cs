using System.Buffers;
using Headroom.Domain.Messages;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Reads and unpacks a body in snappy's block format, within bounds known before anything is allocated.</summary>
internal static class SnappyBody
{
    private const int LongestPreamble = 5;
    private const int FirstRead = 16 * 1024;

    // The densest element makes 64 bytes of 3.
    private const int DensestRatio = 22;

    /// <returns>The content, or why there is none.</returns>
    public static async Task<(UnpackedBody? Content, RemoteWriteAnswer? Refusal)> ReadAsync(
        Stream body, long? contentLength, RemoteWriteOptions options, CancellationToken cancellationToken)
    {
        if (contentLength > options.LargestBody)
        {
            return (null, BodyTooLarge(options));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
        try
        {
            var length = await body.ReadAtLeastAsync(buffer, LongestPreamble, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (Check(buffer.AsSpan(0, length), options) is { } refusal)
            {
                return (null, refusal);
            }

            for (int read = length; read > 0; length += read)
            {
                if (length > options.LargestBody)
                {
                    return (null, BodyTooLarge(options));
                }

                buffer = length == buffer.Length ? Larger(buffer) : buffer;
                read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            }

            return Unpack(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Larger(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    private static RemoteWriteAnswer? Check(ReadOnlySpan<byte> beginning, RemoteWriteOptions options) =>
        Preamble(beginning, out var declared) == 0 ? Corrupt()
        : declared > options.LargestContent ? RemoteWriteAnswer.Refused(413, MessageCode.BodyUnpacksTooLarge, declared, options.LargestContent)
        : null;

    private static (UnpackedBody? Content, RemoteWriteAnswer? Refusal) Unpack(ReadOnlySpan<byte> packed)
    {
        var preamble = Preamble(packed, out var declared);
        if (declared > (long)packed.Length * DensestRatio)
        {
            return (null, Corrupt(packed.Length, declared));
        }

        var content = ArrayPool<byte>.Shared.Rent((int)declared);
        if (SnappyBlock.TryUnpack(packed[preamble..], content.AsSpan(0, (int)declared)))
        {
            return (new(content, (int)declared), null);
        }

        ArrayPool<byte>.Shared.Return(content);
        return (null, Corrupt());
    }

    // Bytes it takes; 0: there is none.
    private static int Preamble(ReadOnlySpan<byte> packed, out long declared)
    {
        declared = 0;
        for (var i = 0; i < packed.Length && i < LongestPreamble; i++)
        {
            declared |= (long)(packed[i] & 0x7F) << (7 * i);
            if (packed[i] < 0x80)
            {
                return declared <= uint.MaxValue ? i + 1 : 0;
            }
        }

        return 0;
    }

    private static RemoteWriteAnswer BodyTooLarge(RemoteWriteOptions options) =>
        RemoteWriteAnswer.Refused(413, MessageCode.BodyTooLarge, options.LargestBody);

    private static RemoteWriteAnswer Corrupt(params ReadOnlySpan<object?> sizes) => RemoteWriteAnswer.Refused(400, MessageCode.BodyNotSnappy, sizes);
}

/// <summary>The content of a body, in a buffer that goes back when disposed.</summary>
internal sealed class UnpackedBody(byte[] buffer, int length) : IDisposable
{
    public ReadOnlySpan<byte> Content => buffer.AsSpan(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
