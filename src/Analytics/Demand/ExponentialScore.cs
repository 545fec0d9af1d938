using MathNet.Numerics.Distributions;

namespace Headroom.Analytics.Demand;

/// <summary>The exponential value that stands where a normal score stands: -log P(N &gt; score), from a table.</summary>
internal static class ExponentialScore
{
    private const double Most = 8;
    private const int PerOne = 256;

    private static readonly double[] Table =
        [.. Enumerable.Range(0, (int)(2 * Most * PerOne) + 2).Select(i => -Math.Log(Normal.CDF(0, 1, Most - ((double)i / PerOne))))];

    /// <summary>Ascending in <paramref name="score"/>; exponential with mean 1 where that is standard normal. Within 1e-5 of it; beyond 8 as at 8.</summary>
    public static double Of(double score)
    {
        var at = (Math.Clamp(score, -Most, Most) + Most) * PerOne;
        var i = (int)at;
        return Table[i] + ((Table[i + 1] - Table[i]) * (at - i));
    }
}
