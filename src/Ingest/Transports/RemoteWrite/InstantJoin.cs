using Headroom.Domain.Centers;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>
/// Joins series into one row per device and instant, also where the metrics of one scrape come in several requests: readings of the last minutes stay at hand,
/// a later part is joined with the earlier ones, and the row is made again.
/// </summary>
/// <remarks>
/// A row made again says at least as much as before. Where its utilization differs (a better metric, a further slice), it is of a higher revision,
/// so that the store keeps the better one, in whatever order batches come. Not safe for two threads.
/// </remarks>
internal sealed class InstantJoin(CenterDefinition center, RemoteWriteOptions options)
{
    private const int MostReadings = 1 << 16;
    private const int MostDevices = 1 << 17;
    private const long KeptMicros = 2 * Micros.PerMinute;
    private const long LargestMilliseconds = 250_000_000_000_000;

    private readonly Dictionary<ExporterMapping, DeviceRows> _rows = [];
    private readonly Dictionary<string, JoinedDevice> _devices = new(StringComparer.Ordinal);
    private readonly Queue<(JoinedInstant Joined, long Arrived)> _oldest = new();
    private readonly Dictionary<(string Host, string Slot), string> _cardInSlot = [];
    private readonly List<JoinedInstant> _touched = [];
    private bool _hasLocalSlices;
    private long _line;

    /// <summary>True: a slice is named by its slot alone, and no series has told whose slot that is.</summary>
    public bool WantsCards(List<RemoteSample> samples)
    {
        _hasLocalSlices = _hasLocalSlices || samples.Exists(sample => sample.Series.IsLocalSlice);
        LearnSlots(samples);
        return _hasLocalSlices && samples.Exists(sample => sample.Series.IsLocalSlice && !_cardInSlot.ContainsKey((sample.Series.Device.Host!, sample.Series.Device.Slot!)));
    }

    /// <summary>Names the card of a slot as the store knows it.</summary>
    public void Learn(DeviceSighting card)
    {
        if (card is { Host: { } host, Slot: { } slot } && !card.Id.EndsWith("@" + host, StringComparison.Ordinal))
        {
            _cardInSlot.TryAdd((host, slot), card.Id);
        }
    }

    /// <summary>Takes the samples of one request and makes the rows they change.</summary>
    /// <returns>Batches by rising revision; the first may be empty, the others are not.</returns>
    public List<SampleBatch> Add(List<RemoteSample> samples, RejectCounts rejects)
    {
        var now = options.Clock.Now();
        var since = _line + 1;
        _hasLocalSlices = _hasLocalSlices || samples.Exists(sample => sample.Series.IsLocalSlice);
        LearnSlots(samples);
        foreach (var sample in samples)
        {
            _line++;
            Merge(sample, since, now, rejects);
        }

        var batches = new SortedList<int, SampleBatch> { [0] = new(Math.Max(16, _touched.Count)) };
        RowRejected rejected = (reason, found, column, id, instant, _) => Reject(rejects, reason, found, column, id, instant);
        foreach (var joined in _touched)
        {
            Row(joined, since, now, batches, rejects, rejected);
        }

        _touched.Clear();
        Forget(now);
        return [.. batches.Values];
    }

    // Where no series needs it, nothing is learned: most centers have no such slices.
    private void LearnSlots(List<RemoteSample> samples)
    {
        if (!_hasLocalSlices)
        {
            return;
        }

        foreach (var sample in samples)
        {
            if (sample.Series is { Mapping.Slices: not null, Device: { IsLocal: false, Host: { } host, Slot: { } slot, Id: { } id } })
            {
                _cardInSlot[(host, slot)] = id;
            }
        }
    }

