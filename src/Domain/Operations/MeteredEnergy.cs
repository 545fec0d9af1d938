using System.Collections.Immutable;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>What meters read over a window.</summary>
/// <param name="Facility">Null: no facility meter spoke of the window at all.</param>
/// <param name="It">Null: no IT meter did.</param>
/// <param name="Both">Facility over IT energy of the time that every meter of both kinds spoke of; null: there is none, so there is no PUE.</param>
public sealed record MeteredEnergy(MeterSum? Facility, MeterSum? It, (Int128 Facility, Int128 It)? Both)
{
    public double? Pue => Both is { } both && both.It > 0 ? (double)both.Facility / (double)both.It : null;

    /// <remarks>A reading is spread evenly over its time. Time of one meter counts once: where readings overlap, the shorter one holds, then the later one.</remarks>
    public static MeteredEnergy Of(IReadOnlyCollection<MeterFact> readings, Window window)
    {
        var meters = readings
            .GroupBy(reading => (reading.Scope, reading.Meter))
            .Select(group => (group.Key.Scope, Parts: Parts(group, window)))
            .Where(meter => meter.Parts.Count > 0)
            .ToLookup(meter => meter.Scope, meter => meter.Parts);
        var (facility, it) = (meters[MeterScope.Facility].ToList(), meters[MeterScope.It].ToList());
        return new(Sum(facility, window), Sum(it, window), facility.Count == 0 || it.Count == 0 ? null : OfCommonTime(facility, it));
    }

    private static (Int128 Facility, Int128 It)? OfCommonTime(List<List<MeterPart>> facility, List<List<MeterPart>> it)
    {
        ImmutableArray<Window> common = [Window.Always];
        foreach (var meter in facility.Concat(it))
        {
            common = Common(common, WindowSet.Union(meter.Select(part => part.Time)));
        }

        return common.IsEmpty
            ? null
            : (facility.Sum128(meter => meter.Sum128(part => Inside(part, common))), it.Sum128(meter => meter.Sum128(part => Inside(part, common))));
    }

    private static ImmutableArray<Window> Common(ImmutableArray<Window> left, ImmutableArray<Window> right) => WindowSet.Minus(left, WindowSet.Minus(left, right));

    private static Int128 Inside(MeterPart part, ImmutableArray<Window> set) => set.Where(window => window.Overlaps(part.Time)).Sum128(window => part.Within(window));

    private static MeterSum? Sum(List<List<MeterPart>> meters, Window window) => meters.Count == 0
        ? null
        : new(
            meters.Sum128(meter => meter.Sum128(part => part.Within(window))),
            meters.Sum128(meter => meter.Sum128(part => part.Time.Length.Value)),
            (Int128)window.Length.Value * meters.Count,
            meters.Count);

    private static List<MeterPart> Parts(IEnumerable<MeterFact> readings, Window window)
    {
        var (parts, taken) = (new List<MeterPart>(), ImmutableArray<Window>.Empty);
        foreach (var reading in readings.Where(reading => reading.Valid.Overlaps(window)).OrderBy(reading => reading.Valid.Length).ThenByDescending(reading => reading.Valid.From))
        {
            foreach (var free in WindowSet.Minus([reading.Valid.Within(window)], taken))
            {
                parts.Add(new(reading, free));
            }

            taken = WindowSet.Union(taken.Append(reading.Valid.Within(window)));
        }

        return parts;
    }

    private readonly record struct MeterPart(MeterFact Reading, Window Time)
    {
        // Differences of one rising function of time: additive over any split.
        public Int128 Within(Window window)
        {
            var inside = Time.Within(window);
            return inside.IsEmpty ? 0 : F(inside.Until) - F(inside.From);
        }

        private Int128 F(long instant) => (Int128)Reading.Millijoules * (instant - Reading.Valid.From) / Reading.Valid.Length.Value;
    }
}

/// <summary>Meters of one kind together.</summary>
/// <param name="Millijoules">Over known time.</param>
/// <param name="Known">Meter-microseconds that readings speak of.</param>
/// <param name="Expected">Meters x the window.</param>
public sealed record MeterSum(Int128 Millijoules, Int128 Known, Int128 Expected, int Meters)
{
    public double Coverage => (double)Known / (double)Expected;
}

internal static class Sums
{
    public static Int128 Sum128<T>(this IEnumerable<T> items, Func<T, Int128> value)
    {
        Int128 sum = 0;
        foreach (var item in items)
        {
            sum += value(item);
        }

        return sum;
    }
}
