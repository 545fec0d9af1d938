using System.Text;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Telemetry;

/// <summary>One gauge of a row as it was found.</summary>
internal readonly record struct GaugeCell(TelemetryMetric Metric, GaugeOutcome Outcome, int Value, string Found)
{
    // What tools write where a card has no such gauge: no value, and no fault.
    private static readonly string[] Absent = ["", "N/A", "[N/A]", "NA", "-", "[Not Supported]", "Not Supported", "[Not Found]"];

    /// <param name="text">A number; what says that there is none; or a fault in words.</param>
    /// <param name="stepsPerUnit">Stored steps per unit of the text.</param>
    public static GaugeCell Of(TelemetryMetric metric, string text, double stepsPerUnit)
    {
        if (Absent.Contains(text))
        {
            return new(metric, GaugeOutcome.Absent, TelemetryMetrics.Missing, text);
        }

        // "[Unknown Error]", "[GPU is lost]": the card was asked and did not answer.
        if (text[0] == '[')
        {
            return new(metric, GaugeOutcome.Sentinel, TelemetryMetrics.Missing, text);
        }

        var isNumber = double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number);
        var value = TelemetryMetrics.Missing;
        var outcome = isNumber ? GaugeText.Check(number, metric, stepsPerUnit, out value) : GaugeOutcome.NotANumber;
        return new(metric, outcome, value, text);
    }
}

/// <summary>A format of lines whose rows carry a few gauges of one device, thousands and not millions of them.</summary>
internal abstract class GaugeRowFormat(TelemetrySource source) : LineFormat(source)
{
    private readonly long _latest = source.Now + Micros.PerHour;

    /// <summary>Takes a row: accepted, or rejected with its reason; in either case in the batch where device and time are known.</summary>
    /// <param name="id">Null: nothing to make an id of.</param>
    /// <param name="time">As it was written.</param>
    protected void Row(string? id, string? host, string? slot, string? model, string? pool, long instant, string time, ReadOnlySpan<GaugeCell> cells, long? line = null)
    {
        if (instant < TimeText.Oldest || instant > _latest)
        {
            Refuse(instant < TimeText.Oldest ? RejectReason.Ancient : RejectReason.Future, time, "timestamp", id, instant, line);
            return;
        }

        if (id is null)
        {
            Refuse(RejectReason.NoDevice, slot ?? "", "card", device: null, instant, line);
            return;
        }

        var row = Into.Add(Into.Ordinal(new(id, host, slot, model, pool)), instant);
        var fault = default(GaugeCell?);
        foreach (var cell in cells)
        {
            if (cell.Outcome == GaugeOutcome.Good)
            {
                Into.Set(row, cell.Metric, cell.Value);
            }
            else if (cell.Outcome != GaugeOutcome.Absent)
            {
                if (cell.Metric == TelemetryMetrics.Utilization)
                {
                    fault = cell;
                }
                else
                {
                    Rejects.LoseCell();
                }
            }
        }

        if (fault is { } wrong)
        {
            Refuse(GaugeText.ReasonOf(wrong.Outcome), wrong.Found, wrong.Metric.Name, id, instant, line);
        }
        else
        {
            Rejects.Accept();
        }
    }

    protected void Refuse(RejectReason reason, string found, string? column = null, string? device = null, long? instant = null, long? line = null) =>
        Reject(reason, Encoding.UTF8.GetBytes(found), column, device, instant, line);
}
