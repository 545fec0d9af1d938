namespace Headroom.Analytics.Forecasting.Combining;

/// <summary>The value at half of the weight, between neighbors in proportion.</summary>
/// <remarks>Each value stands at the middle of its own share of the weight: with equal weights this is the usual median.</remarks>
internal static class WeightedMedian
{
    /// <param name="values">At least one; sorted when this returns.</param>
    /// <param name="weights">As many, zero or more, not all zero; moved with their values.</param>
    public static double Of(Span<double> values, Span<double> weights)
    {
        values.Sort(weights);
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var (before, place) = (0.0, double.NegativeInfinity);
        for (var i = 0; i < values.Length; i++)
        {
            var next = (before + (weights[i] / 2)) / total;
            if (next >= 0.5)
            {
                return i == 0 || next <= place ? values[i] : values[i - 1] + ((values[i] - values[i - 1]) * ((0.5 - place) / (next - place)));
            }

            (before, place) = (before + weights[i], next);
        }

        return values[^1];
    }
}
