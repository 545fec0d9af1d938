using System.Collections.Immutable;
using System.Text;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

/// <summary>A page of an exporter: one instant per device. The unit of counting is the device; a broken line is a row of its own.</summary>
internal sealed class ExporterFormat : LineFormat
{
    private const int MostLabels = 96;
    private const int MostKnownBlocks = 1 << 15;
    private const double LastSecond = 1e11;
    private readonly ExporterMapping _mapping;
    private readonly KeyTable _metrics = new();
    private readonly List<int> _gaugeOfMetric = [];
    private readonly KeyTable _blocks = new();
    private readonly List<LabeledDevice> _deviceOfBlock = [];
    private readonly Dictionary<string, DeviceReading> _readings = new(StringComparer.Ordinal);
    private readonly List<DeviceReading> _order = [];
    private bool _timestampsInSeconds;

    public ExporterFormat(ExporterMapping mapping, TelemetrySource source)
        : base(source)
    {
        _mapping = mapping;
        _timestampsInSeconds = source.OpenMetrics;
        for (var gauge = 0; gauge < mapping.Gauges.Length; gauge++)
        {
            _metrics.Add(Encoding.UTF8.GetBytes(mapping.Gauges[gauge].Metric), default, default);
            _gaugeOfMetric.Add(gauge);
        }
    }

    public override string Name => _mapping.Name;

    protected override void Line(ReadOnlySpan<byte> line)
    {
        Span<LabelPlace> labels = stackalloc LabelPlace[MostLabels];
        var sample = new PrometheusLine(line, labels);
        switch (sample.Read())
        {
            case PrometheusLineKind.Broken:
                Reject(RejectReason.Malformed, line);
                break;
            case PrometheusLineKind.EndOfPage:
                _timestampsInSeconds = true;
                break;
            case PrometheusLineKind.Sample when _metrics.Find(sample.Name, default, default) is >= 0 and var metric:
                Keep(ref sample, _gaugeOfMetric[metric]);
                break;
        }
    }

    // The text format ends every line: what lacks the end may lack digits too.
    protected override void UnterminatedLine(ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \t"u8) is { IsEmpty: false } text)
        {
            if (text.SequenceEqual("# EOF"u8))
            {
                _timestampsInSeconds = true;
                return;
            }

            Reject(RejectReason.Malformed, line);
        }
    }

    protected override void SourceEnds()
    {
        JoinSlicesBySlot();
        foreach (var reading in _order)
        {
            Row(reading);
        }

        _readings.Clear();
        _order.Clear();
    }

    private void Keep(ref PrometheusLine sample, int gauge)
    {
        var device = DeviceOf(ref sample);
        var key = device.Id ?? "\0" + Encoding.UTF8.GetString(sample.LabelBlock);
        if (!_readings.TryGetValue(key, out var reading))
        {
            _readings.Add(key, reading = new(device, _mapping.Gauges.Length));
            _order.Add(reading);
        }

        var mapping = _mapping.Gauges[gauge];
        var outcome = GaugeText.Check(sample.Value, mapping.Gauge, mapping.StepsPerUnit, out var value);
        reading.At(device, gauge).Merge(new GaugeReading
        {
            Outcome = outcome,
            Value = value,
            Timestamp = sample.Timestamp,
            Line = LineNumber,
            Fault = outcome == GaugeOutcome.Good ? null : Encoding.UTF8.GetString(sample.ValueText),
        });
    }

