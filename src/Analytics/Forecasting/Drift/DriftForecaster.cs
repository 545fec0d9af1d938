namespace Headroom.Analytics.Forecasting.Drift;

/// <summary>The line from the first to the last known value, gone on: y[T] + h (y[T] - y[1]) / (T - 1).</summary>
/// <remarks>Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 5.2; R's `rwf(drift = TRUE)`.</remarks>
public sealed class DriftForecaster : IForecaster
{
    public string Name => "drift";

    public int NeedsAtLeast(ForecastSpec spec) => 6;

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var (first, last) = (0, history.Length - 1);
        while (last > 0 && !double.IsFinite(history[last]))
        {
            last--;
        }

        while (first < last && !double.IsFinite(history[first]))
        {
            first++;
        }

        var slope = last > first ? (history[last] - history[first]) / (last - first) : 0;
        var from = Gaps.LastKnown(history);
        for (var h = 0; h < mean.Length; h++)
        {
            mean[h] = from + (slope * (history.Length - last + h));
        }

        ValueRange.Of(history).Clamp(mean);
    }
}
