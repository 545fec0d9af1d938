namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Locally weighted regression of equally spaced values; the weights of a place are made once and serve every pass.</summary>
/// <remarks>Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990), appendix; as in R's `stl`: evaluated at every jump-th place, straight lines between.</remarks>
/// <param name="length">How many values there are.</param>
/// <param name="window">How many neighbors count; may be more than there are values.</param>
/// <param name="linear">A line fitted locally; else a mean.</param>
internal sealed class Loess(int length, int window, bool linear, int jump)
{
    private readonly int _span = Math.Min(window, length);
    private readonly double[]?[] _kernels = new double[length + 2][];
    private double[]? _inner;
    private readonly double[] _weights = new double[Math.Min(window, length)];

    /// <param name="trust">Robustness weight of each value, 0 to 1; empty for 1.</param>
    /// <param name="smooth">As long as <paramref name="values"/>.</param>
    public void Smooth(ReadOnlySpan<double> values, ReadOnlySpan<double> trust, Span<double> smooth)
    {
        if (length < 2)
        {
            values.CopyTo(smooth);
            return;
        }

        var (before, step) = (0, Math.Min(jump, length - 1));
        for (var at = 0; at < length; at += step)
        {
            smooth[at] = At(values, at, trust);
            Between(smooth, before, at);
            before = at;
        }

        if (before < length - 1)
        {
            smooth[length - 1] = At(values, length - 1, trust);
            Between(smooth, before, length - 1);
        }
    }

    /// <summary>The fit at one place, which may lie one step outside; where no neighbor is trusted, the nearest value.</summary>
    public double At(ReadOnlySpan<double> values, int at, ReadOnlySpan<double> trust)
    {
        var left = Math.Clamp(at - ((_span - 1) / 2), 0, length - _span);
        var isInner = at >= (_span - 1) / 2 && left == at - ((_span - 1) / 2) && window <= length;
        ReadOnlySpan<double> weights = isInner ? _inner ??= Kernel(at, left) : _kernels[at + 1] ??= Kernel(at, left);
        values = values.Slice(left, _span);
        if (!trust.IsEmpty)
        {
            trust = trust.Slice(left, _span);
            for (var i = 0; i < _span; i++)
            {
                _weights[i] = weights[i] * trust[i];
            }

            weights = _weights;
        }

        var (total, center, fit) = (0.0, 0.0, 0.0);
        for (var i = 0; i < _span; i++)
        {
            total += weights[i];
            center += weights[i] * i;
            fit += weights[i] * values[i];
        }

        if (total <= 0)
        {
            return values[Math.Clamp(at - left, 0, _span - 1)];
        }

        return (fit / total) + (linear ? Slope(values, weights, total, center / total) * (at - left - (center / total)) : 0);
    }

    /// <summary>Zero where the neighbors spread too little to carry a line.</summary>
    private double Slope(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double total, double center)
    {
        var (cross, square) = (0.0, 0.0);
        for (var i = 0; i < _span; i++)
        {
            var weighted = weights[i] * (i - center);
            cross += weighted * values[i];
            square += weighted * (i - center);
        }

        return Math.Sqrt(square / total) > 0.001 * (length - 1) ? cross / square : 0;
    }

    /// <summary>Tricube weights of the neighbors of a place.</summary>
    private double[] Kernel(int at, int left)
    {
        double reach = Math.Max(at - left, left + _span - 1 - at);
        reach += window > length ? (window - length) / 2 : 0;
        var kernel = new double[_span];
        for (var i = 0; i < kernel.Length; i++)
        {
            var share = Math.Abs(left + i - at) / reach;
            var rest = 1 - (share * share * share);
            kernel[i] = share > 0.999 ? 0 : share <= 0.001 ? 1 : rest * rest * rest;
        }

        return kernel;
    }

    private static void Between(Span<double> smooth, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
        {
            smooth[i] = smooth[from] + ((smooth[to] - smooth[from]) * (i - from) / (to - from));
        }
    }
}
