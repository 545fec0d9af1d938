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
    private readonly Dictionary<string, ExpectedUse> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Device, long Milliseconds), Joined> _joined = [];
    private readonly Queue<((string Device, long Milliseconds) Key, long Arrived)> _oldest = new();
    private readonly Dictionary<(string Host, string Slot), string> _cardInSlot = [];
    private readonly List<Joined> _touched = [];
    private long _line;

    /// <summary>True: a slice is named by its slot alone, and no series has told whose slot that is.</summary>
    public bool WantsCards(List<RemoteSample> samples)
    {
        LearnSlots(samples);
        return samples.Exists(sample => sample.Series.Device is { IsLocal: true, Slice: not null, Slot: { } slot, Host: { } host } && !_cardInSlot.ContainsKey((host, slot)));
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

    private void LearnSlots(List<RemoteSample> samples)
    {
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

        var (device, key) = CardOf(series);
        var gauge = series.Mapping.Gauges[series.Gauge];
        if (sample.IsStale && gauge.Gauge != TelemetryMetrics.Utilization)
        {
            return;
        }

        var joined = At(series, device, key, sample.Milliseconds, now);
        if (joined.TouchedAt < since)
        {
            joined.TouchedAt = since;
            _touched.Add(joined);
        }

        if (sample.IsStale)
        {
            joined.Expected.Ended(series.Gauge, device.Slice, sample.Milliseconds);
            return;
        }

        joined.Expected.Saw(series.Gauge, device.Slice, sample.Milliseconds);
        var outcome = GaugeText.Check(sample.Value, gauge.Gauge, gauge.StepsPerUnit, out var value);
        joined.Reading.At(device, series.Gauge).Merge(new GaugeReading
        {
            Outcome = outcome,
            Value = value,
            Line = _line,
            Fault = outcome == GaugeOutcome.Good ? null : DeviceRows.TextOf(sample.Value),
        });
    }

    // Some series of a slice know the card only by its place on the host.
    private (LabeledDevice Device, string Key) CardOf(RemoteSeries series) =>
        series.Device is { IsLocal: true, Slice: not null, Slot: { } slot, Host: { } host } && _cardInSlot.TryGetValue((host, slot), out var card)
            ? (series.Device with { Id = card, IsLocal = false }, RemoteSeries.KeyOf(series.Mapping, card))
            : (series.Device, series.Key);

    private Joined At(RemoteSeries series, LabeledDevice device, string key, long milliseconds, long now)
    {
        if (_joined.TryGetValue((key, milliseconds), out var joined))
        {
            return joined;
        }

        if (!_expected.TryGetValue(key, out var expected))
        {
            if (_expected.Count >= MostDevices)
            {
                _expected.Clear();
            }

            _expected.Add(key, expected = new(series.Mapping, center.PeriodMicros));
        }

        _joined.Add((key, milliseconds), joined = new(series.Mapping, new(device, series.Mapping.Gauges.Length), expected, milliseconds));
        _oldest.Enqueue(((key, milliseconds), now));
        return joined;
    }

    private void Row(Joined joined, long since, long now, SortedList<int, SampleBatch> batches, RejectCounts rejects, RowRejected rejected)
    {
        if (!_rows.TryGetValue(joined.Mapping, out var rows))
        {
            _rows.Add(joined.Mapping, rows = new(joined.Mapping));
        }

        var use = joined.Expected.IsComplete(joined.Reading, joined.Milliseconds) ? rows.Use(joined.Reading) : default;
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
            _joined.Remove(_oldest.Dequeue().Key);
        }
    }

    private void Reject(RejectCounts rejects, RejectReason reason, string found, string? column, string? device, long? instant) =>
        rejects.Reject(new(options.Source, device, instant, column, found, reason));

    /// <summary>One device at one instant, as far as requests have told.</summary>
    private sealed class Joined(ExporterMapping mapping, DeviceReading reading, ExpectedUse expected, long milliseconds)
    {
        public ExporterMapping Mapping { get; } = mapping;

        public DeviceReading Reading { get; } = reading;

        public ExpectedUse Expected { get; } = expected;

        public long Milliseconds { get; } = milliseconds;

        /// <summary>The first line of the request that last brought a part.</summary>
        public long TouchedAt { get; set; }

        /// <summary>The utilization of the row as it was made last.</summary>
        public int Use { get; set; } = TelemetryMetrics.Missing;

        /// <summary>How often the utilization of the row became another one.</summary>
        public int Corrections { get; set; }
    }
}
