using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>Readings of meters over a window, cut at every begin and end: in each piece of time each meter has one reading that holds, or none.</summary>
internal sealed class PlainMeters
{
    private readonly Dictionary<(MeterScope Scope, string Meter), List<MeterFact>> _meters;
    private readonly long[] _edges;

    public PlainMeters(IEnumerable<MeterFact> readings, Window window)
    {
        var near = readings.Where(reading => reading.Valid.From < window.Until && reading.Valid.Until > window.From).ToList();
        _meters = near.GroupBy(reading => (reading.Scope, reading.Meter)).ToDictionary(group => group.Key, group => group.ToList());
        _edges = [.. near.SelectMany(reading => (long[])[reading.Valid.From, reading.Valid.Until]).Append(window.From).Append(window.Until).Where(edge => edge >= window.From && edge <= window.Until).Distinct().Order()];
        Readings = near;
    }

    public IReadOnlyList<MeterFact> Readings { get; }

    public int Count(MeterScope scope) => _meters.Keys.Count(meter => meter.Scope == scope);

    /// <summary>Energy of the meters of a scope in mJ, and the meter-time they speak of.</summary>
    /// <param name="onlyWhereAllSpeak">Only time that every meter of both scopes speaks of.</param>
    public (Int128 Millijoules, Int128 Known) Sum(MeterScope scope, bool onlyWhereAllSpeak)
    {
        Int128 energy = 0, known = 0;
        for (var i = 1; i < _edges.Length; i++)
        {
            var (from, until) = (_edges[i - 1], _edges[i]);
            var holding = _meters.ToDictionary(meter => meter.Key, meter => Holding(meter.Value, from));
            if (onlyWhereAllSpeak && holding.Values.Any(reading => reading is null))
            {
                continue;
            }

            foreach (var (_, reading) in holding.Where(pair => pair.Key.Scope == scope))
            {
                if (reading is not null)
                {
                    energy += Until(reading, until) - Until(reading, from);
                    known += until - from;
                }
            }
        }

        return (energy, known);
    }

    // Of readings that overlap the shorter one, then the later one.
    private static MeterFact? Holding(List<MeterFact> readings, long instant)
    {
        MeterFact? best = null;
        foreach (var reading in readings.Where(reading => reading.Valid.Contains(instant)))
        {
            var length = reading.Valid.Until - reading.Valid.From;
            if (best is null || length < best.Valid.Until - best.Valid.From || (length == best.Valid.Until - best.Valid.From && reading.Valid.From > best.Valid.From))
            {
                best = reading;
            }
        }

        return best;
    }

    // Spread evenly over the time of the reading.
    private static Int128 Until(MeterFact reading, long instant) => (Int128)reading.Millijoules * (instant - reading.Valid.From) / (reading.Valid.Until - reading.Valid.From);
}
