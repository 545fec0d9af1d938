namespace Headroom.Analytics.Forecasting.Theta;

/// <summary>Seasonally adjusts a series and continues it with simple exponential smoothing plus half of its linear trend.</summary>
/// <remarks>
/// Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16 (2000); in the form of Hyndman and Billah, ibid. 19 (2003).
/// Additive seasons, each shrunk by how far the season explains the detrended series, so that a season that is not there does no harm.
/// </remarks>
public sealed class ThetaForecaster : IForecaster
{
    private const int SmoothingSteps = 20;

    /// <summary>Older values have no weight left in the level.</summary>
    private const int SmoothedSteps = 400;

    public string Name => "theta";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(6, 2 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = spec.Seasons[0];
        var range = ValueRange.Of(history);
        var z = history.ToArray();
        Gaps.Fill(z, season);
        var scale = Scale.Of(z, spec.NonNegative ? Transform.Log : Transform.Identity);
        if (scale.Deviation == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
            return;
        }

        scale.Forth(z, z);
        var profile = SeasonalAutoregression.SeasonalProfile.TakeOut(z, season);
        Extend(z, mean, profile);
        scale.Back(mean, mean);
        range.Clamp(mean);
    }

    private static void Extend(ReadOnlySpan<double> adjusted, Span<double> path, ReadOnlySpan<double> profile)
    {
        var slope = Slope(adjusted);
        var (alpha, level) = BestSmoothing(adjusted[^Math.Min(adjusted.Length, SmoothedSteps)..]);
        var length = adjusted.Length;
        for (var h = 0; h < path.Length; h++)
        {
            var drift = slope / 2 * (h + ((1 - Math.Pow(1 - alpha, length)) / alpha));
            path[h] = level + drift + profile[(length + h) % profile.Length];
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

    /// <summary>The smoothing factor with the least squared one-step error, on a grid, and the level it ends at.</summary>
    private static (double Alpha, double Level) BestSmoothing(ReadOnlySpan<double> values)
    {
        var (bestAlpha, bestLevel, bestError) = (1.0, values[^1], double.MaxValue);
        for (var k = 1; k <= SmoothingSteps; k++)
        {
            var alpha = (double)k / SmoothingSteps;
            var (level, error) = (values[0], 0.0);
            foreach (var value in values[1..])
            {
                error += (value - level) * (value - level);
                level += alpha * (value - level);
            }

            if (error < bestError)
            {
                (bestAlpha, bestLevel, bestError) = (alpha, level, error);
            }
        }

        return (bestAlpha, bestLevel);
    }
}
