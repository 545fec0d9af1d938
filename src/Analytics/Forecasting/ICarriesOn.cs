namespace Headroom.Analytics.Forecasting;

/// <summary>A forecaster that is cheaper asked for past origins and for what is ahead in one go.</summary>
public interface ICarriesOn : IForecaster
{
    /// <summary>As <see cref="IForecaster.ForecastFrom"/>, and what <see cref="IForecaster.Forecast"/> says ahead of the whole history.</summary>
    /// <param name="ahead">As long as the horizon.</param>
    /// <returns>False where what the past origins learn cannot be carried on to the end; then nothing in the spans means anything.</returns>
    bool TryCarryOn(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means, Span<double> ahead);
}
