using Headroom.Domain.Metrics;

namespace Headroom.Reports.Audits;

/// <summary>A share with what it could be at worst and best. Means of percentages are made here and nowhere else: they are what is published, and it is said that they are.</summary>
/// <param name="Value">Over known time; of several, over those of which anything is known.</param>
/// <param name="Coverage">0 to 1; of several, their mean.</param>
internal readonly record struct Spread(double Value, double Low, double High, double Coverage, bool IsEmpty)
{
    public static Spread Nothing { get; } = new(0, 0, 1, 0, IsEmpty: true);

    public static Spread Of(MetricValue value) => value.IsEmpty
        ? Nothing
        : new(value.Denominator > 0 && value.Coverage > 0 ? KnownOf(value) : 0, value.Low, value.High, value.Coverage, IsEmpty: false);

    /// <summary>The plain mean of those that are not empty.</summary>
    public static Spread Mean(IReadOnlyList<Spread> parts)
    {
        var (some, known) = (parts.Where(part => !part.IsEmpty).ToList(), parts.Where(part => !part.IsEmpty && part.Coverage > 0).ToList());
        return some.Count == 0
            ? Nothing
            : new(known.Count == 0 ? 0 : known.Average(part => part.Value), some.Average(part => part.Low), some.Average(part => part.High), some.Average(part => part.Coverage), IsEmpty: false);
    }

    /// <summary>The least of all, or the largest.</summary>
    public static Spread Extreme(IReadOnlyList<Spread> parts, bool least)
    {
        var some = parts.Where(part => !part.IsEmpty).ToList();
        if (some.Count == 0)
        {
            return Nothing;
        }

        double Pick(Func<Spread, double> of, IEnumerable<Spread> from) => least ? from.Min(of) : from.Max(of);
        var known = some.Where(part => part.Coverage > 0).ToList();
        return new(known.Count == 0 ? 0 : Pick(part => part.Value, known), Pick(part => part.Low, some), Pick(part => part.High, some), some.Average(part => part.Coverage), IsEmpty: false);
    }

    /// <summary>A quantile by nearest rank, of values and of bounds apart.</summary>
    public static Spread Rank(IReadOnlyList<Spread> parts, double share)
    {
        var some = parts.Where(part => !part.IsEmpty).ToList();
        if (some.Count == 0)
        {
            return Nothing;
        }

        double At(IEnumerable<double> values)
        {
            var ordered = values.Order().ToList();
            return ordered.Count == 0 ? 0 : ordered[(int)Math.Ceiling(share * ordered.Count) - 1];
        }

        return new(
            At(some.Where(part => part.Coverage > 0).Select(part => part.Value)), At(some.Select(part => part.Low)), At(some.Select(part => part.High)), some.Average(part => part.Coverage), IsEmpty: false);
    }

    // Also below half coverage: a mean is made of what is known, and says how much that is. U2 is U3 seen against more.
    private static double KnownOf(MetricValue value) => value.Low / value.Coverage;
}
