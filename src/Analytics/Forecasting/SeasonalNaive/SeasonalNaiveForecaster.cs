namespace Headroom.Analytics.Forecasting.SeasonalNaive;

/// <summary>Repeats the last full season: mean y[T+h-m(k+1)], k = floor((h-1)/m), m the first season.</summary>
/// <remarks>Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 5.2.</remarks>
public sealed class SeasonalNaiveForecaster : IForecaster
{
    public string Name => "seasonal-naive";

    public int NeedsAtLeast(ForecastSpec spec) => spec.Seasons[0];

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = spec.Seasons[0];
        for (var step = 0; step < mean.Length; step++)
        {
            mean[step] = step < season ? LastKnown(history, history.Length - season + step, season) : mean[step - season];
        }
    }

    /// <summary>The value of this place in the season, from as many seasons back as it takes; else the last known value at all.</summary>
    private static double LastKnown(ReadOnlySpan<double> history, int place, int season)
    {
        for (; place >= 0; place -= season)
        {
            if (place < history.Length && double.IsFinite(history[place]))
            {
                return history[place];
            }
        }

        return Gaps.LastKnown(history);
    }
}
