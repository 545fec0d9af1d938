namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Makes the scale of errors rise with the lead, one season with the next; within a season it keeps its shape.</summary>
/// <remarks>Isotonic regression of the season means by pooling neighbors that fall: Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order Restrictions (1972).</remarks>
internal static class RisingScale
{
    /// <param name="scale">By lead; changed in place.</param>
    /// <param name="season">In leads; 1 makes each lead no surer than the one before.</param>
    public static void Enforce(double[] scale, int season)
    {
        var blocks = scale.Length / season;
        if (blocks < 2)
        {
            return;
        }

        var means = new double[blocks];
        for (var block = 0; block < blocks; block++)
        {
            means[block] = Mean(scale.AsSpan(block * season, season));
        }

        var rising = Pool(means);
        for (var lead = 0; lead < scale.Length; lead++)
        {
            // A last season that is cut short is treated as the one before it.
            var block = Math.Min(lead / season, blocks - 1);
            scale[lead] *= means[block] > 0 ? rising[block] / means[block] : 1;
        }
    }

    private static double[] Pool(double[] means)
    {
        var pools = new List<(double Mean, int Count)>();
        foreach (var mean in means)
        {
            var pool = (Mean: mean, Count: 1);
            while (pools.Count > 0 && pools[^1].Mean > pool.Mean)
            {
                var count = pools[^1].Count + pool.Count;
                pool = (((pools[^1].Mean * pools[^1].Count) + (pool.Mean * pool.Count)) / count, count);
                pools.RemoveAt(pools.Count - 1);
            }

            pools.Add(pool);
        }

        return [.. pools.SelectMany(pool => Enumerable.Repeat(pool.Mean, pool.Count))];
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
