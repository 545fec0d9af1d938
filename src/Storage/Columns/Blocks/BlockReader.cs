using System.Collections.Immutable;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>One segment of a block as its directory has it.</summary>
/// <param name="First">Its first instant. Unit: microseconds since the Unix epoch.</param>
/// <param name="Until">After its last instant, less than 2 ms.</param>
/// <param name="Origin">The segment that holds its instants.</param>
internal readonly record struct SegmentEntry(long Device, int Rows, long First, long Until, SegmentFlags Flags, int UseAt, int UseLength, int RestAt, int RestLength, int Origin)
{
    public bool Overlaps(Window window) => First < window.Until && Until > window.From;
}

/// <summary>Reads a block, a segment at a time. Not safe for two threads.</summary>
/// <remarks>Layout: docs/storage-format.md, "A block".</remarks>
internal sealed class BlockReader
{
    private readonly byte[] _use;
    private readonly GaugeReader _instants;
    private readonly GaugeReader[] _gauges = new GaugeReader[SampleColumns.Metrics];
    private byte[] _rest = [];
    private int _restBody;
    private readonly BlockRoom _room;

    /// <param name="room">Shared with readers that are not used at the same time.</param>
    /// <exception cref="DamagedException">The head is not as it was written.</exception>
    public BlockReader(byte[] use, BlockRoom room)
    {
        (_use, _room) = (use, room);
        var reader = Head(use, BlockWriter.UseKind, out var body);
        Day = (int)reader.ZigZag();
        var segments = ImmutableArray.CreateBuilder<SegmentEntry>(reader.Count(use.Length));
        var (device, first, useAt, restAt, origin) = (0L, Day * Micros.PerDay, body, 0, -1);
        for (var i = 0; i < segments.Capacity; i++)
        {
            device += reader.ZigZag();
            var rows = reader.Count(Segment.MostRows);
            first += reader.ZigZag();
            var until = first + ((long)reader.Varint() * Micros.PerMillisecond) + 1;
            var flags = (SegmentFlags)reader.Byte();
            var (useLength, restLength) = (reader.Count(), reader.Count());
            origin = flags.HasFlag(SegmentFlags.SameInstants) ? origin : i;
            if (origin < 0 || rows == 0)
            {
                throw new DamagedException("a segment without instants");
            }

            segments.Add(new(device, rows, first, until, flags, useAt, useLength, restAt, restLength, origin));
            (useAt, restAt) = (useAt + useLength, restAt + restLength);
        }

        Segments = segments.DrainToImmutable();
        _instants = new(ref reader, room);
        _gauges[TelemetryMetrics.Utilization.Column] = new(ref reader, room);
    }

    public int Day { get; }

    /// <summary>Whether any value in here was sent with a revision; then <see cref="ReadOthers"/> is needed before rows of two segments are merged.</summary>
    public bool HasRevisions => Segments.Any(segment => segment.Flags.HasFlag(SegmentFlags.Revisions));

    public ImmutableArray<SegmentEntry> Segments { get; }

    /// <summary>Gives the bytes of the other gauges, before <see cref="ReadOthers"/>.</summary>
    /// <exception cref="DamagedException">The head is not as it was written.</exception>
    public void OpenOthers(byte[] rest)
    {
        _rest = rest;
        var reader = Head(rest, BlockWriter.RestKind, out _restBody);
        foreach (var metric in TelemetryMetrics.All)
        {
            if (metric != TelemetryMetrics.Utilization)
            {
                _gauges[metric.Column] = new(ref reader, _room);
            }
        }
    }

    /// <summary>Instants and utilization of a segment; the other gauges are missing. <paramref name="rows"/> is emptied before.</summary>
    /// <exception cref="DamagedException">The segment is not as it was written.</exception>
    public void ReadUse(int segment, SampleColumns rows)
    {
        var entry = Segments[segment];
        rows.Clear();
        var (instants, values) = rows.Fill(entry.Rows);
        ReadUtilization(segment, values[TelemetryMetrics.Utilization.Column].AsSpan(0, entry.Rows));
        Instants(segment).CopyTo(instants);
        foreach (var metric in TelemetryMetrics.All)
        {
            if (metric != TelemetryMetrics.Utilization)
            {
                values[metric.Column].AsSpan(0, entry.Rows).Fill(TelemetryMetrics.Missing);
            }
        }
    }

    /// <summary>Instants of a segment, oldest first. They hold until others are read in the same room.</summary>
    /// <exception cref="DamagedException">The segment is not as it was written.</exception>
    public ReadOnlySpan<long> Instants(int segment)
    {
        var (origin, rows) = (Segments[segment].Origin, Segments[segment].Rows);
        if (Segments[origin].Rows != rows)
        {
            throw new DamagedException("instants of another length");
        }

        var instants = _room.Instants(rows);
        if (_room.InstantsOf != (this, origin))
        {
            _room.InstantsOf = default;
            var reader = new ByteReader(Sealed(_use, Segments[origin].UseAt, Segments[origin].UseLength));
            reader.Bytes(reader.Count());
            ReadInstants(Segments[origin], ref reader, instants);
            _room.InstantsOf = (this, origin);
        }

        return instants;
    }

