using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>How the instants of a segment are written.</summary>
[Flags]
internal enum SegmentFlags : byte
{
    None = 0,

    /// <summary>They are those of the segment before.</summary>
    SameInstants = 1,

    /// <summary>Distances are whole milliseconds.</summary>
    Milliseconds = 2,

    /// <summary>Distances as varints: one of them is too long for the rest.</summary>
    LongDistances = 4,

    /// <summary>Revisions follow the gauges.</summary>
    Revisions = 8,
}

/// <param name="Use">Directory, instants and utilization.</param>
/// <param name="Others">The other gauges.</param>
internal readonly record struct PackedBlock(byte[] Use, byte[] Others);

/// <summary>Packs segments of several devices and one UTC day: instants and utilization apart from the other gauges, so that a question about use reads no more.</summary>
/// <remarks>Layout: docs/storage-format.md, "A block". Not safe for two threads.</remarks>
internal sealed class BlockWriter
{
    public const byte UseKind = (byte)'U';
    public const byte RestKind = (byte)'R';
    public const byte Version = 1;

    /// <summary>No distance between instants is this.</summary>
    public const int NoDistance = -1;

    private readonly GaugeWriter _instants = new();
    private readonly GaugeWriter[] _gauges = [.. TelemetryMetrics.All.Select(_ => new GaugeWriter())];
    private readonly List<SegmentFlags> _flags = [];
    private readonly List<(int Use, int Others)> _lengths = [];
    private readonly ByteWriter _use = new(65_536);
    private readonly ByteWriter _rest = new(65_536);
    private readonly ByteWriter _useHead = new();
    private readonly ByteWriter _restHead = new();
    private readonly ByteWriter _column = new();
    private int[] _distances = new int[4_096];

    /// <summary>Segments in the order given; equal instants in a row are written once.</summary>
    public PackedBlock Write(int day, IReadOnlyList<Segment> segments)
    {
        Prepare(segments);
        WriteTables();
        _lengths.Clear();
        for (var i = 0; i < segments.Count; i++)
        {
            var (use, rest) = (_use.Length, _rest.Length);
            WriteUse(segments[i], i);
            WriteRest(segments[i], i);
            _use.Seal(use);
            _rest.Seal(rest);
            _lengths.Add((_use.Length - use, _rest.Length - rest));
        }

        WriteDirectory(day, segments);
        return new(Joined(_useHead, _use), Joined(_restHead, _rest));
    }

    private void Prepare(IReadOnlyList<Segment> segments)
    {
        _instants.Begin();
        _flags.Clear();
        foreach (var gauge in _gauges)
        {
            gauge.Begin();
        }

        var before = default(ReadOnlySpan<long>);
        foreach (var segment in segments)
        {
            var instants = segment.Rows.Instants[segment.Start..segment.End];
            var flags = instants.SequenceEqual(before) ? SegmentFlags.SameInstants : FlagsOf(instants);
            before = instants;
            _instants.Add(flags is SegmentFlags.None or SegmentFlags.Milliseconds ? _distances.AsSpan(0, instants.Length - 1) : [], NoDistance, default);
            _flags.Add(flags | (segment.Rows.HasRevisions ? SegmentFlags.Revisions : SegmentFlags.None));
            var use = segment.Rows.Values(TelemetryMetrics.Utilization.Column)[segment.Start..segment.End];
            for (var metric = 0; metric < _gauges.Length; metric++)
            {
                _gauges[metric].Add(
                    segment.Rows.Values(metric)[segment.Start..segment.End],
                    TelemetryMetrics.Missing,
                    metric == TelemetryMetrics.Power.Column ? use : default);
            }
        }
    }

    private SegmentFlags FlagsOf(ReadOnlySpan<long> instants)
    {
        if (_distances.Length < instants.Length)
        {
            _distances = new int[instants.Length];
        }

        var (longest, rest) = (0L, 0L);
        for (var i = 1; i < instants.Length; i++)
        {
            var distance = instants[i] - instants[i - 1];
            longest = Math.Max(longest, distance);
            rest |= distance % Micros.PerMillisecond;
        }

        var unit = rest == 0 ? Micros.PerMillisecond : 1;
        if (longest / unit > int.MaxValue)
        {
            return SegmentFlags.LongDistances;
        }

        for (var i = 1; i < instants.Length; i++)
        {
            _distances[i - 1] = (int)((instants[i] - instants[i - 1]) / unit);
        }

        return unit == 1 ? SegmentFlags.None : SegmentFlags.Milliseconds;
    }

