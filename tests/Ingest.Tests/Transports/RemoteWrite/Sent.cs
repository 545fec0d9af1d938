using System.Buffers.Binary;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.Storage;
using IronSnappy;

namespace Headroom.Ingest.Tests.Transports.RemoteWrite;

/// <summary>A series as a Prometheus would send it.</summary>
internal sealed record SentSeries((string Name, string Value)[] Labels, (double Value, long Milliseconds)[] Samples)
{
    public SentSeries(string name, (string Name, string Value)[] labels, double value, long milliseconds)
        : this([("__name__", name), .. labels], [(value, milliseconds)])
    {
    }
}

/// <summary>Makes bodies of remote write, and sends them to a receiver.</summary>
internal static class Sent
{
    public const string ContentType = "application/x-protobuf";

    public static double StaleMarker { get; } = BitConverter.Int64BitsToDouble(0x7ff0_0000_0000_0002);

    public static byte[] Body(params IEnumerable<SentSeries> series) => Snappy.Encode(Content(series));

    public static byte[] Content(params IEnumerable<SentSeries> series) => [.. series.SelectMany(one => Message(1, Series(one)))];

    public static Task<RemoteWriteAnswer> SendAsync(RemoteWriteReceiver receiver, byte[] body, CancellationToken cancellationToken, string center = "t") =>
        receiver.ReceiveAsync(new(center), ContentType, "snappy", "0.1.0", body.Length, new MemoryStream(body), simulated: false, cancellationToken);

    public static RemoteWriteReceiver Receiver(IStore store, CenterDefinition center, RemoteWriteOptions? options = null) =>
        new(store, (id, _) => Task.FromResult(id == center.Id ? center : null), options ?? new());

    /// <summary>The same in the schema of 2.0.</summary>
    public static byte[] SecondContent(IReadOnlyList<SentSeries> series)
    {
        var symbols = new List<string> { "" };
        byte[] Reference(string text)
        {
            var known = symbols.IndexOf(text);
            if (known < 0)
            {
                symbols.Add(text);
                known = symbols.Count - 1;
            }

            return Varint((ulong)known);
        }

        var parts = series.Select(one => Message(5,
        [
            .. Message(1, [.. one.Labels.SelectMany(label => (byte[])[.. Reference(label.Name), .. Reference(label.Value)])]),
            .. one.Samples.SelectMany(sample => Message(2, Sample(sample.Value, sample.Milliseconds))),
        ])).ToList();
        return [.. symbols.SelectMany(symbol => Message(4, Encoding.UTF8.GetBytes(symbol))), .. parts.SelectMany(part => part)];
    }

    /// <summary>The samples of a page as series, with what a scrape adds.</summary>
    /// <param name="milliseconds">Of lines without a time.</param>
    /// <param name="skipBroken">True: a line whose labels this simple reader cannot split is left out.</param>
    public static List<SentSeries> FromPage(byte[] page, long milliseconds, string instance, bool skipBroken = false)
    {
        var series = new List<SentSeries>();
        Span<LabelPlace> places = stackalloc LabelPlace[96];
        foreach (var line in Encoding.UTF8.GetString(page).Split('\n'))
        {
            var read = new PrometheusLine(Encoding.UTF8.GetBytes(line), places);
            if (read.Read() != PrometheusLineKind.Sample)
            {
                continue;
            }

            // Empty labels are no labels: a Prometheus does not send them.
            var labels = new List<(string, string)> { ("instance", instance), ("job", "cards") };
            foreach (var label in Encoding.UTF8.GetString(read.LabelBlock).Split("\",", StringSplitOptions.RemoveEmptyEntries))
            {
                var (name, value) = label.Split("=\"") is [var left, var right] ? (left, right.TrimEnd('"')) : skipBroken ? (label, "") : throw new FormatException(label);
                if (value.Length > 0)
                {
                    labels.Add((name, value));
                }
            }

            series.Add(new(Encoding.UTF8.GetString(read.Name), [.. labels.OrderBy(label => label.Item1, StringComparer.Ordinal)], read.Value, read.Timestamp is { } stamp ? (long)stamp : milliseconds));
        }

        return series;
    }

    public static byte[] Message(int field, byte[] content) => [(byte)((field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Series(SentSeries series) =>
    [
        .. series.Labels.SelectMany(label => Message(1, [.. Message(1, Encoding.UTF8.GetBytes(label.Name)), .. Message(2, Encoding.UTF8.GetBytes(label.Value))])),
        .. series.Samples.SelectMany(sample => Message(2, Sample(sample.Value, sample.Milliseconds))),
    ];

    // As proto3 does it: what is 0 is not written.
    private static byte[] Sample(double value, long milliseconds)
    {
        var bits = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bits, BitConverter.DoubleToInt64Bits(value));
        return [.. BitConverter.DoubleToInt64Bits(value) == 0 ? [] : (byte[])[(1 << 3) | 1, .. bits], .. milliseconds == 0 ? [] : (byte[])[2 << 3, .. Varint((ulong)milliseconds)]];
    }

    private static byte[] Varint(ulong number)
    {
        var bytes = new List<byte>();
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
        return [.. bytes];
    }
}
