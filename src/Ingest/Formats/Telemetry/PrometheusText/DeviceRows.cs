using System.Globalization;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

/// <summary>Takes a row that was not accepted, or whose utilization was not.</summary>
/// <param name="line">As in <see cref="GaugeReading.Line"/>; 0: none.</param>
internal delegate void RowRejected(RejectReason reason, string found, string? column, string? device, long? instant, long line);

/// <summary>What the readings of a device at one instant come to: a row of a batch, a reject, or both. The same for a page and for remote write.</summary>
internal sealed class DeviceRows(ExporterMapping mapping)
{
    // Per metric the places of its gauges, the preferred first.
    private readonly int[][] _gauges =
    [
        .. TelemetryMetrics.All.Select(metric => Enumerable.Range(0, mapping.Gauges.Length).Where(gauge => mapping.Gauges[gauge].Gauge == metric).OrderBy(gauge => mapping.Gauges[gauge].Preference).ToArray()),
    ];

    /// <summary>The utilization of the whole card.</summary>
    public GaugeReading Use(DeviceReading reading) => Chosen(reading, TelemetryMetrics.Utilization, Weighed);

    /// <param name="use">As <see cref="Use"/> says, or absent where it is not yet known.</param>
    /// <param name="stamped">The instant as it was written.</param>
    /// <param name="since">Readings of earlier lines were counted before.</param>
    /// <param name="now">The clock of the receiver. Unit: microseconds since the Unix epoch.</param>
    public void Add(
        DeviceReading reading, GaugeReading use, long instant, double stamped, long since, long now, SampleBatch into, RejectCounts rejects, RowRejected reject)
    {
        if (instant < TimeText.Oldest || instant > now + Micros.PerHour)
        {
            reject(instant < TimeText.Oldest ? RejectReason.Ancient : RejectReason.Future, TextOf(stamped), "timestamp", reading.Device.Id, instant, use.Line);
            return;
        }

        if (reading.Device.Id is not { } id)
        {
            reject(RejectReason.NoDevice, reading.Device.Slot ?? "", string.Join(" | ", mapping.IdLabels), device: null, instant, use.Line);
            return;
        }

        var row = into.Add(into.Ordinal(new(id, reading.Device.Host, reading.Device.Slot, reading.Device.Model, Pool: null)), instant);
        foreach (var metric in TelemetryMetrics.All)
        {
            var chosen = metric == TelemetryMetrics.Utilization ? use : Chosen(reading, metric, metric == TelemetryMetrics.MemoryUsed ? Summed : Largest);
            if (chosen.Outcome == GaugeOutcome.Good)
            {
                into.Set(row, metric, chosen.Value);
            }
            else if (metric != TelemetryMetrics.Utilization && chosen.Outcome != GaugeOutcome.Absent && chosen.Line >= since)
            {
                rejects.LoseCell();
            }
        }

        if (use.Outcome is GaugeOutcome.Good or GaugeOutcome.Absent || use.Line < since)
        {
            rejects.Accept();
        }
        else
        {
            reject(GaugeText.ReasonOf(use.Outcome), use.Fault ?? "", TelemetryMetrics.Utilization.Name, id, instant, use.Line);
        }
    }

    /// <summary>A number as a page would write it, for a person to look at.</summary>
    public static string TextOf(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    // The preferred of the metrics that the device reports at all: a rejected value is not replaced by a lesser signal.
    private GaugeReading Chosen(DeviceReading reading, TelemetryMetric metric, Func<DeviceReading, int, GaugeReading> slices)
    {
        foreach (var gauge in _gauges[metric.Column])
        {
            if (reading.HasSlices && slices(reading, gauge) is { Outcome: not GaugeOutcome.Absent } found)
            {
                return found;
            }

            if (reading.Card[gauge].Outcome != GaugeOutcome.Absent)
            {
                return reading.Card[gauge];
            }
        }

        return default;
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
}
