using System.Buffers;

namespace Headroom.Analytics.Forecasting.RidgeAutoregression;

/// <summary>The ridge regression of a standardized series on its own lags, and its step-by-step continuation.</summary>
/// <remarks>b = (A'WA + lambda n I)^-1 A'Wz with w = 1/2^(age / half-life); the intercept is the weighted mean of what is left. Hoerl and Kennard, Technometrics 12 (1970).</remarks>
internal static class RidgeRecursion
{
    /// <summary>Writes the path behind the history.</summary>
    /// <param name="history">As observed: a step that is not finite here is no target.</param>
    /// <param name="z">The history, transformed and without gaps, then room for the path: a forecast value is the lag of the next.</param>
    /// <param name="lowest">No step of the path goes below it.</param>
    /// <param name="highest">No step of the path goes above it.</param>
    public static void Continue(
        ReadOnlySpan<double> history, Span<double> z, ReadOnlySpan<int> lags, int halfLife, double shrinkage, double lowest, double highest)
    {
        Span<double> coefficients = stackalloc double[SeasonalLags.Most];
        var intercept = Fit(history, z[..history.Length], lags, halfLife, shrinkage, coefficients);
        for (var now = history.Length; now < z.Length; now++)
        {
            var value = intercept;
            for (var i = 0; i < lags.Length; i++)
            {
                value += coefficients[i] * z[now - lags[i]];
            }

            z[now] = Math.Clamp(value, lowest, highest);
        }
    }

    /// <summary>Fills <paramref name="coefficients"/>, one per lag, and returns the intercept.</summary>
    private static double Fit(
        ReadOnlySpan<double> history, ReadOnlySpan<double> z, ReadOnlySpan<int> lags, int halfLife, double shrinkage, Span<double> coefficients)
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

            gram[(i * lags.Length) + i] += shrinkage * rows;
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

    private static void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> product)
    {
        for (var i = 0; i < product.Length; i++)
        {
            product[i] = left[i] * right[i];
        }
    }
}