    private void Merge(RemoteSample sample, long since, long now, RejectCounts rejects)
    {
        var series = sample.Series;
        if (Math.Abs((double)sample.Milliseconds) > LargestMilliseconds)
        {
            Reject(rejects, RejectReason.BadTime, DeviceRows.TextOf(sample.Milliseconds), "timestamp", series.Device.Id, instant: null);
            return;
        }

        var gauge = series.Mapping.Gauges[series.Gauge];
        if (sample.IsStale && gauge.Gauge != TelemetryMetrics.Utilization)
        {
            return;
        }

        var device = CardOf(series, out var labeled);
        var joined = device.Find(sample.Milliseconds) ?? At(series, labeled, device, sample.Milliseconds, now);
        if (joined.TouchedAt < since)
        {
            joined.TouchedAt = since;
            _touched.Add(joined);
        }

        if (sample.IsStale)
        {
            device.Expected.Ended(series.Gauge, labeled.Slice, sample.Milliseconds);
            return;
        }

        device.Expected.Saw(series.Gauge, labeled.Slice, sample.Milliseconds);
        var outcome = GaugeText.Check(sample.Value, gauge.Gauge, gauge.StepsPerUnit, out var value);
        joined.Reading.At(labeled, series.Gauge).Merge(new GaugeReading
        {
            Outcome = outcome,
            Value = value,
            Line = _line,
            Fault = outcome == GaugeOutcome.Good ? null : DeviceRows.TextOf(sample.Value),
        });
    }

    // Some series of a slice know the card only by its place on the host.
    private JoinedDevice CardOf(RemoteSeries series, out LabeledDevice labeled)
    {
        labeled = series.Device;
        if (series.Joined is { IsForgotten: false } known)
        {
            return known;
        }

        if (!series.IsLocalSlice)
        {
            return series.Joined = Of(series, series.Key);
        }

        if (_cardInSlot.TryGetValue((labeled.Host!, labeled.Slot!), out var card))
        {
            labeled = labeled with { Id = card, IsLocal = false };
            return Of(series, RemoteSeries.KeyOf(series.Mapping, card));
        }

        return Of(series, series.Key);
    }

    private JoinedDevice Of(RemoteSeries series, string key)
    {
        if (_devices.TryGetValue(key, out var device))
        {
            return device;
        }

        if (_devices.Count >= MostDevices)
        {
            foreach (var forgotten in _devices.Values)
            {
                forgotten.IsForgotten = true;
            }

            _devices.Clear();
        }

        _devices.Add(key, device = new(new(series.Mapping, center.PeriodMicros)));
        return device;
    }

    private JoinedInstant At(RemoteSeries series, LabeledDevice labeled, JoinedDevice device, long milliseconds, long now)
    {
        var joined = new JoinedInstant(series.Mapping, new(labeled, series.Mapping.Gauges.Length), device, milliseconds);
        device.Add(joined);
        _oldest.Enqueue((joined, now));
        return joined;
    }

    private void Row(JoinedInstant joined, long since, long now, SortedList<int, SampleBatch> batches, RejectCounts rejects, RowRejected rejected)
    {
        if (!_rows.TryGetValue(joined.Mapping, out var rows))
        {
            _rows.Add(joined.Mapping, rows = new(joined.Mapping));
        }

        var use = joined.Device.Expected.IsComplete(joined.Reading, joined.Milliseconds) ? rows.Use(joined.Reading) : default;
        if (use.Outcome == GaugeOutcome.Good)
        {
            joined.Corrections += joined.Use != TelemetryMetrics.Missing && joined.Use != use.Value ? 1 : 0;
            joined.Use = use.Value;
        }

        if (!batches.TryGetValue(joined.Corrections, out var batch))
        {
            batches.Add(joined.Corrections, batch = new(16) { Revision = joined.Corrections });
        }

        rows.Add(
            joined.Reading,
            use,
            joined.Milliseconds * Micros.PerMillisecond,
            joined.Milliseconds,
            since,
            now,
            batch,
            rejects,
            rejected);
    }

    private void Forget(long now)
    {
        while (_oldest.TryPeek(out var oldest) && (_oldest.Count > MostReadings || oldest.Arrived < now - KeptMicros))
        {
            var joined = _oldest.Dequeue().Joined;
            joined.Device.Forget(joined);
        }
    }

    private void Reject(RejectCounts rejects, RejectReason reason, string found, string? column, string? device, long? instant) =>
        rejects.Reject(new(options.Source, device, instant, column, found, reason));
}
