using System.Buffers;
using System.Globalization;
using System.Text;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records;

/// <summary>The lines of a text of records: UTF-8, and a line that is not is read as Latin-1, as an old database prints it. Marks of order and carriage returns are no part of a line.</summary>
internal sealed class RecordLines(Stream content, RecordSource source, RejectCounts rejects)
{
    /// <summary>A longer line is rejected. Unit: bytes.</summary>
    public const int Longest = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _begin;
    private int _end;

    /// <summary>The number of the line read last, 1 for the first.</summary>
    public long Number { get; private set; }

    public string Place => string.Create(CultureInfo.InvariantCulture, $"{source.Place}:{Number}");

    /// <summary>Null: there are no more. Lines that are too long are rejected and passed over.</summary>
    public string? Next()
    {
        while (Raw() is { } whole)
        {
            if (whole)
            {
                return Text();
            }

            Reject(RejectReason.Malformed, column: null, "> 1 MiB");
        }

        return null;
    }

    public void Reject(RejectReason reason, string? column, string found, string? device = null) =>
        rejects.Reject(new(Place, device, Instant: null, column, found.Length <= 120 ? found : found[..120], reason));

    // True: a line; false: one that is too long; null: the end.
    private bool? Raw()
    {
        _line.ResetWrittenCount();
        var (fits, any) = (true, false);
        while (true)
        {
            if (_begin == _end)
            {
                (_begin, _end) = (0, content.Read(_buffer));
                if (_end == 0)
                {
                    Number += any ? 1 : 0;
                    return any ? fits : null;
                }
            }

            any = true;
            var rest = _buffer.AsSpan(_begin, _end - _begin);
            var newline = rest.IndexOf((byte)'\n');
            var part = newline < 0 ? rest : rest[..newline];
            fits &= _line.WrittenCount + part.Length <= Longest;
            if (fits)
            {
                _line.Write(part);
            }

            _begin += newline < 0 ? part.Length : part.Length + 1;
            if (newline >= 0)
            {
                Number++;
                return fits;
            }
        }
    }

    private string Text()
    {
        var bytes = _line.WrittenSpan;
        bytes = Number == 1 && bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        bytes = bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
