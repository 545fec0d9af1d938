namespace Headroom.Analytics.Forecasting;

/// <summary>Continues one series. Knows nothing of intervals, of other forecasters or of time: only steps.</summary>
/// <remarks>Pure and deterministic; one instance serves many threads.</remarks>
public interface IForecaster
{
    /// <summary>Lower case with hyphens; printed and stored, so it never changes.</summary>
    string Name { get; }

    /// <summary>The shortest history, in steps, that this forecaster makes sense of.</summary>
    int NeedsAtLeast(ForecastSpec spec);

    /// <summary>It tells a level and the seasons around it and goes on with nothing: what is left to say far ahead.</summary>
    bool TellsLevel => false;

    /// <summary>The longest history that it still fits, in steps; a ramp-up is over some time.</summary>
    int UsesAtMost(ForecastSpec spec) => int.MaxValue;

    /// <param name="history">Oldest first, any unit; NaN is a gap; at least one value is known; magnitudes whose squares a double can hold (<see cref="Forecasting.Forecast"/> sees to that).</param>
    /// <param name="spec">Seasons in steps of the series (24 for an hourly day).</param>
    /// <param name="mean">Filled with one finite value per step ahead, in the unit of <paramref name="history"/>.</param>
    void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean);

    /// <summary>The same from several origins at once: for forecasters that carry over what they learned. No path may depend on what lies behind its own origin.</summary>
    /// <param name="lengths">How much of the history each origin knows; rising, each with at least one known value.</param>
    /// <param name="means">One path after the other, each as long as the horizon of <paramref name="spec"/>.</param>
    void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
    {
        for (var origin = 0; origin < lengths.Length; origin++)
        {
            Forecast(history[..lengths[origin]], spec, means.Slice(origin * spec.Horizon, spec.Horizon));
        }
    }
}
