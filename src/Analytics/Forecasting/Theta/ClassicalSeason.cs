namespace Headroom.Analytics.Forecasting.Theta;

/// <summary>Seasonal factors by classical decomposition: the mean, place by place, of what a centered moving mean leaves.</summary>
/// <remarks>Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 3.4; R's `decompose`, and the test that `thetaf` makes before it.</remarks>
internal readonly record struct ClassicalSeason(double[] Factors, bool Multiplies)
{
    private const double Ninety = 1.6448536269514722;

    /// <summary>A smaller factor does not divide.</summary>
    private const double LeastFactor = 1e-4;

    /// <param name="values">Without gaps.</param>
    /// <param name="multiplies">Factors of the level; where one of them would be next to nothing, differences from the level all the same.</param>
    /// <returns>Null where the autocorrelation at the season says, at 90 %, that there is none.</returns>
    public static ClassicalSeason? Of(ReadOnlySpan<double> values, int season, bool multiplies)
    {
        if (season < 2 || values.Length <= 2 * season || !IsThere(values, season))
        {
            return null;
        }

        var factors = Means(values, season, multiplies);
        return multiplies && !Array.TrueForAll(factors, f => double.IsFinite(f) && f >= LeastFactor)
            ? new(Means(values, season, multiplies: false), Multiplies: false)
            : new(factors, multiplies);
    }

    /// <param name="first">The place of the first value, counted from the start of the history.</param>
    public void TakeOut(Span<double> values, int first = 0)
    {
        for (var t = 0; t < values.Length; t++)
        {
            var factor = Factors[(first + t) % Factors.Length];
            values[t] = Multiplies ? values[t] / factor : values[t] - factor;
        }
    }

    /// <inheritdoc cref="TakeOut"/>
    public void PutBack(Span<double> values, int first)
    {
        for (var t = 0; t < values.Length; t++)
        {
            var factor = Factors[(first + t) % Factors.Length];
            values[t] = Multiplies ? values[t] * factor : values[t] + factor;
        }
    }

    private static bool IsThere(ReadOnlySpan<double> values, int season)
    {
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += value / values.Length;
        }

        var off = new double[values.Length];
        for (var t = 0; t < off.Length; t++)
        {
            off[t] = values[t] - mean;
        }

        var variance = Regression.Dots.Of(off, off);
        var (squares, at) = (0.0, 0.0);
        for (var lag = 1; lag <= season; lag++)
        {
            squares += at * at;
            at = Regression.Dots.Of(off.AsSpan(lag), off.AsSpan(0, off.Length - lag)) / variance;
        }

        return Math.Abs(at) > Ninety * Math.Sqrt((1 + (2 * squares)) / values.Length);
    }

    private static double[] Means(ReadOnlySpan<double> values, int season, bool multiplies)
    {
        var level = new double[values.Length];
        SeasonalAutoregression.SeasonalProfile.Level(values, season, level);
        var (factors, counts) = (new double[season], new int[season]);
        for (var t = season / 2; t < values.Length - (season / 2); t++)
        {
            factors[t % season] += multiplies ? values[t] / level[t] : values[t] - level[t];
            counts[t % season]++;
        }

        var mean = 0.0;
        for (var place = 0; place < season; place++)
        {
            factors[place] /= counts[place];
            mean += factors[place] / season;
        }

        for (var place = 0; place < season; place++)
        {
            factors[place] = multiplies ? factors[place] / mean : factors[place] - mean;
        }

        return factors;
    }
}
