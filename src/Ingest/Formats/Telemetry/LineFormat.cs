using System.Buffers;
using System.Globalization;
using System.Text;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Telemetry;

/// <summary>A format of lines: finds them however the bytes are cut, and bounds what one line may hold in memory.</summary>
internal abstract class LineFormat(TelemetrySource source) : ITelemetryFormat
{
    /// <summary>A longer line is no row of anything we read. Unit: bytes.</summary>
    public const int LongestLine = 1 << 20;

    private const int LongestExample = 120;
    private byte[] _straddling = [];
    private long _line;
    private bool _skipping;

    public abstract string Name { get; }

    protected TelemetrySource Source { get; } = source;

    protected SampleBatch Into { get; private set; } = null!;

    protected RejectCounts Rejects { get; private set; } = null!;

    /// <summary>The line being read, 1 for the first.</summary>
    protected long LineNumber => _line;

    public SequencePosition Parse(ReadOnlySequence<byte> page, bool last, SampleBatch into, RejectCounts rejects)
    {
        (Into, Rejects) = (into, rejects);
        BatchBegins();
        while (!page.IsEmpty)
        {
            var first = page.FirstSpan;
            var end = _skipping ? -1 : first.LastIndexOf((byte)'\n');
            if (end >= 0)
            {
                Lines(first[..end]);
                page = page.Slice(end + 1);
            }
            else if (page.PositionOf((byte)'\n') is { } at)
            {
                Straddling(page.Slice(0, at), terminated: true);
                page = page.Slice(page.GetPosition(1, at));
            }
            else if (last)
            {
                Straddling(page, terminated: false);
                page = page.Slice(page.End);
            }
            else if (_skipping || page.Length > LongestLine)
            {
                SkipFrom();
                page = page.Slice(page.End);
            }
            else
            {
                break;
            }
        }

        if (last)
        {
            SourceEnds();
        }

        return page.Start;
    }

    protected abstract void Line(ReadOnlySpan<byte> line);

    /// <summary>A last line without its line end.</summary>
    protected abstract void UnterminatedLine(ReadOnlySpan<byte> line);

    protected virtual void BatchBegins()
    {
    }

    protected virtual void SourceEnds()
    {
    }

    protected void Reject(RejectReason reason, ReadOnlySpan<byte> found, string? column = null, string? device = null, long? instant = null, long? line = null)
    {
        if (Rejects.Count(reason))
        {
            var text = Encoding.UTF8.GetString(found[..Math.Min(found.Length, LongestExample)]);
            Rejects.Keep(new(PlaceOf(line ?? _line), device, instant, column, text, reason));
        }
    }

    protected string PlaceOf(long line) => string.Create(CultureInfo.InvariantCulture, $"{Source.Place}:{line}");

    private void Lines(ReadOnlySpan<byte> lines)
    {
        while (true)
        {
            var end = lines.IndexOf((byte)'\n');
            if (end < 0)
            {
                Whole(lines, terminated: true);
                return;
            }

            Whole(lines[..end], terminated: true);
            lines = lines[(end + 1)..];
        }
    }

    private void Straddling(ReadOnlySequence<byte> line, bool terminated)
    {
        if (_skipping)
        {
            _skipping = false;
            return;
        }

        if (line.IsSingleSegment)
        {
            Whole(line.FirstSpan, terminated);
            return;
        }

        var length = checked((int)line.Length);
        if (_straddling.Length < length)
        {
            _straddling = new byte[Math.Max(4_096, length * 2)];
        }

        line.CopyTo(_straddling);
        Whole(_straddling.AsSpan(0, length), terminated);
    }

    private void Whole(ReadOnlySpan<byte> line, bool terminated)
    {
        if (line.Length > LongestLine)
        {
            SkipFrom();
            _skipping = false;
            return;
        }

        _line++;
        if (_line == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        if (terminated)
        {
            Line(line);
        }
        else
        {
            UnterminatedLine(line);
        }
    }

    private void SkipFrom()
    {
        if (!_skipping)
        {
            _line++;
            _skipping = true;
            Reject(RejectReason.Malformed, "> 1 MiB"u8);
        }
    }
}