    private LabeledDevice DeviceOf(ref PrometheusLine sample)
    {
        var known = _blocks.Find(sample.LabelBlock, default, default);
        if (known >= 0)
        {
            return _deviceOfBlock[known];
        }

        if (_blocks.Count >= MostKnownBlocks)
        {
            _blocks.Clear();
            _deviceOfBlock.Clear();
        }

        _blocks.Add(sample.LabelBlock, default, default);
        var host = First(ref sample, _mapping.HostLabels) ?? Source.Host;
        var model = First(ref sample, _mapping.ModelLabels) is { } named ? _mapping.ModelOf(named) : null;
        var id = First(ref sample, _mapping.IdLabels) is { } global ? _mapping.IdOf(global) : null;
        var isLocal = id is null;
        if (isLocal && host is not null && First(ref sample, _mapping.LocalIdLabels) is { } local)
        {
            id = $"{local}@{host}";
        }

        var slice = _mapping.Slices is { } slices ? sample.Label(Encoding.UTF8.GetBytes(slices.IdLabel)) : null;
        var share = slice is null ? null : sample.Label(Encoding.UTF8.GetBytes(_mapping.Slices!.ShareLabel)) is { } text ? _mapping.Slices.ShareOf(text, model) : null;
        var device = new LabeledDevice(id, isLocal, host, First(ref sample, _mapping.SlotLabels), model, slice, share);
        _deviceOfBlock.Add(device);
        return device;
    }

    // Some lines of a slice know the card only by its place on the host; its other lines on the page know the id.
    private void JoinSlicesBySlot()
    {
        foreach (var reading in _order.Where(reading => reading.Device is { IsLocal: true, Slot: not null } && reading.Slices.Count > 0).ToArray())
        {
            var card = _order.Find(other => !other.Device.IsLocal && other.Device.Slot == reading.Device.Slot && other.Device.Host == reading.Device.Host);
            if (card is null)
            {
                continue;
            }

            foreach (var (id, slice) in reading.Slices)
            {
                card.Slices.TryAdd(id, slice);
            }

            _order.Remove(reading);
        }
    }

    private void Row(DeviceReading reading)
    {
        var use = Chosen(reading, TelemetryMetrics.Utilization, Weighed);
        var stamped = use.Timestamp ?? AnyTimestamp(reading);
        if (Instant(stamped) is not { } instant)
        {
            if (stamped is null)
            {
                throw new UserException(UserMessage.Of(MessageCode.TimeMissing, Source.Place, Name));
            }

            Reject(RejectReason.BadTime, Encoding.UTF8.GetBytes(TextOf(stamped.Value)), "timestamp", reading.Device.Id, line: use.Line > 0 ? use.Line : null);
            return;
        }

        if (instant < TimeText.Oldest || instant > Source.Now + Micros.PerHour)
        {
            var reason = instant < TimeText.Oldest ? RejectReason.Ancient : RejectReason.Future;
            Reject(reason, Encoding.UTF8.GetBytes(TextOf(stamped ?? instant)), "timestamp", reading.Device.Id, instant, use.Line > 0 ? use.Line : null);
            return;
        }

        if (reading.Device.Id is not { } id)
        {
            Reject(RejectReason.NoDevice, Encoding.UTF8.GetBytes(reading.Device.Slot ?? ""), string.Join(" | ", _mapping.IdLabels), instant: instant, line: use.Line > 0 ? use.Line : null);
            return;
        }

        var row = Into.Add(Into.Ordinal(new(id, reading.Device.Host, reading.Device.Slot, reading.Device.Model, Pool: null)), instant);
        foreach (var metric in TelemetryMetrics.All)
        {
            var chosen = metric == TelemetryMetrics.Utilization ? use : Chosen(reading, metric, metric == TelemetryMetrics.MemoryUsed ? Summed : Largest);
            if (chosen.Outcome == GaugeOutcome.Good)
            {
                Into.Set(row, metric, chosen.Value);
            }
            else if (metric != TelemetryMetrics.Utilization && chosen.Outcome != GaugeOutcome.Absent)
            {
                Rejects.LoseCell();
            }
        }

        if (use.Outcome is GaugeOutcome.Good or GaugeOutcome.Absent)
        {
            Rejects.Accept();
        }
        else
        {
            Reject(GaugeText.ReasonOf(use.Outcome), Encoding.UTF8.GetBytes(use.Fault ?? ""), TelemetryMetrics.Utilization.Name, id, instant, use.Line > 0 ? use.Line : null);
        }
    }

