using System.Buffers;

namespace Headroom.Analytics.Forecasting.Theta;

/// <summary>Seasonally adjusts a series and continues it with simple exponential smoothing plus half of its linear trend.</summary>
/// <remarks>
/// Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16 (2000); in the form of Hyndman and Billah, ibid. 19 (2003).
/// Additive seasons, each shrunk by how far the season explains the detrended series, so that a season that is not there does no harm.
/// </remarks>
public sealed class ThetaForecaster : IForecaster
{
    private const int SmoothingSteps = 20;

    public string Name => "theta";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(6, 2 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = spec.Seasons[0];
        var rented = ArrayPool<double>.Shared.Rent((2 * history.Length) + mean.Length + (2 * season));
        var z = rented.AsSpan(0, history.Length + mean.Length);
        var level = rented.AsSpan(z.Length, history.Length);
        var profile = rented.AsSpan(z.Length + level.Length, season);
        var scratch = rented.AsSpan(z.Length + level.Length + season, season);
        var scale = Scale.Standardize(history, spec.NonNegative ? Transform.Log : Transform.Identity, season, z);
        if (scale.Deviation == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
        }
        else
        {
            var known = z[..history.Length];
            SeasonalAutoregression.SeasonalProfile.Level(known, season, level);
            SeasonalAutoregression.SeasonalProfile.Of(known, level, [season], profile, scratch);
            Shrink(known, level, profile);
            Adjust(known, profile);
            Extend(known, z[history.Length..], profile, scale);
            scale.Undo(z[history.Length..], mean);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Multiplies the profile by the share of the detrended variance it explains, adjusted for its number of places.</summary>
    private static void Shrink(ReadOnlySpan<double> z, ReadOnlySpan<double> level, Span<double> profile)
    {
        var (left, total) = (0.0, 0.0);
        for (var t = 0; t < z.Length; t++)
        {
            var detrended = z[t] - level[t];
            total += detrended * detrended;
            left += (detrended - profile[t % profile.Length]) * (detrended - profile[t % profile.Length]);
        }

        var free = Math.Max(1, z.Length - profile.Length);
        var share = total > 0 ? Math.Max(0, 1 - (left / free / (total / z.Length))) : 0;
        for (var place = 0; place < profile.Length; place++)
        {
            profile[place] *= share;
        }
    }

    private static void Adjust(Span<double> z, ReadOnlySpan<double> profile)
    {
        for (var t = 0; t < z.Length; t++)
        {
            z[t] -= profile[t % profile.Length];
        }
    }

    private static void Extend(ReadOnlySpan<double> adjusted, Span<double> path, ReadOnlySpan<double> profile, Scale scale)
    {
        var slope = Slope(adjusted);
        var (alpha, level) = BestSmoothing(adjusted);
        var length = adjusted.Length;
        for (var h = 0; h < path.Length; h++)
        {
            var drift = slope / 2 * (h + ((1 - Math.Pow(1 - alpha, length)) / alpha));
            path[h] = Math.Clamp(level + drift + profile[(length + h) % profile.Length], scale.Lowest, scale.Highest);
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
