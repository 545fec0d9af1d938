using Headroom.Analytics.Forecasting.Optimizing;

namespace Headroom.Analytics.Forecasting.RampUp;

/// <summary>A young center fills up: Bass, logistic and Gompertz growth, each fitted with priors, averaged by how well they explain what was seen.</summary>
/// <remarks>
/// Maximum a posteriori of n log(SSE) + squared distances to the priors, on square roots, where the noise of loads is even; weights e^(-cost/2).
/// The final level is not identified before growth slows: until then the forecast is mostly the prior (median 1.5 times what was seen; sizes of
/// p and q after Sultan, Farley and Lehmann, Journal of Marketing Research 27 (1990)).
/// </remarks>
public sealed class RampUpForecaster : IForecaster
{
    private const int Evaluations = 150;
    private const double PriorMost = 1.5;
    private const double SpreadMost = 0.6;
    private const double SpreadSpeed = 0.7;
    private const double BassRatio = 12.7;

    public string Name => "ramp-up";

    public int NeedsAtLeast(ForecastSpec spec) => spec.Nested.Length > 1 ? int.MaxValue : 6;

    public int UsesAtMost(ForecastSpec spec) => 36;

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var range = ValueRange.Of(history);
        var (steps, roots) = Known(history, range);
        if (range.Width == 0 || range.High <= 0 || steps.Length < 3)
        {
            mean.Fill(Gaps.LastKnown(history));
            return;
        }

        Span<double> costs = stackalloc double[3];
        Span<GrowthCurve> curves = stackalloc GrowthCurve[3];
        var least = double.PositiveInfinity;
        for (var i = 0; i < curves.Length; i++)
        {
            curves[i] = Fit((GrowthShape)i, steps, roots, history.Length, out costs[i]);
            least = Math.Min(least, costs[i]);
        }

        mean.Clear();
        var total = 0.0;
        for (var i = 0; i < curves.Length; i++)
        {
            var weight = Math.Exp((least - costs[i]) / 2);
            total += weight;
            for (var h = 0; h < mean.Length; h++)
            {
                mean[h] += weight * curves[i].At(history.Length + h + 1);
            }
        }

        for (var h = 0; h < mean.Length; h++)
        {
            mean[h] *= range.High / total;
        }

        range.Clamp(mean);
    }

    /// <summary>Known steps, 1 for the first of the history, and square roots of their values as shares of the highest.</summary>
    private static (double[] Steps, double[] Roots) Known(ReadOnlySpan<double> history, ValueRange range)
    {
        var (steps, roots) = (new List<double>(), new List<double>());
        for (var t = 0; t < history.Length; t++)
        {
            if (double.IsFinite(history[t]))
            {
                steps.Add(t + 1);
                roots.Add(Math.Sqrt(Math.Max(0, history[t] / range.High)));
            }
        }

        return ([.. steps], [.. roots]);
    }

    private static GrowthCurve Fit(GrowthShape shape, double[] steps, double[] roots, int length, out double cost)
    {
        GrowthCurve Curve(ReadOnlySpan<double> at) => new(shape, Math.Exp(at[0]), Math.Exp(at[1]), at[2]);
        var (speed, place, spread) = shape == GrowthShape.Bass
            ? (Math.Log(4.0 / length), Math.Log(BassRatio), 1.0)
            : (Math.Log(4.0 / length), 0.75 * length, 0.75 * length);
        Span<double> at = [Math.Log(PriorMost), speed, place];
        cost = Simplex.Minimize(at, [0.3, 0.3, spread / 3], Evaluations, 1e-7, candidate =>
        {
            var curve = Curve(candidate);
            var squares = 1e-6 * roots.Length;
            for (var i = 0; i < steps.Length; i++)
            {
                var off = roots[i] - Math.Sqrt(curve.At(steps[i]));
                squares += off * off;
            }

            return (roots.Length * Math.Log(squares)) + Off(candidate[0], Math.Log(PriorMost), SpreadMost) + Off(candidate[1], speed, SpreadSpeed) + Off(candidate[2], place, spread);
        });
        return Curve(at);
    }

    private static double Off(double value, double prior, double spread) => (value - prior) / spread * ((value - prior) / spread);
}
