using Headroom.Analytics.Forecasting.Intervals;

namespace Headroom.Analytics.Forecasting.Combining;

/// <summary>The weighted median of all members, lead by lead; a member weighs by how well it did on the past, as far as that was more than chance.</summary>
/// <remarks>
/// The weight is (e / e_m)^4, e the least past error, e_m that of the member, whose excess d over e counts for d z^2 / (z^2 + 2) only: z is d in standard errors over the origins,
/// so that few or restless origins leave the weights equal. A median does not follow a member that explodes. Because errors move with their members, blending past errors gives the past errors of the blend.
/// </remarks>
internal sealed class Blend
{
    public const string Name = "blend";

    /// <summary>A member with more than this many times the least error has no say.</summary>
    private const double FarFromBest = 4;

    private const int Power = 4;

    /// <summary>Squared standard errors at which half of a difference is believed.</summary>
    private const double Doubt = 2;

    private readonly double[] _weights;
    private readonly int[] _kept;

    private Blend(double[] weights)
    {
        _weights = weights;
        _kept = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0)];
    }

    /// <summary>The share of each member, 0 for a dropped one; they add up to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <param name="past">What each member missed by, over the same past values.</param>
    /// <param name="prior">What the weight of each is multiplied by, whatever the past says; empty for 1.</param>
    /// <returns>Null where fewer than two members are worth blending.</returns>
    public static Blend? Weigh(PastErrors[] past, ReadOnlySpan<double> prior = default)
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
            if (errors[i] <= FarFromBest * least)
            {
                weights[i] = (prior.IsEmpty ? 1 : prior[i]) * Math.Pow(least / (least + Believed(errors[i] - least, past[i], past[best])), Power);
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
        Span<double> values = stackalloc double[_kept.Length];
        Span<double> weights = stackalloc double[_kept.Length];
        for (var i = 0; i < _kept.Length; i++)
        {
            (values[i], weights[i]) = (members[_kept[i]], _weights[_kept[i]]);
        }

        return WeightedMedian.Of(values, weights);
    }

    private static double Believed(double excess, PastErrors member, PastErrors best)
    {
        if (excess <= 0)
        {
            return 0;
        }

        var chance = member.StandardErrorOver(best) / excess;
        return excess / (1 + (Doubt * chance * chance));
    }
}
