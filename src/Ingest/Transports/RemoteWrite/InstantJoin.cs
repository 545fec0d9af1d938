using System.Runtime.InteropServices;
using Headroom.Domain.Centers;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>
/// Owner series into one row per device and instant, also where the metrics of one scrape come in several requests: readings of the last minutes stay at hand,
/// a later part is joined with the earlier ones, and the row is made again.
/// </summary>
/// <remarks>
/// A row made again says at least as much as before. Where its utilization differs (a better metric, a further slice), it is of a higher revision,
/// so that the store keeps the better one, in whatever order batches come. Not safe for two threads.
/// </remarks>
/// <param name="table">Made the series of the samples.</param>
internal sealed class InstantJoin(CenterDefinition center, RemoteWriteOptions options, SeriesTable table)
{
    /// <summary>A batch that grew beyond this is not kept for the next request. Unit: rows.</summary>
    private const int LargeBatch = 1 << 16;

    private const int MostReadings = 1 << 16;
    private const int MostDevices = 1 << 17;
    private const long KeptMicros = 2 * Micros.PerMinute;
    private const long LargestMilliseconds = 250_000_000_000_000;

    private readonly Dictionary<ExporterMapping, JoinedExporter> _exporters = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, JoinedDevice> _devices = new(StringComparer.Ordinal);
    private readonly Queue<(JoinedInstant Joined, long Arrived)> _oldest = new();
    private readonly Dictionary<(string Host, string Slot), string> _cardInSlot = [];
    private readonly List<JoinedInstant> _touched = [];
    private readonly SortedList<int, SampleBatch> _batches = [];
    private SampleBatch _plain = new();
    private long _line;

    /// <summary>True: a slice is named by its slot alone, and no series has told whose slot that is.</summary>
    public bool WantsCards(List<RemoteSample> samples)
    {
        LearnSlots(samples);
        return table.HasLocalSlices && samples.Exists(sample => sample.Series.IsLocalSlice && !_cardInSlot.ContainsKey((sample.Series.Device.Host!, sample.Series.Device.Slot!)));
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
    /// <returns>Batches by rising revision; the first may be empty, the others are not. They hold until the next call.</returns>
    public List<SampleBatch> Add(List<RemoteSample> samples, RejectCounts rejects)
    {
        var now = options.Clock.Now();
        var since = _line + 1;
        LearnSlots(samples);
        foreach (ref readonly var sample in CollectionsMarshal.AsSpan(samples))
        {
            _line++;
            Merge(in sample, since, now, rejects);
        }

        BeginBatches();
        RowRejected rejected = (reason, found, column, id, instant, _) => Reject(rejects, reason, found, column, id, instant);
        foreach (var joined in _touched)
        {
            Row(joined, since, now, rejects, rejected);
        }

        _touched.Clear();
        Forget(now);
        return [.. _batches.Values];
    }

    private void BeginBatches()
    {
        _plain = _plain.Count > LargeBatch ? new() : _plain;
        _plain.Reset();
        _batches.Clear();
        _batches.Add(0, _plain);
    }

    // Where no series needs it, nothing is learned: most centers have no such slices.
    private void LearnSlots(List<RemoteSample> samples)
    {
        if (!table.HasLocalSlices)
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

    private void Merge(in RemoteSample sample, long since, long now, RejectCounts rejects)
    {
        var series = sample.Series;
        if (sample.Milliseconds is < -LargestMilliseconds or > LargestMilliseconds)
        {
            Reject(rejects, RejectReason.BadTime, DeviceRows.TextOf(sample.Milliseconds), "timestamp", series.Device.Id, instant: null);
            return;
        }

        if (sample.IsStale && !series.IsUse)
        {
            return;
        }

        var device = CardOf(series, out var labeled);
        var joined = device.Find(sample.Milliseconds) ?? At(device, labeled, sample.Milliseconds, now);
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

        if (series.IsUse)
        {
            device.Expected.Saw(series.Gauge, labeled.Slice, sample.Milliseconds);
        }

        ref var reading = ref joined.At(labeled, series.Gauge);
        var outcome = GaugeText.Check(sample.Value, series.Mapped.Gauge, series.Mapped.StepsPerUnit, out var value);
        if (outcome == GaugeOutcome.Good)
        {
            reading.MergeGood(value, _line);
        }
        else
        {
            reading.Merge(new GaugeReading { Outcome = outcome, Value = value, Line = _line, Fault = DeviceRows.TextOf(sample.Value) });
        }
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

        if (!_exporters.TryGetValue(series.Mapping, out var exporter))
        {
            _exporters.Add(series.Mapping, exporter = new(series.Mapping));
        }

        _devices.Add(key, device = new(exporter, new(series.Mapping, center.PeriodMicros)));
        return device;
    }

    private JoinedInstant At(JoinedDevice device, LabeledDevice labeled, long milliseconds, long now)
    {
        var joined = device.Add(labeled, milliseconds);
        _oldest.Enqueue((joined, now));
        return joined;
    }

    private void Row(JoinedInstant joined, long since, long now, RejectCounts rejects, RowRejected rejected)
    {
        var rows = joined.Owner.Exporter.Rows;
        var use = joined.Owner.Expected.IsComplete(joined, joined.Milliseconds) ? rows.Use(joined) : default;
        if (use.Outcome == GaugeOutcome.Good)
        {
            joined.Corrections += joined.Use != TelemetryMetrics.Missing && joined.Use != use.Value ? 1 : 0;
            joined.Use = use.Value;
        }

        var batch = _plain;
        if (joined.Corrections > 0 && !_batches.TryGetValue(joined.Corrections, out batch))
        {
            _batches.Add(joined.Corrections, batch = new(16) { Revision = joined.Corrections });
        }

        rows.Add(
            joined,
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
            joined.Owner.Forget(joined);
        }
    }

    private void Reject(RejectCounts rejects, RejectReason reason, string found, string? column, string? device, long? instant) =>
        rejects.Reject(new(options.Source, device, instant, column, found, reason));
}
