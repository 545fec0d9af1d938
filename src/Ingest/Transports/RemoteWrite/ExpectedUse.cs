using Headroom.Domain.Accounting;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Which utilization metrics and slices a device reports these days: until all of them are in, a part of them is not the card's utilization.</summary>
/// <param name="periodMicros">Declared period of the center; null: not declared.</param>
internal sealed class ExpectedUse(ExporterMapping mapping, long? periodMicros)
{
    // Requests of one scrape come over several connections, each at its own pace.
    private const long LeastMilliseconds = 60_000;

    private readonly long _reach = Math.Max(LeastMilliseconds, UseSignal.MaxGap(periodMicros ?? UseSignal.DefaultPeriodMicros) / Micros.PerMillisecond);
    private readonly Dictionary<(int Gauge, string? Slice), (long First, long Last)> _seen = [];

    public void Saw(int gauge, string? slice, long milliseconds)
    {
        if (mapping.Gauges[gauge].Gauge == TelemetryMetrics.Utilization)
        {
            var (first, last) = _seen.GetValueOrDefault((gauge, slice), (milliseconds, milliseconds));
            _seen[(gauge, slice)] = (Math.Min(first, milliseconds), Math.Max(last, milliseconds));
        }
    }

    /// <summary>A series ended. Another of the same metric and slice may go on: labels of pods come and go.</summary>
    public void Ended(int gauge, string? slice, long milliseconds)
    {
        if (_seen.TryGetValue((gauge, slice), out var seen) && seen.Last < milliseconds)
        {
            _seen.Remove((gauge, slice));
        }
    }

    /// <summary>False: a metric that is preferred to what is here, or a further slice, is still to come for this instant.</summary>
    public bool IsComplete(DeviceReading reading, long milliseconds)
    {
        var chosen = int.MaxValue;
        foreach (var (gauge, slice) in _seen.Keys)
        {
            if (!IsAbsent(reading, gauge, slice))
            {
                chosen = Math.Min(chosen, mapping.Gauges[gauge].Preference);
            }
        }

        foreach (var ((gauge, slice), seen) in _seen)
        {
            if (mapping.Gauges[gauge].Preference <= chosen && milliseconds >= seen.First && milliseconds <= seen.Last + _reach && IsAbsent(reading, gauge, slice))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAbsent(DeviceReading reading, int gauge, string? slice) =>
        slice is null ? reading.Card[gauge].Outcome == GaugeOutcome.Absent
        : !reading.Slices.TryGetValue(slice, out var part) || part.Gauges[gauge].Outcome == GaugeOutcome.Absent;
}
