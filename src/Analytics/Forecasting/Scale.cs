namespace Headroom.Analytics.Forecasting;

/// <summary>How a series was transformed and standardized, and how far a path may go.</summary>
/// <param name="Floor">What the logarithm is taken of at least, in the unit of the history.</param>
/// <param name="Deviation">0 where the history is constant.</param>
/// <param name="Lowest">One range below the smallest value of the history, in standardized units; for roots not below the root of zero.</param>
/// <param name="Highest">One range above the largest.</param>
internal readonly record struct Scale(Transform Transform, double Floor, double Center, double Deviation, double Lowest, double Highest)
{
    private const double FloorShare = 1e-3;

    /// <summary>Writes the history, gaps filled, as (transformed - center) / deviation to the front of <paramref name="z"/>. Series that go below zero are not transformed.</summary>
    public static Scale Standardize(ReadOnlySpan<double> history, Transform transform, int season, Span<double> z)
    {
        z = z[..history.Length];
        history.CopyTo(z);
        Gaps.Fill(z, season);

        var (low, high, mean) = (double.MaxValue, double.MinValue, 0.0);
        foreach (var value in z)
        {
            (low, high, mean) = (Math.Min(low, value), Math.Max(high, value), mean + (value / z.Length));
        }

        transform = low < 0 ? Transform.Identity : transform;
        var floor = FloorShare * mean;
        var (center, squares) = (0.0, 0.0);
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = Forth(z[i], transform, floor);
            center += z[i] / z.Length;
        }

        foreach (var value in z)
        {
            squares += (value - center) * (value - center) / z.Length;
        }

        var deviation = high > low ? Math.Sqrt(squares) : 0;
        if (deviation == 0)
        {
            return default;
        }

        for (var i = 0; i < z.Length; i++)
        {
            z[i] = (z[i] - center) / deviation;
        }

        // One range beyond what was seen, on the scale of the history itself: a root or a logarithm must not stretch it.
        var lowest = transform == Transform.Identity ? low - (high - low) : Math.Max(0, low - (high - low));
        return new(
            transform, floor, center, deviation, (Forth(lowest, transform, floor) - center) / deviation, (Forth(high + (high - low), transform, floor) - center) / deviation);
    }

    public void Undo(ReadOnlySpan<double> path, Span<double> mean)
    {
        for (var i = 0; i < mean.Length; i++)
        {
            var value = Center + (path[i] * Deviation);
            mean[i] = Transform switch
            {
                Transform.Root => Math.Max(0, value) * Math.Max(0, value),
                Transform.Log => Math.Exp(value),
                _ => value,
            };
        }
    }

    private static double Forth(double value, Transform transform, double floor) => transform switch
    {
        Transform.Root => Math.Sqrt(value),
        Transform.Log => Math.Log(Math.Max(value, floor)),
        _ => value,
    };
}
