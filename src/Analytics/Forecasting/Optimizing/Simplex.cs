namespace Headroom.Analytics.Forecasting.Optimizing;

/// <summary>Finds a low point of a function of a few numbers without derivatives.</summary>
/// <remarks>Nelder and Mead, Computer Journal 7 (1965), with the usual factors 1, 2, 1/2, 1/2. Deterministic.</remarks>
internal static class Simplex
{
    public delegate double Cost(ReadOnlySpan<double> at);

    /// <param name="best">The start; replaced by the lowest point that was met.</param>
    /// <param name="step">How far the first corners lie from the start, by coordinate.</param>
    /// <param name="evaluations">How often the cost is asked for at most, beyond the first corners.</param>
    /// <returns>The cost there.</returns>
    public static double Minimize(Span<double> best, ReadOnlySpan<double> step, int evaluations, double tolerance, Cost cost)
    {
        var n = best.Length;
        Span<double> corners = stackalloc double[(n + 1) * n];
        Span<double> costs = stackalloc double[n + 1];
        for (var corner = 0; corner <= n; corner++)
        {
            var at = corners.Slice(corner * n, n);
            best.CopyTo(at);
            if (corner > 0)
            {
                at[corner - 1] += step[corner - 1];
            }

            costs[corner] = cost(at);
        }

        Span<double> center = stackalloc double[n];
        Span<double> trial = stackalloc double[n];
        Span<double> further = stackalloc double[n];
        while (evaluations > 0)
        {
            var (low, high, next) = Rank(costs);
            if (costs[high] - costs[low] <= tolerance * (Math.Abs(costs[low]) + tolerance))
            {
                break;
            }

            Center(corners, high, center);
            var worst = corners.Slice(high * n, n);
            var reflected = Move(center, worst, -1, trial, cost, ref evaluations);
            if (reflected < costs[low])
            {
                var expanded = Move(center, worst, -2, further, cost, ref evaluations);
                Replace(worst, ref costs[high], expanded < reflected ? further : trial, Math.Min(expanded, reflected));
            }
            else if (reflected < costs[next])
            {
                Replace(worst, ref costs[high], trial, reflected);
            }
            else
            {
                var contracted = Move(center, worst, reflected < costs[high] ? -0.5 : 0.5, further, cost, ref evaluations);
                if (contracted < Math.Min(reflected, costs[high]))
                {
                    Replace(worst, ref costs[high], further, contracted);
                }
                else
                {
                    Shrink(corners, costs, low, cost, ref evaluations);
                }
            }
        }

        var lowest = Rank(costs).Low;
        corners.Slice(lowest * n, n).CopyTo(best);
        return costs[lowest];
    }

    private static (int Low, int High, int Next) Rank(ReadOnlySpan<double> costs)
    {
        var (low, high) = (0, 0);
        for (var i = 1; i < costs.Length; i++)
        {
            low = costs[i] < costs[low] ? i : low;
            high = costs[i] >= costs[high] ? i : high;
        }

        var next = low;
        for (var i = 0; i < costs.Length; i++)
        {
            next = i != high && costs[i] > costs[next] ? i : next;
        }

        return (low, high, next);
    }

    private static void Center(ReadOnlySpan<double> corners, int without, Span<double> center)
    {
        var n = center.Length;
        center.Clear();
        for (var corner = 0; corner <= n; corner++)
        {
            for (var i = 0; i < n && corner != without; i++)
            {
                center[i] += corners[(corner * n) + i] / n;
            }
        }
    }

    private static double Move(ReadOnlySpan<double> center, ReadOnlySpan<double> worst, double by, Span<double> to, Cost cost, ref int evaluations)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = center[i] + (by * (worst[i] - center[i]));
        }

        evaluations--;
        return cost(to);
    }

    private static void Replace(Span<double> corner, ref double cost, ReadOnlySpan<double> by, double byCost)
    {
        by.CopyTo(corner);
        cost = byCost;
    }

    private static void Shrink(Span<double> corners, Span<double> costs, int low, Cost cost, ref int evaluations)
    {
        var n = costs.Length - 1;
        for (var corner = 0; corner <= n; corner++)
        {
            if (corner == low)
            {
                continue;
            }

            for (var i = 0; i < n; i++)
            {
                corners[(corner * n) + i] = (corners[(corner * n) + i] + corners[(low * n) + i]) / 2;
            }

            costs[corner] = cost(corners.Slice(corner * n, n));
            evaluations--;
        }
    }
}
