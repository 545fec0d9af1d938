using System.Runtime.InteropServices;
using Headroom.Domain.Accounting;
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
    private readonly List<Seen> _seen = [];

    /// <param name="gauge">One of utilization.</param>
    public void Saw(int gauge, string? slice, long milliseconds)
    {
        foreach (ref var seen in CollectionsMarshal.AsSpan(_seen))
        {
            if (seen.Gauge == gauge && seen.Slice == slice)
            {
                (seen.First, seen.Last) = (Math.Min(seen.First, milliseconds), Math.Max(seen.Last, milliseconds));
                return;
            }
        }

        _seen.Add(new() { Gauge = gauge, Slice = slice, First = milliseconds, Last = milliseconds });
    }

    /// <summary>A series ended. Another of the same metric and slice may go on: labels of pods come and go.</summary>
    public void Ended(int gauge, string? slice, long milliseconds) =>
        _seen.RemoveAll(seen => seen.Gauge == gauge && seen.Slice == slice && seen.Last < milliseconds);

    /// <summary>False: a metric that is preferred to what is here, or a further slice, is still to come for this instant.</summary>
    public bool IsComplete(DeviceReading reading, long milliseconds)
    {
        var all = CollectionsMarshal.AsSpan(_seen);
        var chosen = int.MaxValue;
        foreach (ref readonly var seen in all)
        {
            if (!IsAbsent(reading, seen.Gauge, seen.Slice))
            {
                chosen = Math.Min(chosen, mapping.Gauges[seen.Gauge].Preference);
            }
        }

        foreach (ref readonly var seen in all)
        {
            if (mapping.Gauges[seen.Gauge].Preference <= chosen && milliseconds >= seen.First && milliseconds <= seen.Last + _reach && IsAbsent(reading, seen.Gauge, seen.Slice))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAbsent(DeviceReading reading, int gauge, string? slice) =>
        slice is null ? reading.Card[gauge].Outcome == GaugeOutcome.Absent
        : !reading.Slices.TryGetValue(slice, out var part) || part.Gauges[gauge].Outcome == GaugeOutcome.Absent;

    private struct Seen
    {
        public int Gauge;
        public string? Slice;
        public long First;
        public long Last;
    }
}
