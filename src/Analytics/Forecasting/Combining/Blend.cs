namespace Headroom.Analytics.Forecasting.Combining;

/// <summary>Half the median of all members, half their mean weighted by how well each did on the past.</summary>
/// <remarks>
/// Weights fall with the third power of the past error. A member whose error is far above the best is dropped from both halves.
/// Because both halves move with their members, blending past errors gives the past errors of the blend.
/// </remarks>
internal sealed class Blend
{
    public const string Name = "blend";

    /// <summary>A member with more than this many times the least error has no say.</summary>
    private const double FarFromBest = 1.5;

    private readonly double[] _weights;

    private Blend(double[] weights) => _weights = weights;

    /// <summary>The share of each member in the weighted half, 0 for a dropped one; they add up to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <param name="errors">Mean absolute error of each member over the same past values.</param>
    /// <returns>Null where fewer than two members are worth blending.</returns>
    public static Blend? Weigh(ReadOnlySpan<double> errors)
    {
        var least = double.PositiveInfinity;
        foreach (var error in errors)
        {
            least = error < least ? error : least;
        }

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
                weights[i] = Math.Pow(least / errors[i], 3);
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
