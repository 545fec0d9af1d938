using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;
using Headroom.Ingest.Transports.RemoteWrite;

namespace Headroom.Ingest.Transports.Backfill;

/// <summary>The raw samples of a span, series by series as a server keeps them, and the rows they join to: one for each device and instant.</summary>
internal sealed class SpanReadings
{
    private const double LargestMilliseconds = 2.5e14;

    private readonly List<RemoteSample> _samples = [];

    /// <summary>Samples of gauges of ours.</summary>
    public List<RemoteSample> Samples => _samples;

    /// <summary>Rows by instant, then device.</summary>
    public SampleBatch Batch(long now, string place, RejectCounts rejects)
    {
        var cardInSlot = CardsBySlot();
        var readings = new Dictionary<(string Key, long Milliseconds), (ExporterMapping Mapping, DeviceReading Reading)>();
        for (var line = 0; line < _samples.Count; line++)
        {
            Merge(_samples[line], line + 1, cardInSlot, readings);
        }

        var batch = new SampleBatch(Math.Max(16, readings.Count));
        var rows = new Dictionary<ExporterMapping, DeviceRows>();
        RowRejected rejected = (reason, found, column, device, instant, _) => rejects.Reject(new(place, device, instant, column, found, reason));
        foreach (var ((_, milliseconds), (mapping, reading)) in readings.OrderBy(pair => pair.Key.Milliseconds).ThenBy(pair => pair.Key.Key, StringComparer.Ordinal))
        {
            if (!rows.TryGetValue(mapping, out var of))
            {
                rows.Add(mapping, of = new(mapping));
            }

            of.Add(reading, of.Use(reading), milliseconds * Micros.PerMillisecond, milliseconds, since: 0, now, batch, rejects, rejected);
        }

        return batch;
    }

    private static void Merge(
        RemoteSample sample,
        long line,
        Dictionary<(string Host, string Slot), string> cardInSlot,
        Dictionary<(string Key, long Milliseconds), (ExporterMapping Mapping, DeviceReading Reading)> readings)
    {
        var (series, mapping) = (sample.Series, sample.Series.Mapping);
        var gauge = mapping.Gauges[series.Gauge];
        if ((sample.IsStale && gauge.Gauge != TelemetryMetrics.Utilization) || Math.Abs((double)sample.Milliseconds) > LargestMilliseconds)
        {
            return;
        }

        var (device, key) = series.Device is { IsLocal: true, Slice: not null, Slot: { } slot, Host: { } host } && cardInSlot.TryGetValue((host, slot), out var card)
            ? (series.Device with { Id = card, IsLocal = false }, RemoteSeries.KeyOf(mapping, card))
            : (series.Device, series.Key);
        if (!readings.TryGetValue((key, sample.Milliseconds), out var reading))
        {
            readings.Add((key, sample.Milliseconds), reading = (mapping, new(device, mapping.Gauges.Length)));
        }

        if (!sample.IsStale)
        {
            var outcome = GaugeText.Check(sample.Value, gauge.Gauge, gauge.StepsPerUnit, out var value);
            reading.Reading.At(device, series.Gauge).Merge(new GaugeReading { Outcome = outcome, Value = value, Line = line, Fault = outcome == GaugeOutcome.Good ? null : DeviceRows.TextOf(sample.Value) });
        }
    }

    // Some series of a slice know the card only by its place on the host.
    private Dictionary<(string Host, string Slot), string> CardsBySlot()
    {
        var cards = new Dictionary<(string, string), string>();
        foreach (var sample in _samples)
        {
            if (sample.Series is { Mapping.Slices: not null, Device: { IsLocal: false, Host: { } host, Slot: { } slot, Id: { } id } })
            {
                cards[(host, slot)] = id;
            }
        }

        return cards;
    }
}
