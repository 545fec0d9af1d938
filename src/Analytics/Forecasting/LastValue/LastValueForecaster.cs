namespace Headroom.Analytics.Forecasting.LastValue;

/// <summary>Repeats the last known value: the best one can do with a random walk, and all one can do with one value.</summary>
public sealed class LastValueForecaster : IForecaster
{
    public const string Id = "last-value";

    public string Name => Id;

    public int NeedsAtLeast(ForecastSpec spec) => 1;

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => mean.Fill(Gaps.LastKnown(history));
}
