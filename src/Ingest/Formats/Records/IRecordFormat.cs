using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records;

/// <summary>Turns the rows of one file into facts. No I/O beyond reading the content it is given.</summary>
public interface IRecordFormat
{
    /// <summary>What the file holds: <c>jobs</c>, <c>inventory</c>, <c>requests</c>, <c>allocations</c>, <c>counts</c>, <c>meter</c>.</summary>
    string Kind { get; }

    /// <summary>The word after <c>--format</c>.</summary>
    string Name { get; }

    /// <summary>True: <see cref="RecordSource.Hosts"/> is to be filled.</summary>
    bool NeedsHosts => false;

    /// <summary>Whether content begins like this. Our own tables are what everything else is.</summary>
    bool Begins(ReadOnlySpan<byte> beginning) => false;

    /// <summary>Reads all of <paramref name="content"/>. Accepted + rejected = received rows.</summary>
    /// <param name="notices">Filled with what a user should know although all went well.</param>
    /// <exception cref="UserException">The file as a whole cannot be read: a column is missing, or times name no zone.</exception>
    FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices);
}

/// <summary>What a record format must know of its source beside the content.</summary>
/// <param name="Place">The source as the user knows it; messages add the line.</param>
/// <param name="Now">The clock of the receiver. Unit: microseconds since the Unix epoch.</param>
public sealed record RecordSource(string Place, long Now)
{
    /// <summary>The zone of times without offset. Null: such times are refused.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>When the file was true: what it does not say until then did not happen. Null: not said.</summary>
    public long? At { get; init; }

    /// <summary>Rows that name another center are rejected. Null: not asked.</summary>
    public CenterId? Center { get; init; }

    /// <summary>Revision of rows that name none.</summary>
    public int Revision { get; init; }

    /// <summary>The pools of the center: a partition or queue of the same name is that pool.</summary>
    public ImmutableArray<PoolDefinition> Pools { get; init; } = [];

    /// <summary>The devices that are known on a host, by slot.</summary>
    public ILookup<string, DeviceId> Hosts { get; init; } = Enumerable.Empty<DeviceId>().ToLookup(device => device.Value);

    /// <summary>The pool called <paramref name="partition"/>; null: the center has none of that name.</summary>
    public PoolId? PoolOf(string? partition) => partition is not null && Pools.Any(pool => pool.Id.Value == partition) ? new PoolId(partition) : null;

    /// <summary>The pool whose devices are nodes; null: the center has none.</summary>
    public PoolId? NodePool => Pools.FirstOrDefault(pool => !pool.HasGauge)?.Id;
}
