using System.Buffers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Telemetry;

/// <summary>Turns the bytes of one source into columns and rejects. No I/O. One instance per source: it remembers header, line and devices.</summary>
public interface ITelemetryFormat
{
    /// <summary>The word after <c>--format</c>.</summary>
    string Name { get; }

    /// <summary>Consumes whole rows of <paramref name="page"/> and returns how far it came; the rest comes again with more behind it.</summary>
    /// <param name="last">True: nothing follows. What is left is a row, or a broken one.</param>
    /// <remarks>Accepted + rejected = received rows. A rejected row whose device and time can be read is in the batch too, without utilization: its time is unknown.</remarks>
    /// <exception cref="UserException">The source as a whole cannot be read: a column is missing, or times name no zone.</exception>
    SequencePosition Parse(ReadOnlySequence<byte> page, bool last, SampleBatch into, RejectCounts rejects);
}

/// <summary>What a format must know of its source beside the bytes.</summary>
/// <param name="Place">The source as the user knows it; messages add the line.</param>
/// <param name="Now">The clock of the receiver. Unit: microseconds since the Unix epoch.</param>
public sealed record TelemetrySource(string Place, long Now)
{
    /// <summary>For pages that carry no host. Null: not known.</summary>
    public string? Host { get; init; }

    /// <summary>For pages that carry no time: the instant of the scrape. Null: not known.</summary>
    public long? At { get; init; }

    /// <summary>The zone of times without offset. Null: such times are refused.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>True for OpenMetrics, whose time stamps are seconds; the older text format has milliseconds.</summary>
    public bool OpenMetrics { get; init; }
}
