using Headroom.Domain.Devices;
using Headroom.Ingest.Formats.Telemetry.Mapped;

namespace Headroom.Ingest;

/// <summary>What a user says about the files to ingest, beside their content.</summary>
public sealed record IngestOptions
{
    /// <summary>A name of <see cref="Formats.Telemetry.TelemetryFormats.Names"/>; null: guessed from the content, and the guess is said.</summary>
    public string? Format { get; init; }

    /// <summary>What a mapping file declares of the content; null: none is given. Beside it <see cref="Format"/> is not asked.</summary>
    public TelemetryMapping? Mapping { get; init; }

    /// <summary>For pages that carry no host.</summary>
    public string? Host { get; init; }

    /// <summary>Telemetry: the instant of pages that carry none. Records: when the file was true. Unit: microseconds since the Unix epoch.</summary>
    public long? At { get; init; }

    /// <summary>IANA zone of times without offset; null: such times are refused.</summary>
    public string? Zone { get; init; }

    /// <summary>Higher wins where two values meet at one key. At least 0.</summary>
    public int Revision { get; init; }

    /// <summary>True: everything made from it says SIMULATED, as with content that begins with a comment of that word.</summary>
    public bool Simulated { get; init; }

    /// <summary>Models without an entry here are told as notices. Null: not checked.</summary>
    public CardCatalog? Catalog { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Called after each batch that is durable.</summary>
    public Action<Acknowledgement>? Acknowledged { get; init; }

    /// <summary>Rows after which a batch is made durable; a batch may be larger by what one read brings. At least 1.</summary>
    public int RowsPerBatch { get; init; } = 262_144;

    /// <summary>When a source sends nothing for this long, what came so far is made durable.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>A batch became durable: what it holds survives any failure from here on.</summary>
/// <param name="Rows">Rows received in this batch, rejected ones included.</param>
/// <param name="File">As the user wrote it.</param>
/// <param name="Offset">Bytes of the plain (unpacked) content that are done with.</param>
public sealed record Acknowledgement(long Rows, string File, long Offset);
