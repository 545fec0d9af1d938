namespace Headroom.Analytics.Forecasting.SeasonalNaive;

/// <summary>Repeats the last full season: mean y[T+h-m(k+1)], k = floor((h-1)/m), m the season.</summary>
/// <remarks>Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 5.2.</remarks>
/// <param name="name">See <see cref="IForecaster.Name"/>.</param>
/// <param name="longest">Repeats the longest nested season (the week of hours) in place of the first; then it asks for two seasons that nest.</param>
public sealed class SeasonalNaiveForecaster(string name, bool longest) : IForecaster
{
    public const string Id = "seasonal-naive";

    public string Name => name;

    public int NeedsAtLeast(ForecastSpec spec) => !longest ? spec.Seasons[0] : spec.Nested.Length > 1 ? spec.Nested[^1] : int.MaxValue;

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = longest ? spec.Nested[^1] : spec.Seasons[0];
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
