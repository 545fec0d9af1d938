using Headroom.Analytics.Forecasting.Combining;

namespace Headroom.Analytics.Forecasting.SeasonalMedian;

/// <summary>The median of earlier values at the same place of the longest season that was seen at least twice; each season back weighs less.</summary>
/// <remarks>What <see cref="SeasonalMean.SeasonalMeanForecaster"/> is for the mean: holidays and outages among the earlier seasons do not move it. Weighted median: Edgeworth, Philosophical Magazine 24 (1887).</remarks>
public sealed class SeasonalMedianForecaster : IForecaster
{
    private const double KeptPerSeason = 0.85;
    private const int MostSeasons = 40;

    public string Name => "seasonal-median";

    public int NeedsAtLeast(ForecastSpec spec) => 2 * spec.Nested[0];

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = SeenTwice(spec.Nested.AsSpan(), history.Length);
        Span<double> values = stackalloc double[MostSeasons];
        Span<double> weights = stackalloc double[MostSeasons];
        for (var step = 0; step < mean.Length; step++)
        {
            mean[step] = step < season ? MedianAt(history, history.Length - season + step, season, values, weights) : mean[step - season];
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

    private static double MedianAt(ReadOnlySpan<double> history, int place, int season, Span<double> values, Span<double> weights)
    {
        var (count, weight) = (0, 1.0);
        for (; place >= 0 && count < MostSeasons; place -= season, weight *= KeptPerSeason)
        {
            if (double.IsFinite(history[place]))
            {
                (values[count], weights[count]) = (history[place], weight);
                count++;
            }
        }

        return count > 0 ? WeightedMedian.Of(values[..count], weights[..count]) : Gaps.LastKnown(history);
    }
}
