using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;

namespace Headroom.Domain.Operations;

/// <summary>A pool's peak: the 95th percentile, by nearest rank, of U3 of its steps of five minutes.</summary>
/// <param name="Busy">Of the step at that rank; the value is <paramref name="Busy"/> / <paramref name="Known"/>. Weights as in <see cref="UsageSums"/>.</param>
/// <param name="Steps">Steps of which half or more is known: those that are ranked.</param>
/// <param name="AllSteps">Steps in which anything was available.</param>
public sealed record PeakUse(PoolId Pool, Int128 Busy, Int128 Known, int Steps, int AllSteps)
{
    /// <summary>Source: METRICS section 4.</summary>
    private const double Rank = 0.95;

    public double Value => (double)Busy / (double)Known;

    /// <summary>Mean of the window over its peak; null where the peak is 0.</summary>
    public double? LoadFactor(MetricValue mean) => mean.Point is { } point && Busy > 0 ? point / Value : null;

    /// <summary>Null: no step of which half is known.</summary>
    /// <param name="steps">Roll-ups of one pool by five minutes, every model of it.</param>
    /// <param name="weight">MFLOPS of a model, or 1 to count devices.</param>
    public static PeakUse? Of(PoolId pool, IEnumerable<RollUp> steps, Func<string?, long> weight)
    {
        var (ranked, all) = (new List<(Int128 Busy, Int128 Known)>(), 0);
        foreach (var step in steps.GroupBy(step => step.Start))
        {
            var adder = new UsageSums.Adder();
            foreach (var part in step)
            {
                adder.Add(part.Cells, weight(part.Key.Model));
            }

            var sums = adder.Sums;
            if (sums.Available > 0)
            {
                all++;
                var known = sums.Available - sums.UseUnknown;
                if (known * 2 >= sums.Available)
                {
                    ranked.Add((sums.Busy, known));
                }
            }
        }

        if (ranked.Count == 0)
        {
            return null;
        }

        // Exact: a / b < c / d as a x d < c x b would pass an Int128 for a large pool, and doubles differ only where the steps are equal to 15 digits.
        ranked.Sort((left, right) => ((double)left.Busy / (double)left.Known).CompareTo((double)right.Busy / (double)right.Known));
        var (busy, of) = ranked[(int)Math.Ceiling(Rank * ranked.Count) - 1];
        return new(pool, busy, of, ranked.Count, all);
    }
}
