using Headroom.Analytics.Forecasting.Intervals;

namespace Headroom.Analytics.Forecasting.Combining;

/// <summary>Half the median of all members, half their mean weighted by how well each did on the past.</summary>
/// <remarks>
/// Weights fall with the third power of the past error. A member that did worse than the best beyond what the spread between origins explains is dropped from both halves:
/// few origins tell little, so they drop few. Because both halves move with their members, blending past errors gives the past errors of the blend.
/// </remarks>
internal sealed class Blend
{
    public const string Name = "blend";

    /// <summary>A member with more than this many times the least error has no say.</summary>
    private const double FarFromBest = 2;

    /// <summary>Nor has one that is this many standard errors of the difference worse than the best.</summary>
    private const double SurelyWorse = 3;

    /// <summary>Unless the difference is less than this share of the least error.</summary>
    private const double Negligible = 0.05;

    private const int Power = 3;

    private readonly double[] _weights;

    private Blend(double[] weights) => _weights = weights;

    /// <summary>The share of each member in the weighted half, 0 for a dropped one; they add up to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <param name="past">What each member missed by, over the same past values.</param>
    /// <returns>Null where fewer than two members are worth blending.</returns>
    public static Blend? Weigh(PastErrors[] past)
    {
        var errors = Array.ConvertAll(past, p => p.MeanAbsolute());
        var best = 0;
        for (var i = 1; i < errors.Length; i++)
        {
            best = errors[i] < errors[best] ? i : best;
        }

        var least = errors[best];
        if (!double.IsFinite(least) || least == 0)
        {
            return null;
        }

        var weights = new double[errors.Length];
        var (total, members) = (0.0, 0);
        for (var i = 0; i < errors.Length; i++)
        {
            if (errors[i] <= FarFromBest * least
                && errors[i] - least <= Math.Max(Negligible * least, SurelyWorse * past[i].StandardErrorOver(past[best])))
            {
                weights[i] = Math.Pow(least / errors[i], Power);
                (total, members) = (total + weights[i], members + 1);
            }
        }

        if (members < 2)
        {
            return null;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= total;
        }

        return new(weights);
    }

    /// <summary>One number from one number per member.</summary>
    public double Of(ReadOnlySpan<double> members)
    {
        Span<double> kept = stackalloc double[members.Length];
        var (count, mean) = (0, 0.0);
        for (var i = 0; i < members.Length; i++)
        {
            if (_weights[i] > 0)
            {
                kept[count++] = members[i];
                mean += _weights[i] * members[i];
            }
        }

        kept = kept[..count];
        kept.Sort();
        return ((kept[(count - 1) / 2] + kept[count / 2]) / 4) + (mean / 2);
    }
}
