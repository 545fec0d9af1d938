using System.Globalization;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.Storage;

namespace Headroom.Ingest.Transports.Backfill;

/// <summary>Raw samples of the past from <c>/api/v1/export</c> of VictoriaMetrics, a span at a time. Never a range query: that resamples.</summary>
/// <remarks>A series comes whole, so all readings of a span are joined in memory before its rows are made: spans are to be short.</remarks>
public sealed class VictoriaExport(HttpClient http, IStore store, CenterDefinition center, TimeProvider clock)
{
    /// <summary>What the store and reports call the format.</summary>
    public const string FormatName = "victoriametrics-export";

    private const int LongestSeries = 64 << 20;

    private static readonly Dictionary<string, (ExporterMapping Mapping, int Gauge)> Gauges = TelemetryFormats.Exporters
        .SelectMany(mapping => mapping.Gauges.Select((gauge, place) => (gauge.Metric, mapping, place)))
        .GroupBy(entry => entry.Metric, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => (group.First().mapping, group.First().place), StringComparer.Ordinal);

    /// <summary>Asks for the samples of a span and makes them durable.</summary>
    /// <param name="server">Without a path, as <c>http://127.0.0.1:8428</c>.</param>
    /// <exception cref="UserException"><see cref="MessageCode.TargetDown"/>, or an answer that is no export.</exception>
    public async Task<IngestReport> TakeAsync(Uri server, Window span, CancellationToken cancellationToken)
    {
        var (readings, rejects, tally) = (new Readings(center), new RejectCounts(), new IngestTally());
        try
        {
            using var response = await http.GetAsync(AddressOf(server, span), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Down(server, string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}"));
            }

            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Encoding.UTF8);
            for (var number = 1; await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line; number++)
            {
                if (line.Length > 0 && (line.Length > LongestSeries || !readings.TryAdd(line)))
                {
                    rejects.Reject(new(string.Create(CultureInfo.InvariantCulture, $"{server.Authority}:{number}"), null, null, null, line[..Math.Min(120, line.Length)], RejectReason.Malformed));
                }
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            throw Down(server, problem.InnerException?.Message ?? problem.Message, problem);
        }

        var batch = readings.Batch(clock.Now(), server.Authority, rejects);
        if (rejects.Received > 0)
        {
            tally.Add(rejects, await store.AppendAsync(center.Id, batch, new(server.Authority, FormatName, Simulated: false, rejects), cancellationToken).ConfigureAwait(false));
        }

        return tally.Report();
    }

    // Both ends of an export are inside: the last millisecond belongs to the next span.
    private static Uri AddressOf(Uri server, Window span)
    {
        var names = Uri.EscapeDataString($"{{__name__=~\"{string.Join('|', Gauges.Keys.Order(StringComparer.Ordinal))}\"}}");
        var (from, until) = (span.From / Micros.PerMillisecond, (span.Until / Micros.PerMillisecond) - 1);
        return new(server, string.Create(CultureInfo.InvariantCulture, $"/api/v1/export?match[]={names}&start={from / 1000.0:0.000}&end={until / 1000.0:0.000}&reduce_mem_usage=1"));
    }

    private static UserException Down(Uri server, string reason, Exception? inner = null) => new(UserMessage.Of(MessageCode.TargetDown, server.Authority, server, reason), inner);

    /// <summary>The readings of a span by device and instant.</summary>
    private sealed class Readings(CenterDefinition center)
    {
        private readonly Dictionary<(string Key, long Milliseconds), (ExporterMapping Mapping, DeviceReading Reading)> _readings = [];
        private long _line;

        /// <summary>False: not a series of an export.</summary>
        public bool TryAdd(string line)
        {
            _line++;
            try
            {
                using var document = JsonDocument.Parse(line);
                var series = document.RootElement;
                var labels = new JsonLabels(series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString() ?? "", StringComparer.Ordinal), center);
                var (values, stamps) = (series.GetProperty("values"), series.GetProperty("timestamps"));
                if (values.GetArrayLength() != stamps.GetArrayLength())
                {
                    return false;
                }

                if (labels.Label("__name__"u8) is { } name && Gauges.TryGetValue(name, out var known))
                {
                    Add(known.Mapping, known.Gauge, DeviceNaming.Of(known.Mapping, in labels, sourceHost: null), values, stamps);
                }

                return true;
            }
            catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                return false;
            }
        }

        public SampleBatch Batch(long now, string place, RejectCounts rejects)
        {
            var batch = new SampleBatch(Math.Max(16, _readings.Count));
            var rows = new Dictionary<ExporterMapping, DeviceRows>();
            foreach (var ((_, milliseconds), (mapping, reading)) in _readings.OrderBy(pair => pair.Key.Milliseconds).ThenBy(pair => pair.Key.Key, StringComparer.Ordinal))
            {
                if (!rows.TryGetValue(mapping, out var of))
                {
                    rows.Add(mapping, of = new(mapping));
                }

                of.Add(reading, of.Use(reading), milliseconds * Micros.PerMillisecond, milliseconds, since: 0, now, batch, rejects, (reason, found, column, device, instant, _) => rejects.Reject(new(place, device, instant, column, found, reason)));
            }

            return batch;
        }

        private void Add(ExporterMapping mapping, int gauge, LabeledDevice device, JsonElement values, JsonElement stamps)
        {
            var of = mapping.Gauges[gauge];
            for (var i = 0; i < values.GetArrayLength(); i++)
            {
                // An ordinary blank and the end of a series are both null here.
                var isEnd = values[i].ValueKind == JsonValueKind.Null;
                var milliseconds = stamps[i].GetInt64();
                if ((isEnd && of.Gauge != TelemetryMetrics.Utilization) || Math.Abs((double)milliseconds) > 2.5e14)
                {
                    continue;
                }

                var key = (RemoteSeries.KeyOf(mapping, device.Id ?? "\0" + device.Host + device.Slot), milliseconds);
                if (!_readings.TryGetValue(key, out var reading))
                {
                    _readings.Add(key, reading = (mapping, new(device, mapping.Gauges.Length)));
                }

                if (!isEnd)
                {
                    var outcome = GaugeText.Check(values[i].GetDouble(), of.Gauge, of.StepsPerUnit, out var value);
                    reading.Reading.At(device, gauge).Merge(new GaugeReading { Outcome = outcome, Value = value, Line = _line, Fault = outcome == GaugeOutcome.Good ? null : values[i].GetRawText() });
                }
            }
        }
    }

    private readonly struct JsonLabels(Dictionary<string, string> labels, CenterDefinition center) : ILabels
    {
        public string? Label(ReadOnlySpan<byte> name) =>
            labels.GetValueOrDefault(Encoding.UTF8.GetString(name)) is not { Length: > 0 } text ? null
            : name.SequenceEqual("instance"u8) ? TargetHosts.OfInstance(center, text) : text;
    }
}
