namespace Headroom.Domain.Metrics;

/// <summary>A number as it may be printed: which metric, how much of the time was known, and what it could be at worst and best.</summary>
/// <param name="Point">Over known time only; null where coverage is below one half (only the bounds are printed).</param>
/// <param name="Coverage">Known time over time that should be known, 0 to 1.</param>
/// <param name="Numerator">The sum above the line, in the weight of the scope (MFLOPS-microseconds, or device-microseconds).</param>
/// <param name="Denominator">The sum below the line, same weight: known time for the point.</param>
public sealed record MetricValue(MetricId Id, double? Point, double Coverage, double Low, double High, Int128 Numerator, Int128 Denominator)
{
    /// <summary>Below this coverage a number is marked.</summary>
    public const double MarkedBelow = 0.95;

    /// <summary>Below this coverage only the bounds are printed.</summary>
    public const double BoundsOnlyBelow = 0.5;

    /// <summary>No time at all that should be known: nothing is installed, or nothing allocated to look inside of.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Marked as incomplete when printed.</summary>
    public bool IsMarked => !IsEmpty && Coverage < MarkedBelow;

    /// <summary>Divides once, from sums.</summary>
    /// <exception cref="ArgumentException">More busy than known, or more known than expected: an account that does not add up.</exception>
    public static MetricValue Ratio(MetricId id, Int128 busy, Int128 known, Int128 expected)
    {
        if (busy < 0 || busy > known || known > expected)
        {
            throw new ArgumentException($"{id}: busy {busy} <= known {known} <= expected {expected} does not hold.", nameof(busy));
        }

        if (expected == 0)
        {
            return new(id, Point: null, Coverage: 0, Low: 0, High: 1, 0, 0) { IsEmpty = true };
        }

        var coverage = (double)known / (double)expected;
        return new(
            id,
            Point: coverage >= BoundsOnlyBelow && known > 0 ? (double)busy / (double)known : null,
            coverage,
            Low: (double)busy / (double)expected,
            High: (double)(busy + expected - known) / (double)expected,
            Numerator: busy,
            Denominator: known);
    }

    /// <summary>The same number seen against a larger whole: U2 from U3 by the availability.</summary>
    public MetricValue Scaled(MetricId id, Int128 part, Int128 whole)
    {
        if (whole == 0)
        {
            return new(id, null, 0, 0, 1, 0, 0) { IsEmpty = true };
        }

        var factor = (double)part / (double)whole;
        return this with { Id = id, Point = Point * factor, Low = Low * factor, High = IsEmpty ? 0 : High * factor };
    }
}
