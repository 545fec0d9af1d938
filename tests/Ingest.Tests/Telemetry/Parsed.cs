using System.Buffers;
using System.Globalization;
using System.Text;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Tests.Telemetry;

/// <summary>One source, parsed whole or in pieces.</summary>
internal sealed class Parsed
{
    public static readonly long Now = Instants.From(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));

    public static TelemetrySource Source { get; } = new("page", Now) { At = Now, Host = "node01" };

    public SampleBatch Batch { get; } = new();

    public RejectCounts Rejects { get; } = new();

    public static Parsed Of(string format, string text, TelemetrySource? source = null) => Of(format, Encoding.UTF8.GetBytes(text), source);

    public static Parsed Of(string format, byte[] bytes, TelemetrySource? source = null, params int[] cuts)
    {
        var parsed = new Parsed();
        var reader = TelemetryFormats.Create(format, source ?? Source)!;
        var (rest, begin) = (ReadOnlyMemory<byte>.Empty, 0);
        foreach (var end in cuts.Append(bytes.Length))
        {
            var page = Joined(rest, bytes.AsMemory(begin..end));
            rest = page.Slice(reader.Parse(page, end == bytes.Length, parsed.Batch, parsed.Rejects)).ToArray();
            begin = end;
        }

        Assert.IsTrue(rest.IsEmpty, "the last piece is consumed whole");
        return parsed;
    }

    /// <summary>Rows as text: device host slot model instant | utilization memory power temperature, in stored units.</summary>
    public string[] Rows()
    {
        var rows = new string[Batch.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            var device = Batch.Devices[Batch.Device[row]];
            var values = new List<string>();
            foreach (var metric in TelemetryMetrics.All)
            {
                var value = Batch.Values(metric)[row];
                values.Add(value == TelemetryMetrics.Missing ? "-" : value.ToString(CultureInfo.InvariantCulture));
            }

            rows[row] = $"{device.Id} {device.Host} {device.Slot} {device.Model}{device.Pool} {Instants.ToText(Batch.Instant[row])} | {string.Join(' ', values)}";
        }

        return rows;
    }

    public string[] RejectTexts() => [.. Rejects.Rows.Select(r => $"{r.Place} {r.Reason} {r.Column} {r.Found}")];

    private static ReadOnlySequence<byte> Joined(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        if (first.IsEmpty)
        {
            return new(second);
        }

        var head = new Segment(first, null);
        var tail = new Segment(second, head);
        return new(head, 0, tail, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.Memory.Length;
            }
        }
    }
}
