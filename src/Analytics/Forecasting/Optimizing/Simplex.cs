namespace Headroom.Analytics.Forecasting.Optimizing;

/// <summary>Finds a low point of a function of a few numbers without derivatives.</summary>
/// <remarks>Nelder and Mead, Computer Journal 7 (1965), with the usual factors 1, 2, 1/2, 1/2. Deterministic.</remarks>
internal static class Simplex
{
    /// <summary>How many points are asked about at once, at most: as many as a vector has lanes.</summary>
    public const int AtOnce = 4;

    /// <summary>Where a step may go, beyond the middle of the better corners and away from the worst: reflected, expanded, contracted outside and inside.</summary>
    private static readonly double[] Moves = [-1, -2, -0.5, 0.5];

    public delegate double Cost(ReadOnlySpan<double> at);

    /// <param name="candidates">One point after the other, as many as <paramref name="costs"/>.</param>
    public delegate void Costs(ReadOnlySpan<double> candidates, Span<double> costs);

    /// <param name="best">The start; replaced by the lowest point that was met.</param>
    /// <param name="step">How far the first corners lie from the start, by coordinate.</param>
    /// <param name="evaluations">How often the cost is asked for at most, beyond the first corners.</param>
    /// <returns>The cost there.</returns>
    public static double Minimize(Span<double> best, ReadOnlySpan<double> step, int evaluations, double tolerance, Cost cost)
    {
        var n = best.Length;
        return Minimize(best, step, evaluations, tolerance, ahead: false, (candidates, costs) =>
        {
            for (var i = 0; i < costs.Length; i++)
            {
                costs[i] = cost(candidates.Slice(i * n, n));
            }
        });
    }

    /// <inheritdoc cref="Minimize(Span{double}, ReadOnlySpan{double}, int, double, Cost)"/>
    /// <param name="ahead">Ask about all places that a step may go to at once; only those that are looked at count as evaluations. Finds the same point.</param>
    public static double Minimize(Span<double> best, ReadOnlySpan<double> step, int evaluations, double tolerance, bool ahead, Costs cost)
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
        }

        Ask(corners, costs, cost);
        Span<double> center = stackalloc double[n];
        Span<double> trials = stackalloc double[Moves.Length * n];
        Span<double> trialCosts = stackalloc double[Moves.Length];
        while (evaluations > 0)
        {
            var (low, high, next) = Rank(costs);
            if (costs[high] - costs[low] <= tolerance * (Math.Abs(costs[low]) + tolerance))
            {
                break;
            }

            Center(corners, high, center);
            var worst = corners.Slice(high * n, n);
            Move(center, worst, trials);
            Ask(trials[..(ahead ? trials.Length : n)], trialCosts[..(ahead ? Moves.Length : 1)], cost);
            evaluations--;
            var (trial, reflected) = (0, trialCosts[0]);
            if (reflected < costs[low] || !(reflected < costs[next]))
            {
                var other = reflected < costs[low] ? 1 : reflected < costs[high] ? 2 : 3;
                if (!ahead)
                {
                    Ask(trials.Slice(other * n, n), trialCosts.Slice(other, 1), cost);
                }

                evaluations--;
                trial = other == 1 ? (trialCosts[1] < reflected ? 1 : 0) : trialCosts[other] < Math.Min(reflected, costs[high]) ? other : -1;
            }

            if (trial >= 0)
            {
                trials.Slice(trial * n, n).CopyTo(worst);
                costs[high] = trialCosts[trial];
            }
            else
            {
                Shrink(corners, costs, low, cost);
                evaluations -= n;
            }
        }

        var lowest = Rank(costs).Low;
        corners.Slice(lowest * n, n).CopyTo(best);
        return costs[lowest];
    }

    private static void Ask(ReadOnlySpan<double> points, Span<double> costs, Costs cost)
    {
        for (var from = 0; from < costs.Length; from += AtOnce)
        {
            var n = points.Length / costs.Length;
            var count = Math.Min(AtOnce, costs.Length - from);
            cost(points.Slice(from * n, count * n), costs.Slice(from, count));
        }
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

    private static void Move(ReadOnlySpan<double> center, ReadOnlySpan<double> worst, Span<double> trials)
    {
        for (var trial = 0; trial < Moves.Length; trial++)
        {
            var to = trials.Slice(trial * center.Length, center.Length);
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = center[i] + (Moves[trial] * (worst[i] - center[i]));
            }
        }
    }

    private static void Shrink(Span<double> corners, Span<double> costs, int low, Costs cost)
    {
        var n = costs.Length - 1;
        for (var corner = 0; corner <= n; corner++)
        {
            for (var i = 0; i < n && corner != low; i++)
            {
                corners[(corner * n) + i] = (corners[(corner * n) + i] + corners[(low * n) + i]) / 2;
            }
        }

        Ask(corners[..(low * n)], costs[..low], cost);
        Ask(corners[((low + 1) * n)..], costs[(low + 1)..], cost);
    }
}
