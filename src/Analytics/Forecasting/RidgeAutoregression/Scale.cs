namespace Headroom.Analytics.Forecasting.RidgeAutoregression;

/// <summary>How a series was standardized, and how far a path may go.</summary>
/// <param name="Deviation">0 where the history is constant.</param>
/// <param name="Lowest">One range below the smallest value of the history, in standardized units; for roots not below the root of zero.</param>
/// <param name="Highest">One range above the largest.</param>
internal readonly record struct Scale(double Center, double Deviation, double Lowest, double Highest)
{
    /// <summary>Writes the history, gaps filled, as (root or itself - center) / deviation to the front of <paramref name="z"/>.</summary>
    public static Scale Standardize(ReadOnlySpan<double> history, bool root, int season, Span<double> z)
    {
        z = z[..history.Length];
        history.CopyTo(z);
        Gaps.Fill(z, season);

        var (low, high, center) = (double.MaxValue, double.MinValue, 0.0);
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = root ? Math.Sqrt(z[i]) : z[i];
            (low, high, center) = (Math.Min(low, z[i]), Math.Max(high, z[i]), center + (z[i] / z.Length));
        }

        var squares = 0.0;
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

        var lowest = root ? Math.Max(0, low - (high - low)) : low - (high - low);
        return new(center, deviation, (lowest - center) / deviation, (high + (high - low) - center) / deviation);
    }

    public void Undo(ReadOnlySpan<double> path, bool root, Span<double> mean)
    {
        for (var i = 0; i < mean.Length; i++)
        {
            var value = Center + (path[i] * Deviation);
            mean[i] = root ? Math.Max(0, value) * Math.Max(0, value) : value;
        }
    }
}
