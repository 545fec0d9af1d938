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
    private readonly DeviceRows _rows;
    private readonly RowRejected _rejected;
    private readonly KeyTable _metrics = new();
    private readonly List<int> _gaugeOfMetric = [];
    private readonly KeyTable _blocks = new();
    private readonly List<LabeledDevice> _deviceOfBlock = [];
    private readonly Dictionary<string, DeviceReading> _readings = new(StringComparer.Ordinal);
    private readonly List<DeviceReading> _order = [];
    private readonly Dictionary<string, string> _serials = new(StringComparer.Ordinal);
    private bool _timestampsInSeconds;

    public ExporterFormat(ExporterMapping mapping, TelemetrySource source)
        : base(source)
    {
        (_mapping, _rows, _rejected) = (mapping, new(mapping), Reject);
        _timestampsInSeconds = source.OpenMetrics;
        for (var gauge = 0; gauge < mapping.Gauges.Length; gauge++)
        {
            _metrics.Add(Encoding.UTF8.GetBytes(mapping.Gauges[gauge].Metric), default, default);
            _gaugeOfMetric.Add(gauge);
        }

        if (mapping.Serial is { } serial)
        {
            _metrics.Add(Encoding.UTF8.GetBytes(serial.Metric), default, default);
            _gaugeOfMetric.Add(mapping.Gauges.Length);
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
                if (_gaugeOfMetric[metric] < _mapping.Gauges.Length)
                {
                    Keep(ref sample, _gaugeOfMetric[metric]);
                }
                else
                {
                    KeepSerial(ref sample);
                }

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
        NameBySerial();
        JoinSlicesBySlot();
        foreach (var reading in _order)
        {
            Row(reading);
        }

        _readings.Clear();
        _order.Clear();
        _serials.Clear();
    }

    private void KeepSerial(ref PrometheusLine sample)
    {
        if (DeviceOf(ref sample) is { IsLocal: true, Id: { } place } && sample.Label(Encoding.UTF8.GetBytes(_mapping.Serial!.Label)) is { } serial)
        {
            _serials[place] = serial;
        }
    }

    // A card is its own id, else its serial number, else its place.
    private void NameBySerial()
    {
        foreach (var reading in _order.Where(reading => reading.Device is { IsLocal: true, Id: not null } && _serials.ContainsKey(reading.Device.Id)))
        {
            reading.Device = reading.Device with { Id = _serials[reading.Device.Id!], IsLocal = false };
        }
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
        var place = _blocks.Find(sample.LabelBlock, default, default);
        if (place >= 0)
        {
            return _deviceOfBlock[place];
        }

        if (_blocks.Count >= MostKnownBlocks)
        {
            _blocks.Clear();
            _deviceOfBlock.Clear();
        }

        _blocks.Add(sample.LabelBlock, default, default);
        var device = DeviceNaming.Of(_mapping, in sample, Source.Host);
        _deviceOfBlock.Add(device);
        return device;
    }

    // Some lines of a slice know the card only by its place on the host; its other lines on the page know the id.
    private void JoinSlicesBySlot()
    {
        foreach (var reading in _order.Where(reading => reading.Device is { IsLocal: true, Slot: not null } && reading.HasSlices).ToArray())
        {
            var card = _order.Find(other => !other.Device.IsLocal && other.Device.Slot == reading.Device.Slot && other.Device.Host == reading.Device.Host);
            if (card is null)
            {
                continue;
            }

            card.Join(reading);
            _order.Remove(reading);
        }
    }

    private void Row(DeviceReading reading)
    {
        var use = _rows.Use(reading);
        var stamped = use.Timestamp ?? AnyTimestamp(reading);
        if (Instant(stamped) is not { } instant)
        {
            if (stamped is null)
            {
                throw new UserException(UserMessage.Of(MessageCode.TimeMissing, Source.Place, Name));
            }

            Reject(RejectReason.BadTime, DeviceRows.TextOf(stamped.Value), "timestamp", reading.Device.Id, instant: null, use.Line);
            return;
        }

        _rows.Add(reading, use, instant, stamped ?? instant, since: 0, Source.Now, Into, Rejects, _rejected);
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

    private void Reject(RejectReason reason, string found, string? column, string? device, long? instant, long line) =>
        Reject(reason, Encoding.UTF8.GetBytes(found), column, device, instant, line > 0 ? line : null);
}