    /// <summary>Utilization of several segments, in the order in which they are done: short ones are read side by side.</summary>
    /// <exception cref="DamagedException">One of the segments is not as it was written.</exception>
    public void ReadUtilization(ReadOnlySpan<int> segments, SegmentValues each)
    {
        var (gauge, columns) = (_gauges[TelemetryMetrics.Utilization.Column], _room.Columns);
        columns.Clear();
        foreach (var segment in segments)
        {
            var entry = Segments[segment];
            var reader = new ByteReader(Sealed(_use, entry.UseAt, entry.UseLength));
            var length = reader.Bytes(reader.Count()).Length;
            var start = entry.UseAt + reader.Position - length;
            if (gauge.IsForLanes(_use, segment, start, length, entry.Rows, out var column))
            {
                columns.Add(column);
                continue;
            }

            var values = _room.Values(entry.Rows);
            gauge.Read(_use.AsSpan(start, length), TelemetryMetrics.Missing, default, values);
            each(segment, values);
        }

        gauge.ReadLanes(_use, columns, each);
    }

    private void ReadUtilization(int segment, Span<int> use)
    {
        var reader = new ByteReader(Sealed(_use, Segments[segment].UseAt, Segments[segment].UseLength));
        _gauges[TelemetryMetrics.Utilization.Column].Read(reader.Bytes(reader.Count()), TelemetryMetrics.Missing, default, use);
    }

    /// <summary>Whether the checksums of all that is needed to read a segment hold.</summary>
    public bool IsSound(int segment)
    {
        var (entry, origin) = (Segments[segment], Segments[Segments[segment].Origin]);
        return IsSealed(_use, entry.UseAt, entry.UseLength)
            && (origin == entry || IsSealed(_use, origin.UseAt, origin.UseLength))
            && IsSealed(_rest, _restBody + entry.RestAt, entry.RestLength);
    }

    /// <summary>Gives the tables' memory back to the room. The block can be read on; tables are made again then.</summary>
    public void Release()
    {
        _instants.Release();
        foreach (var gauge in _gauges)
        {
            gauge?.Release();
        }
    }

    /// <summary>The other gauges, into rows that <see cref="ReadUse"/> filled for the same segment.</summary>
    /// <param name="only">The one gauge that is wanted; null: all.</param>
    /// <param name="also">A second one. Revisions come always: what wins depends on them.</param>
    /// <exception cref="DamagedException">The segment is not as it was written.</exception>
    public void ReadOthers(int segment, SampleColumns rows, TelemetryMetric? only = null, TelemetryMetric? also = null)
    {
        var entry = Segments[segment];
        var bytes = Sealed(_rest, checked(_restBody + entry.RestAt), entry.RestLength);
        var reader = new ByteReader(bytes);
        foreach (var metric in TelemetryMetrics.All)
        {
            if (metric == TelemetryMetrics.Utilization)
            {
                continue;
            }

            var column = reader.Bytes(reader.Count());
            if (only is null || only == metric || also == metric)
            {
                var use = metric == TelemetryMetrics.Power ? rows.Values(TelemetryMetrics.Utilization.Column) : default;
                _gauges[metric.Column].Read(column, TelemetryMetrics.Missing, use, rows.Writable(metric.Column));
            }
        }

        if (entry.Flags.HasFlag(SegmentFlags.Revisions))
        {
            ReadRevisions(ref reader, entry.Rows, rows.FillRevisions());
        }
    }

    private static void ReadRevisions(ref ByteReader reader, int rows, int[][] revisions)
    {
        foreach (var column in revisions)
        {
            for (var row = 0; row < rows;)
            {
                var length = reader.Count(rows - row);
                column.AsSpan(row, length).Fill(reader.Count());
                row += length > 0 ? length : throw new DamagedException("an empty run of revisions");
            }
        }
    }

    private void ReadInstants(in SegmentEntry entry, ref ByteReader reader, Span<long> instants)
    {
        instants[0] = entry.First;
        if (entry.Flags.HasFlag(SegmentFlags.LongDistances))
        {
            for (var i = 1; i < instants.Length; i++)
            {
                instants[i] = instants[i - 1] + (long)reader.Varint();
            }
        }
        else if (instants.Length > 1)
        {
            var distances = _room.Distances(instants.Length - 1);
            _instants.Read(reader.Rest(), BlockWriter.NoDistance, default, distances);
            var unit = entry.Flags.HasFlag(SegmentFlags.Milliseconds) ? Micros.PerMillisecond : 1;
            var instant = entry.First;
            for (var i = 0; i < distances.Length; i++)
            {
                instant += distances[i] * unit;
                instants[i + 1] = instant;
            }
        }
    }

    private static bool IsSealed(byte[] bytes, int at, int length) =>
        at >= 0 && length >= Checksum.Size && at <= bytes.Length - length && Checksum.Holds(bytes.AsSpan(at, length));

    private static ReadOnlySpan<byte> Sealed(byte[] bytes, int at, int length) =>
        IsSealed(bytes, at, length) ? bytes.AsSpan(at, length - Checksum.Size) : throw new DamagedException("checksum does not hold");

    private static ByteReader Head(byte[] bytes, byte kind, out int body)
    {
        var length = new ByteReader(bytes);
        var headLength = length.Count(bytes.Length);
        body = length.Position + headLength;
        if (body > bytes.Length)
        {
            throw new DamagedException("ends too early");
        }

        var reader = ByteReader.OverSealed(bytes.AsSpan(length.Position, headLength));
        return reader.Byte() == kind && reader.Byte() == BlockWriter.Version ? reader : throw new DamagedException("not a block of a known version");
    }
}