    private void WriteTables()
    {
        foreach (var writer in new[] { _use, _rest, _useHead, _restHead })
        {
            writer.Clear();
        }

        // The head of the use bytes holds its tables for now; the directory comes before them.
        _restHead.Byte(RestKind);
        _restHead.Byte(Version);
        _instants.WriteTables(_useHead);
        _gauges[TelemetryMetrics.Utilization.Column].WriteTables(_useHead);
        foreach (var metric in TelemetryMetrics.All)
        {
            if (metric != TelemetryMetrics.Utilization)
            {
                _gauges[metric.Column].WriteTables(_restHead);
            }
        }
    }

    private void WriteUse(Segment segment, int i)
    {
        WriteColumn(_gauges[TelemetryMetrics.Utilization.Column], i, _use);
        if (_flags[i].HasFlag(SegmentFlags.LongDistances))
        {
            for (var row = segment.Start + 1; row < segment.End; row++)
            {
                _use.Varint(segment.Rows.Instants[row] - segment.Rows.Instants[row - 1]);
            }
        }
        else if (!_flags[i].HasFlag(SegmentFlags.SameInstants) && segment.Count > 1)
        {
            _instants.Write(i, _use);
        }
    }

    private void WriteRest(Segment segment, int i)
    {
        foreach (var metric in TelemetryMetrics.All)
        {
            if (metric != TelemetryMetrics.Utilization)
            {
                WriteColumn(_gauges[metric.Column], i, _rest);
            }
        }

        if (!segment.Rows.HasRevisions)
        {
            return;
        }

        // Declared revisions are rare: lengths of runs of one revision, gauge after gauge.
        for (var metric = 0; metric < _gauges.Length; metric++)
        {
            var revisions = segment.Rows.Revisions(metric)[segment.Start..segment.End];
            while (!revisions.IsEmpty)
            {
                var length = revisions.IndexOfAnyExcept(revisions[0]);
                length = length < 0 ? revisions.Length : length;
                _rest.Varint((ulong)length);
                _rest.Varint((ulong)revisions[0]);
                revisions = revisions[length..];
            }
        }
    }

    private void WriteColumn(GaugeWriter gauge, int segment, ByteWriter into)
    {
        _column.Clear();
        gauge.Write(segment, _column);
        into.Varint((ulong)_column.Length);
        into.Bytes(_column.Written);
    }

    private void WriteDirectory(int day, IReadOnlyList<Segment> segments)
    {
        var tables = _useHead.ToArray();
        _useHead.Clear();
        _useHead.Byte(UseKind);
        _useHead.Byte(Version);
        _useHead.ZigZag(day);
        _useHead.Varint((ulong)segments.Count);
        var (device, first) = (0L, day * Micros.PerDay);
        for (var i = 0; i < segments.Count; i++)
        {
            var instant = segments[i].Rows.Instants[segments[i].Start];
            _useHead.ZigZag(segments[i].Device - device);
            _useHead.Varint((ulong)segments[i].Count);
            _useHead.ZigZag(instant - first);
            _useHead.Varint((segments[i].Rows.Instants[segments[i].End - 1] - instant + Micros.PerMillisecond - 1) / Micros.PerMillisecond);
            _useHead.Byte((byte)_flags[i]);
            _useHead.Varint((ulong)_lengths[i].Use);
            _useHead.Varint((ulong)_lengths[i].Others);
            (device, first) = (segments[i].Device, instant);
        }

        _useHead.Bytes(tables);
    }

    // Length of the head with its checksum, head, checksum, body.
    private byte[] Joined(ByteWriter head, ByteWriter body)
    {
        head.Seal();
        _column.Clear();
        _column.Varint((ulong)head.Length);
        return [.. _column.Written, .. head.Written, .. body.Written];
    }
}
