using Headroom.Analytics.Forecasting;

namespace Headroom.Analytics.Saturation;

/// <summary>Least squares of a straight line, plus the mean deviation from it at each place of the first season.</summary>
/// <remarks>Not of the catalog: those stay near the range that was seen. Demand by the day that grows over months leaves it.</remarks>
internal sealed class LinearTrendForecaster : IForecaster
{
    public string Name => "linear-trend";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(8, 2 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var (level, slope) = Line(history);
        var season = spec.Seasons[0];
        Span<double> sums = stackalloc double[season];
        Span<int> counts = stackalloc int[season];
        for (var t = 0; t < history.Length; t++)
        {
            if (double.IsFinite(history[t]))
            {
                sums[t % season] += history[t] - level - (slope * t);
                counts[t % season]++;
            }
        }

        for (var step = 0; step < mean.Length; step++)
        {
            var t = history.Length + step;
            var place = t % season;
            mean[step] = level + (slope * t) + (counts[place] > 0 ? sums[place] / counts[place] : 0);
        }
    }

    private static (double Level, double Slope) Line(ReadOnlySpan<double> history)
    {
        var (count, sumT, sumY) = (0, 0.0, 0.0);
        for (var t = 0; t < history.Length; t++)
        {
            if (double.IsFinite(history[t]))
            {
                (count, sumT, sumY) = (count + 1, sumT + t, sumY + history[t]);
            }
        }

        var (meanT, meanY, covariance, variance) = (sumT / count, sumY / count, 0.0, 0.0);
        for (var t = 0; t < history.Length; t++)
        {
            if (double.IsFinite(history[t]))
            {
                covariance += (t - meanT) * (history[t] - meanY);
                variance += (t - meanT) * (t - meanT);
            }
        }

        var slope = variance > 0 ? covariance / variance : 0;
        return (meanY - (slope * meanT), slope);
    }
}
