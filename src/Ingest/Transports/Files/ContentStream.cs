using System.IO.Compression;
using System.IO.Pipelines;
using Headroom.Domain.Messages;

namespace Headroom.Ingest.Transports.Files;

/// <summary>Opens what a user names: a file, a compressed file, or <c>-</c> for the standard input.</summary>
public static class ContentStream
{
    /// <summary>The name of the standard input.</summary>
    public const string StandardInput = "-";

    private const int PeekBytes = 2;

    /// <summary>The plain content; gzip is told by its first bytes, whatever the name.</summary>
    /// <exception cref="UserException">Missing or unreadable.</exception>
    public static async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var raw = path == StandardInput
                ? Console.OpenStandardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
            return await PlainAsync(raw, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception problem) when (TextFile.AsMessage(path, problem) is { } message)
        {
            throw new UserException(message, problem);
        }
    }

    /// <summary>Unpacks a stream when it is compressed. The result owns <paramref name="raw"/>.</summary>
    public static async Task<Stream> PlainAsync(Stream raw, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(raw, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var peek = await reader.ReadAtLeastAsync(PeekBytes, cancellationToken).ConfigureAwait(false);
        var isCompressed = IsGzip(peek.Buffer.Slice(0, Math.Min(PeekBytes, peek.Buffer.Length)));
        reader.AdvanceTo(peek.Buffer.Start);
        var plain = reader.AsStream();
        return isCompressed ? new GZipStream(plain, CompressionMode.Decompress) : plain;
    }

    private static bool IsGzip(System.Buffers.ReadOnlySequence<byte> beginning)
    {
        Span<byte> bytes = stackalloc byte[PeekBytes];
        System.Buffers.BuffersExtensions.CopyTo(beginning, bytes);
        return bytes is [0x1F, 0x8B];
    }
}
