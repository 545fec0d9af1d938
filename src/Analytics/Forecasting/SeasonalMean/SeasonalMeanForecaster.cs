namespace Headroom.Analytics.Forecasting.SeasonalMean;

/// <summary>The mean of earlier values at the same place of the longest season that was seen at least twice; each season back weighs less.</summary>
/// <remarks>Steady where the last season alone is noise; exponential smoothing per place with factor 0.3 (Brown, 1959).</remarks>
public sealed class SeasonalMeanForecaster : IForecaster
{
    private const double KeptPerSeason = 0.7;

    public string Name => "seasonal-mean";

    public int NeedsAtLeast(ForecastSpec spec) => 2 * spec.Nested[0];

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = SeenTwice(spec.Nested.AsSpan(), history.Length);
        for (var step = 0; step < mean.Length; step++)
        {
            mean[step] = step < season ? MeanAt(history, history.Length - season + step, season) : mean[step - season];
        }
    }

    private static int SeenTwice(ReadOnlySpan<int> seasons, int length)
    {
        var longest = seasons[0];
        foreach (var season in seasons)
        {
            longest = 2 * season <= length ? season : longest;
        }

        return longest;
    }

    private static double MeanAt(ReadOnlySpan<double> history, int place, int season)
    {
        var (sum, total, weight) = (0.0, 0.0, 1.0);
        for (; place >= 0; place -= season, weight *= KeptPerSeason)
        {
            if (double.IsFinite(history[place]))
            {
                (sum, total) = (sum + (weight * history[place]), total + weight);
            }
        }

        return total > 0 ? sum / total : Gaps.LastKnown(history);
    }
}
