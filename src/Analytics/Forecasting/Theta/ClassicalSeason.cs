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
        for (var (t, place) = (0, first % Factors.Length); t < values.Length; t++, place = place + 1 == Factors.Length ? 0 : place + 1)
        {
            values[t] = Multiplies ? values[t] / Factors[place] : values[t] - Factors[place];
        }
    }

    /// <inheritdoc cref="TakeOut"/>
    public void PutBack(Span<double> values, int first)
    {
        for (var (t, place) = (0, first % Factors.Length); t < values.Length; t++, place = place + 1 == Factors.Length ? 0 : place + 1)
        {
            values[t] = Multiplies ? values[t] * Factors[place] : values[t] + Factors[place];
        }
    }

    private static bool IsThere(ReadOnlySpan<double> values, int season)
    {
        var mean = Sums.Of(values) / values.Length;
        using var scratch = new Scratch(values.Length);
        var off = scratch.Take(values.Length);
        for (var t = 0; t < off.Length; t++)
        {
            off[t] = values[t] - mean;
        }

        var variance = Regression.Dots.Of(off, off);
        var (squares, at) = (0.0, 0.0);
        for (var lag = 1; lag <= season; lag++)
        {
            squares += at * at;
            at = Regression.Dots.Of(off[lag..], off[..^lag]) / variance;
        }

        return Math.Abs(at) > Ninety * Math.Sqrt((1 + (2 * squares)) / values.Length);
    }

    private static double[] Means(ReadOnlySpan<double> values, int season, bool multiplies)
    {
        using var scratch = new Scratch(values.Length);
        var level = scratch.Take(values.Length);
        SeasonalAutoregression.SeasonalProfile.Level(values, season, level);
        var (factors, counts) = (new double[season], new int[season]);
        for (var (t, place) = (season / 2, season / 2); t < values.Length - (season / 2); t++, place = place + 1 == season ? 0 : place + 1)
        {
            factors[place] += multiplies ? values[t] / level[t] : values[t] - level[t];
            counts[place]++;
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
