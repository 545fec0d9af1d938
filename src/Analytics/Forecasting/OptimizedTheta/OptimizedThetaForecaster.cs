using System.Runtime.Intrinsics;
using Headroom.Analytics.Forecasting.Optimizing;
using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Forecasting.OptimizedTheta;

/// <summary>The theta method whose theta is fitted: y[T+h] = SES(theta line)/theta + (1 - 1/theta) (a + b (T+h)).</summary>
/// <remarks>
/// Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, International Journal of Forecasting 32 (2016), the optimised theta model (OTM).
/// Theta 2 is the method of Assimakopoulos and Nikolopoulos (2000). Seasons as <see cref="Theta.ThetaForecaster"/> takes them.
/// </remarks>
public sealed class OptimizedThetaForecaster : IForecaster
{
    private const int Evaluations = 80;
    private const double MostTheta = 10;
    private const int LookbackSteps = 1_000;
    private const int LookbackSeasons = 12;

    public string Name => "optimized-theta";

    public int NeedsAtLeast(ForecastSpec spec) => spec.Nested.Length > 1 ? int.MaxValue : Math.Max(8, 2 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var season = spec.Nested[0];
        var kept = Math.Max(LookbackSteps, LookbackSeasons * season);
        var recent = history.Length > kept && Gaps.CountKnown(history[^kept..]) > 0 ? history[^kept..] : history;
        var z = recent.ToArray();
        Gaps.Fill(z, season);
        var scale = Scale.Of(z, spec.NonNegative ? Transform.Root : Transform.Identity);
        if (scale.Deviation == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
            return;
        }

        scale.Forth(z, z);
        var profile = SeasonalProfile.TakeOut(z, season);
        var line = ThetaLine.Fit(z);
        for (var h = 0; h < mean.Length; h++)
        {
            mean[h] = line.Ahead(h + 1) + profile[(z.Length + h) % season];
        }

        scale.Back(mean, mean);
        ValueRange.Of(recent).Clamp(mean);
    }

    /// <param name="Level">Of the smoothed theta line after the last value.</param>
    internal readonly record struct ThetaLine(double Alpha, double Theta, double Level, double Intercept, double Slope, int Length)
    {
        public double Ahead(int steps) => (Level / Theta) + ((1 - (1 / Theta)) * (Intercept + (Slope * (Length + steps))));

        /// <summary>Least squares of the one-step errors over smoothing, theta and the start of the line.</summary>
        public static ThetaLine Fit(double[] z)
        {
            var (intercept, slope) = Trend(z);
            Span<double> at = [0.5, 2, z[0]];
            Simplex.Minimize(at, [0.2, 1, 0.5], Evaluations, 1e-6, ahead: true, (candidates, costs) => Errors(z, intercept, slope, candidates, costs, out _));
            Errors(z, intercept, slope, at, stackalloc double[1], out var levels);
            return new(at[0], at[1], levels[0], intercept, slope, z.Length);
        }

        /// <summary>Source: the least squares line over t = 1 .. n.</summary>
        private static (double Intercept, double Slope) Trend(ReadOnlySpan<double> z)
        {
            var (middle, mean, cross, square) = ((z.Length + 1) / 2.0, 0.0, 0.0, 0.0);
            for (var t = 1; t <= z.Length; t++)
            {
                mean += z[t - 1] / z.Length;
                cross += (t - middle) * z[t - 1];
                square += (t - middle) * (t - middle);
            }

            return (mean - (cross / square * middle), cross / square);
        }

        /// <summary>Square sums of the errors of several candidates, each in a lane of its own.</summary>
        /// <param name="candidates">Smoothing, theta and first level of each; up to four.</param>
        /// <param name="levels">After the last value.</param>
        private static void Errors(ReadOnlySpan<double> z, double intercept, double slope, ReadOnlySpan<double> candidates, Span<double> squares, out Vector256<double> levels)
        {
            var count = squares.Length;
            var (alpha, theta, sum) = (Each(candidates, count, 0), Each(candidates, count, 1), Vector256<double>.Zero);
            var (kept, rest, part) = (Vector256<double>.One - alpha, Vector256<double>.One - theta, Vector256<double>.One / theta);
            var share = Vector256<double>.One - part;
            levels = Each(candidates, count, 2);
            for (var t = 1; t <= z.Length; t++)
            {
                var (value, trend) = (Vector256.Create(z[t - 1]), Vector256.Create(intercept + (slope * t)));
                var error = value - (levels * part) - (share * trend);
                sum = Vector256.FusedMultiplyAdd(error, error, sum);
                levels = Vector256.FusedMultiplyAdd(kept, levels, alpha * ((theta * value) + (rest * trend)));
            }

            for (var lane = 0; lane < count; lane++)
            {
                squares[lane] = candidates[3 * lane] is > 0 and < 1 && candidates[(3 * lane) + 1] is >= 1 and <= MostTheta ? sum[lane] : double.MaxValue;
            }
        }

        /// <summary>One number of every candidate; lanes without one repeat the first.</summary>
        private static Vector256<double> Each(ReadOnlySpan<double> candidates, int count, int number) =>
            Vector256.Create(candidates[number], candidates[count > 1 ? 3 + number : number], candidates[count > 2 ? 6 + number : number], candidates[count > 3 ? 9 + number : number]);
    }
}
