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
        Span<double> errors = stackalloc double[Returns.Length];
        foreach (var halfLife in HalfLives)
        {
            var keep = Math.Pow(0.5, 1 / Math.Max(1e-3, halfLife * round));
            var (sum, total) = (0.0, 0.0);
            errors.Clear();
            var next = round;
            for (var t = 0; t < values.Length; t++)
            {
                (sum, total) = ((keep * sum) + values[t], (keep * total) + 1);
                if (t + 1 == next && t + 1 + ahead <= values.Length)
                {
                    next += Math.Max(1, ahead / TargetsPerHorizon);
                    var (level, all, target) = (sum / total, sums[t + 1] / (t + 1), (sums[t + 1 + ahead] - sums[t + 1]) / ahead);
                    for (var i = 0; i < errors.Length; i++)
                    {
                        errors[i] += Math.Abs(target - all - (Returns[i] * (level - all)));
                    }
                }
            }

            for (var i = 0; i < errors.Length; i++)
            {
                if (errors[i] < least)
                {
                    var all = sums[^1] / values.Length;
                    (best, least) = (all + (Returns[i] * ((sum / total) - all)), errors[i]);
                }
            }
        }

        return best;
    }
}
