using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Centers;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;
using Headroom.Ingest.Transports.RemoteWrite;

namespace Headroom.Ingest.Transports.Backfill;

/// <summary><c>/api/v1/export</c> of VictoriaMetrics: a line of JSON for each series.</summary>
internal sealed class VictoriaExport(HttpClient http, CenterDefinition center) : IRawSource
{
    /// <summary>Unit: bytes of a line.</summary>
    private const int LongestSeries = 64 << 20;

    /// <summary>Taken at once, of all series.</summary>
    private const int MostSamples = 8 << 20;

    private const int BytesAtOnce = 64 * 1024;
    private const int LongestTold = 120;
    private const long StaleBits = 0x7ff0_0000_0000_0002;

    private static readonly Dictionary<string, (ExporterMapping Mapping, int Gauge)> Gauges = TelemetryFormats.Exporters
        .SelectMany(mapping => mapping.Gauges.Select((gauge, place) => (gauge.Metric, mapping, place)))
        .GroupBy(entry => entry.Metric, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => (group.First().mapping, group.First().place), StringComparer.Ordinal);

    public string FormatName => "victoriametrics-export";

    public async Task<bool> ReadAsync(Uri server, Window span, SpanReadings into, Action<string, string> malformed, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(AddressOf(server, span), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            throw new NotThisKindException();
        }

        response.EnsureSuccessStatusCode();
        var simulated = false;
        var number = 0;
        await foreach (var line in LinesAsync(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false))
        {
            // A page for people, with status 200.
            if (++number == 1 && (line.IsEmpty || line.FirstSpan[0] != '{'))
            {
                throw new NotThisKindException();
            }

            if (!line.IsEmpty && !TryAdd(line, into, ref simulated))
            {
                malformed(number.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(line.Slice(0, Math.Min(LongestTold, line.Length))));
            }

            if (into.Samples.Count > MostSamples)
            {
                throw new SpanTooLargeException();
            }
        }

        return simulated;
    }

    // Each holds until the next one. A line that never ends is not waited for.
    private static async IAsyncEnumerable<ReadOnlySequence<byte>> LinesAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(content, new(bufferSize: BytesAtOnce));
        for (var searched = 0L; ;)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            while (rest.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                yield return rest.Slice(0, end);
                (rest, searched) = (rest.Slice(rest.GetPosition(1, end)), 0);
            }

            if (read.IsCompleted)
            {
                yield return rest;
                yield break;
            }

            searched = rest.Length;
            if (searched > LongestSeries)
            {
                throw new SpanTooLargeException();
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static Uri AddressOf(Uri server, Window span)
    {
        var (from, last) = RawQuestion.Milliseconds(span);
        var names = Uri.EscapeDataString($"{{__name__=~\"{RawQuestion.Names}\"}}");
        return RawQuestion.At(server, string.Create(CultureInfo.InvariantCulture, $"/api/v1/export?match[]={names}&start={from / 1000.0:0.000}&end={last / 1000.0:0.000}&reduce_mem_usage=1"));
    }

    // False: not a series of an export.
    private bool TryAdd(ReadOnlySequence<byte> line, SpanReadings into, ref bool simulated)
    {
        var before = into.Samples.Count;
        try
        {
            using var document = JsonDocument.Parse(line);
            var series = document.RootElement;
            var labels = new JsonLabels(TextsOf(series.GetProperty("metric")), center);
            var (values, stamps) = (series.GetProperty("values"), series.GetProperty("timestamps"));
            if (values.GetArrayLength() != stamps.GetArrayLength())
            {
                return false;
            }

            var name = labels.Label("__name__"u8);
            simulated |= name == "headroom_simulated";
            if (name is not null && Gauges.TryGetValue(name, out var known))
            {
                var device = DeviceNaming.Of(known.Mapping, in labels, sourceHost: null);
                Add(new(known.Mapping, known.Gauge, device, RemoteSeries.KeyOf(known.Mapping, device.Id ?? "\0" + device.Host + device.Slot)), values, stamps, into);
            }

            return true;
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            into.Samples.RemoveRange(before, into.Samples.Count - before);
            return false;
        }
    }

    // A label that is there twice: the last one counts.
    private static Dictionary<string, string> TextsOf(JsonElement metric)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in metric.EnumerateObject())
        {
            labels[label.Name] = label.Value.GetString() ?? "";
        }

        return labels;
    }

    // An ordinary blank and the end of a series are both null here.
    private static void Add(RemoteSeries series, JsonElement values, JsonElement stamps, SpanReadings into)
    {
        using var stamp = stamps.EnumerateArray();
        foreach (var value in values.EnumerateArray())
        {
            stamp.MoveNext();
            into.Samples.Add(new(series, value.ValueKind == JsonValueKind.Null ? StaleBits : BitConverter.DoubleToInt64Bits(value.GetDouble()), stamp.Current.GetInt64()));
        }
    }

    private readonly struct JsonLabels(Dictionary<string, string> labels, CenterDefinition center) : ILabels
    {
        public string? Label(ReadOnlySpan<byte> name) =>
            labels.GetValueOrDefault(Encoding.UTF8.GetString(name)) is not { Length: > 0 } text ? null
            : name.SequenceEqual("instance"u8) ? TargetHosts.OfInstance(center, text) : text;
    }
}
