namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Locally weighted regression of equally spaced values.</summary>
/// <remarks>Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990), appendix; as in R's `stl`: evaluated at every jump-th place, straight lines between.</remarks>
internal static class Loess
{
    /// <param name="window">How many neighbors count; may be more than there are values.</param>
    /// <param name="linear">A line fitted locally; else a mean.</param>
    /// <param name="trust">Robustness weight of each value, 0 to 1; empty for 1.</param>
    /// <param name="smooth">As long as <paramref name="values"/>.</param>
    public static void Smooth(ReadOnlySpan<double> values, int window, bool linear, int jump, ReadOnlySpan<double> trust, Span<double> smooth)
    {
        var n = values.Length;
        if (n < 2)
        {
            values.CopyTo(smooth);
            return;
        }

        jump = Math.Min(jump, n - 1);
        var before = 0;
        for (var at = 0; at < n; at += jump)
        {
            smooth[at] = At(values, window, linear, at, trust);
            Between(smooth, before, at);
            before = at;
        }

        if (before < n - 1)
        {
            smooth[n - 1] = At(values, window, linear, n - 1, trust);
            Between(smooth, before, n - 1);
        }
    }

    /// <summary>The fit at one place, which may lie one step outside; where no neighbor is trusted, the nearest value.</summary>
    public static double At(ReadOnlySpan<double> values, int window, bool linear, int at, ReadOnlySpan<double> trust)
    {
        var n = values.Length;
        var span = Math.Min(window, n);
        var left = Math.Clamp(at - ((span - 1) / 2), 0, n - span);
        var right = left + span - 1;
        double reach = Math.Max(at - left, right - at);
        reach += window > n ? (window - n) / 2 : 0;
        Span<double> weights = span <= 512 ? stackalloc double[span] : new double[span];
        var (total, center) = (0.0, 0.0);
        for (var i = 0; i < span; i++)
        {
            double distance = Math.Abs(left + i - at);
            var weight = 0.0;
            if (distance <= 0.999 * reach)
            {
                var share = distance / reach;
                var rest = 1 - (share * share * share);
                weight = (distance <= 0.001 * reach ? 1 : rest * rest * rest) * (trust.IsEmpty ? 1 : trust[left + i]);
            }

            weights[i] = weight;
            total += weight;
            center += weight * (left + i);
        }

        if (total <= 0)
        {
            return values[Math.Clamp(at, 0, n - 1)];
        }

        center /= total;
        var (fit, cross, square) = (0.0, 0.0, 0.0);
        for (var i = 0; i < span; i++)
        {
            var off = left + i - center;
            fit += weights[i] * values[left + i];
            cross += weights[i] * off * values[left + i];
            square += weights[i] * off * off;
        }

        // A line only where the neighbors spread enough to carry one.
        var slope = linear && Math.Sqrt(square / total) > 0.001 * (n - 1) ? cross / square : 0;
        return (fit / total) + (slope * (at - center));
    }

    private static void Between(Span<double> smooth, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
        {
            smooth[i] = smooth[from] + ((smooth[to] - smooth[from]) * (i - from) / (to - from));
        }
    }
}
