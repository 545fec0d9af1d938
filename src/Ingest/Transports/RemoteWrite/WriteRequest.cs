using System.Buffers.Binary;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Reads <c>prometheus.WriteRequest</c>, the samples of our gauges alone: metadata, exemplars, histograms and unknown fields are passed over.</summary>
/// <remarks>Source: prometheus.io, Remote-Write 1.0 specification. A value or time of 0 is not on the wire.</remarks>
internal static class WriteRequest
{
    private const int TimeSeriesField = 1;
    private const int SampleField = 2;
    private const byte ValueTag = (1 << 3) | (int)ProtoKind.Fixed64;
    private const byte TimeTag = (2 << 3) | (int)ProtoKind.Varint;

    /// <summary>False: the content is not a write request; what was read so far is to be forgotten.</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, SeriesTable table, List<RemoteSample> into)
    {
        var fields = new ProtoReader(content);
        while (fields.Next())
        {
            if (fields is { Field: TimeSeriesField, Kind: ProtoKind.Bytes } && !TrySeries(fields.Content, table, into))
            {
                return false;
            }
        }

        return !fields.IsBroken;
    }

    private static bool TrySeries(ReadOnlySpan<byte> series, SeriesTable table, List<RemoteSample> into)
    {
        var known = table.Guess(series, out var begin);
        if (known is null)
        {
            begin = 0;
            if (!TryLabels(series, out var metric, out var labels))
            {
                return false;
            }

            known = table.Find(metric, labels);
        }

        var fields = new ProtoReader(series[begin..]);
        while (fields.Next())
        {
            if (fields is { Field: SampleField, Kind: ProtoKind.Bytes })
            {
                if (!TrySample(fields.Content, out var bits, out var milliseconds))
                {
                    return false;
                }

                if (known is not null)
                {
                    into.Add(new(known, bits, milliseconds));
                }
            }
        }

        return !fields.IsBroken;
    }

    // The metric's name, and the bytes from the first label to the last.
    private static bool TryLabels(ReadOnlySpan<byte> series, out ReadOnlySpan<byte> metric, out ReadOnlySpan<byte> labels)
    {
        metric = default;
        labels = default;
        var (first, end) = (-1, 0);
        var fields = new ProtoReader(series);
        for (var begin = 0; fields.Next(); begin = series.Length - fields.Left)
        {
            if (fields is not { Field: SeriesLabels.LabelField, Kind: ProtoKind.Bytes })
            {
                continue;
            }

            if (!SeriesLabels.TryRead(fields.Content, out var name, out var value))
            {
                return false;
            }

            if (name.SequenceEqual("__name__"u8))
            {
                metric = value;
            }

            first = first < 0 ? begin : first;
            end = series.Length - fields.Left;
        }

        labels = first < 0 ? default : series[first..end];
        return !fields.IsBroken;
    }

    /// <summary>False: not a sample message. The same in 1.0 and 2.0.</summary>
    internal static bool TrySample(ReadOnlySpan<byte> sample, out long valueBits, out long milliseconds)
    {
        // As senders write it: the value unless it is 0, then the time.
        var rest = sample;
        valueBits = 0;
        if (rest.Length > sizeof(long) && rest[0] == ValueTag)
        {
            valueBits = BinaryPrimitives.ReadInt64LittleEndian(rest[1..]);
            rest = rest[(1 + sizeof(long))..];
        }

        if (!rest.IsEmpty && rest[0] == TimeTag)
        {
            rest = rest[1..];
            if (ProtoReader.TryVarint(ref rest, out var time) && rest.IsEmpty)
            {
                milliseconds = (long)time;
                return true;
            }
        }

        return TryAnySample(sample, out valueBits, out milliseconds);
    }

    private static bool TryAnySample(ReadOnlySpan<byte> sample, out long valueBits, out long milliseconds)
    {
        (valueBits, milliseconds) = (0, 0);
        var fields = new ProtoReader(sample);
        while (fields.Next())
        {
            switch (fields)
            {
                case { Field: 1, Kind: ProtoKind.Fixed64 }:
                    valueBits = (long)fields.Number;
                    break;
                case { Field: 2, Kind: ProtoKind.Varint }:
                    milliseconds = (long)fields.Number;
                    break;
            }
        }

        return !fields.IsBroken;
    }
}
