using System.Runtime.Intrinsics;
using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Forecasting.SteadyLevel;

/// <summary>A smoothed level with the seasons around it; how slow the level is and how far it returns to the mean of all is what foretold whole horizons of the past best.</summary>
/// <remarks>
/// y[T+h] = m + r (l - m) + s, l by exponential smoothing (Brown, 1959), m the mean so far. Smoothing that is fitted to one step ahead follows noise when many steps are asked for:
/// here the error that counts is that of the mean over the horizon. Direct multi-step estimation: Cox, Journal of the Royal Statistical Society B 23 (1961).
/// </remarks>
public sealed class SteadyLevelForecaster : IForecaster
{
    private const int LeastSteps = 12;
    private const int TargetsPerHorizon = 4;

    /// <summary>Of the level. Unit: first seasons, or eight steps where there is none.</summary>
    private static readonly double[] HalfLives = [0.25, 0.5, 1, 2, 4, 8, 16, 32];

    private static readonly double[] Returns = [1, 0.75, 0.5, 0.25];

    public string Name => "steady-level";

    public bool TellsLevel => true;

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(LeastSteps, 3 * spec.Nested[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) =>
        LevelWithSeasons.Forecast(history, spec, mean, (values, season) => SeasonalProfile.TakeOut(values, season), (values, horizon) => Level(values, horizon, spec.Nested[0] == 1 ? 8 : spec.Nested[0]));

    private static double Level(ReadOnlySpan<double> values, int horizon, int round)
    {
        var ahead = Math.Min(horizon, Math.Max(1, values.Length / 4));
        var sums = new double[values.Length + 1];
        for (var t = 0; t < values.Length; t++)
        {
            sums[t + 1] = sums[t] + values[t];
        }

        var (best, least) = (0.0, double.PositiveInfinity);
        Span<double> errors = stackalloc double[Returns.Length * Vector256<double>.Count];
        for (var first = 0; first < HalfLives.Length; first += Vector256<double>.Count)
        {
            var level = Smoothed(values, sums, ahead, round, HalfLives.AsSpan(first), errors);
            for (var lane = 0; lane < Vector256<double>.Count; lane++)
            {
                for (var i = 0; i < Returns.Length; i++)
                {
                    var error = errors[(i * Vector256<double>.Count) + lane];
                    if (error < least)
                    {
                        var all = sums[^1] / values.Length;
                        (best, least) = (all + (Returns[i] * (level[lane] - all)), error);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>The levels after the last value for as many half-lives as a vector has lanes.</summary>
    /// <param name="sums">Of the values before each place.</param>
    /// <param name="errors">How far the means ahead of past places were off, by return and half-life.</param>
    private static Vector256<double> Smoothed(ReadOnlySpan<double> values, ReadOnlySpan<double> sums, int ahead, int round, ReadOnlySpan<double> halfLives, Span<double> errors)
    {
        Span<double> keeps = stackalloc double[Vector256<double>.Count];
        for (var lane = 0; lane < keeps.Length; lane++)
        {
            keeps[lane] = Math.Pow(0.5, 1 / Math.Max(1e-3, halfLives[lane] * round));
        }

        errors.Clear();
        var (keep, next) = (Vector256.Create<double>(keeps), round);
        var (sum, total) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var t = 0; t < values.Length; t++)
        {
            (sum, total) = ((keep * sum) + Vector256.Create(values[t]), (keep * total) + Vector256<double>.One);
            if (t + 1 == next && t + 1 + ahead <= values.Length)
            {
                next += Math.Max(1, ahead / TargetsPerHorizon);
                var (all, target) = (sums[t + 1] / (t + 1), (sums[t + 1 + ahead] - sums[t + 1]) / ahead);
                var (off, level) = (Vector256.Create(target - all), (sum / total) - Vector256.Create(all));
                for (var i = 0; i < Returns.Length; i++)
                {
                    var error = errors.Slice(i * Vector256<double>.Count, Vector256<double>.Count);
                    (Vector256.Create<double>(error) + Vector256.Abs(off - (Vector256.Create(Returns[i]) * level))).CopyTo(error);
                }
            }
        }

        return sum / total;
    }
}
