namespace Headroom.Analytics.Forecasting.Theta;

/// <summary>Seasonally adjusts a series and continues it with simple exponential smoothing plus half of its linear trend.</summary>
/// <remarks>
/// Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16 (2000); in the form of Hyndman and Billah, ibid. 19 (2003):
/// y[T+h] = l + b/2 (h - 1 + (1 - (1 - a)^T) / a), b the slope of the line through all values, put back by its season. As R's `thetaf`;
/// what may go below zero has its season added instead of multiplied.
/// </remarks>
public sealed class ThetaForecaster : IForecaster
{
    /// <summary>A trend over more than this is another story.</summary>
    private const int LookbackSteps = 2_000;

    public string Name => "theta";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(6, 2 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = spec.Seasons[0];
        var recent = history.Length > LookbackSteps && Gaps.CountKnown(history[^LookbackSteps..]) > 0 ? history[^LookbackSteps..] : history;
        var range = ValueRange.Of(recent);
        if (range.Width == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
            return;
        }

        var values = recent.ToArray();
        Gaps.Fill(values, season);
        var factors = ClassicalSeason.Of(values, season, spec.NonNegative);
        factors?.TakeOut(values);
        Extend(values, mean);
        factors?.PutBack(mean, first: values.Length);
        range.Clamp(mean);
    }

    private static void Extend(ReadOnlySpan<double> adjusted, Span<double> path)
    {
        var slope = Slope(adjusted);
        var (alpha, level) = SimpleSmoothing.Fit(adjusted);
        for (var h = 0; h < path.Length; h++)
        {
            path[h] = level + (slope / 2 * (h + ((1 - Math.Pow(1 - alpha, adjusted.Length)) / alpha)));
        }
    }

    private static double Slope(ReadOnlySpan<double> values)
    {
        var middle = (values.Length - 1) / 2.0;
        var (cross, square) = (0.0, 0.0);
        for (var t = 0; t < values.Length; t++)
        {
            cross += (t - middle) * values[t];
            square += (t - middle) * (t - middle);
        }

        return cross / square;
    }
}