    // The preferred of the metrics that the device reports at all: a rejected value is not replaced by a lesser signal.
    private GaugeReading Chosen(DeviceReading reading, TelemetryMetric metric, Func<DeviceReading, int, GaugeReading> slices)
    {
        var (best, preference) = (default(GaugeReading), int.MaxValue);
        for (var gauge = 0; gauge < _mapping.Gauges.Length; gauge++)
        {
            if (_mapping.Gauges[gauge].Gauge != metric || _mapping.Gauges[gauge].Preference >= preference)
            {
                continue;
            }

            var found = slices(reading, gauge);
            found = found.Outcome == GaugeOutcome.Absent ? reading.Card[gauge] : found;
            if (found.Outcome != GaugeOutcome.Absent)
            {
                (best, preference) = (found, _mapping.Gauges[gauge].Preference);
            }
        }

        return best;
    }

    // Sum of share x use: a slice that nobody made is idle, one whose value is rejected leaves the card unknown.
    private static GaugeReading Weighed(DeviceReading reading, int gauge)
    {
        var (result, sum) = (default(GaugeReading), 0L);
        foreach (var (share, gauges) in reading.Slices.Values)
        {
            var part = gauges[gauge];
            if (part.Outcome == GaugeOutcome.Absent)
            {
                continue;
            }

            if (share is null && part.Outcome == GaugeOutcome.Good)
            {
                part = part with { Outcome = GaugeOutcome.NotANumber, Fault = "share" };
            }

            if (result.Outcome is GaugeOutcome.Absent or GaugeOutcome.Good)
            {
                result = part;
            }

            sum += (long)(share ?? 0) * part.Value;
        }

        if (result.Outcome == GaugeOutcome.Good)
        {
            result.Value = (int)Math.Min((sum + (SliceMapping.Whole / 2)) / SliceMapping.Whole, TelemetryMetrics.Utilization.Max);
        }

        return result;
    }

    private static GaugeReading Summed(DeviceReading reading, int gauge)
    {
        var (result, sum) = (default(GaugeReading), 0L);
        foreach (var (_, gauges) in reading.Slices.Values)
        {
            result.Merge(gauges[gauge]);
            sum += gauges[gauge].Outcome == GaugeOutcome.Good ? gauges[gauge].Value : 0;
        }

        if (result.Outcome == GaugeOutcome.Good)
        {
            result.Value = (int)Math.Min(sum, int.MaxValue);
        }

        return result;
    }

    // Power and temperature of a slice are those of its card.
    private static GaugeReading Largest(DeviceReading reading, int gauge)
    {
        var result = default(GaugeReading);
        foreach (var (_, gauges) in reading.Slices.Values)
        {
            result.Merge(gauges[gauge]);
        }

        return result;
    }

    private static double? AnyTimestamp(DeviceReading reading) =>
        reading.Card.Concat(reading.Slices.Values.SelectMany(slice => slice.Gauges)).Max(gauge => gauge.Timestamp);

    private long? Instant(double? timestamp)
    {
        if (timestamp is not { } written)
        {
            return Source.At;
        }

        // A decimal point can only be seconds, and what would be seconds after the year 5138 only milliseconds, whatever the page calls itself.
        var isSeconds = (_timestampsInSeconds && Math.Abs(written) < LastSecond) || written != Math.Floor(written);
        var micros = written * (isSeconds ? Micros.PerSecond : Micros.PerMillisecond);
        return Math.Abs(micros) < 2.5e17 ? (long)Math.Round(micros) : null;
    }

    private static string? First(ref PrometheusLine sample, ImmutableArray<string> labels)
    {
        foreach (var label in labels)
        {
            if (sample.Label(Encoding.UTF8.GetBytes(label)) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    private static string TextOf(double number) => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
