using System.Buffers;

namespace Headroom.Analytics.Forecasting.RidgeAutoregression;

/// <summary>Regresses a series on its own recent values and on earlier seasons, shrunk and with recent steps weighing more, then continues it step by step.</summary>
/// <remarks>
/// b = (A'WA + lambda n I)^-1 A'Wz on the standardized square root (non-negative series) or the series itself, w = 1/2^(age / half-life).
/// The recursion stays within one range beyond what the history held. Ridge: Hoerl and Kennard, Technometrics 12 (1970).
/// </remarks>
public sealed class RidgeAutoregressionForecaster : IForecaster
{
    private const double Shrinkage = 3e-4;
    private const int HalfLifeSteps = 400;
    private const int HalfLivesKept = 10;

    public string Name => "ridge-autoregression";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(16, 3 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var seasons = spec.Seasons.AsSpan();
        var halfLife = Math.Max(HalfLifeSteps, 2 * seasons[^1]);
        history = history[^Math.Min(history.Length, (HalfLivesKept * halfLife) + (2 * seasons[^1]))..];

        Span<int> lagSpace = stackalloc int[SeasonalLags.Most];
        var lags = lagSpace[..SeasonalLags.Write(seasons, longest: history.Length * 3 / 5, lagSpace)];

        // z holds the history, then the path: a forecast value is the lag of the next.
        var rented = ArrayPool<double>.Shared.Rent(history.Length + mean.Length);
        var z = rented.AsSpan(0, history.Length + mean.Length);
        var root = spec.NonNegative && !HasNegative(history);
        var scale = Scale.Standardize(history, root, seasons[0], z);
        if (scale.Deviation == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
        }
        else
        {
            Span<double> weights = stackalloc double[SeasonalLags.Most];
            var intercept = Fit(history, z[..history.Length], lags, halfLife, weights);
            Continue(z, history.Length, lags, weights, intercept, scale);
            scale.Undo(z[history.Length..], root, mean);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Fills <paramref name="coefficients"/>, one per lag, and returns the intercept.</summary>
    private static double Fit(ReadOnlySpan<double> history, ReadOnlySpan<double> z, ReadOnlySpan<int> lags, int halfLife, Span<double> coefficients)
    {
        var first = lags[^1];
        var rows = z.Length - first;
        var rented = ArrayPool<double>.Shared.Rent(2 * rows);
        var weight = rented.AsSpan(0, rows);
        var weighted = rented.AsSpan(rows, rows);
        var total = Weigh(history[first..], halfLife, weight);

        Span<double> gram = stackalloc double[lags.Length * lags.Length];
        var target = z[first..];
        for (var i = 0; i < lags.Length; i++)
        {
            Multiply(weight, z.Slice(first - lags[i], rows), weighted);
            coefficients[i] = Dots.Of(weighted, target);
            for (var j = 0; j <= i; j++)
            {
                gram[(i * lags.Length) + j] = Dots.Of(weighted, z.Slice(first - lags[j], rows));
            }

            gram[(i * lags.Length) + i] += Shrinkage * rows;
        }

        if (!Cholesky.TrySolve(gram, lags.Length, coefficients))
        {
            coefficients.Clear();
        }

        var intercept = Dots.Of(weight, target);
        for (var i = 0; i < lags.Length; i++)
        {
            intercept -= coefficients[i] * Dots.Of(weight, z.Slice(first - lags[i], rows));
        }

        ArrayPool<double>.Shared.Return(rented);
        return total > 0 ? intercept / total : 0;
    }

    /// <summary>Age weights; 0 where the value to be explained is a gap. Returns their sum.</summary>
    private static double Weigh(ReadOnlySpan<double> targets, int halfLife, Span<double> weight)
    {
        var decay = Math.Pow(0.5, 1.0 / halfLife);
        var (current, total) = (1.0, 0.0);
        for (var row = weight.Length - 1; row >= 0; row--)
        {
            weight[row] = double.IsFinite(targets[row]) ? current : 0;
            total += weight[row];
            current *= decay;
        }

        return total;
    }

    private static void Continue(Span<double> z, int from, ReadOnlySpan<int> lags, ReadOnlySpan<double> coefficients, double intercept, Scale scale)
    {
        for (var now = from; now < z.Length; now++)
        {
            var value = intercept;
            for (var i = 0; i < lags.Length; i++)
            {
                value += coefficients[i] * z[now - lags[i]];
            }

            z[now] = Math.Clamp(value, scale.Lowest, scale.Highest);
        }
    }

    private static void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> product)
    {
        for (var i = 0; i < product.Length; i++)
        {
            product[i] = left[i] * right[i];
        }
    }

    private static bool HasNegative(ReadOnlySpan<double> history)
    {
        foreach (var value in history)
        {
            if (value < 0)
            {
                return true;
            }
        }

        return false;
    }
}
