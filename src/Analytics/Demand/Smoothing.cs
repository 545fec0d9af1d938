namespace Headroom.Analytics.Demand;

internal static class Smoothing
{
    /// <summary>Mean over <paramref name="width"/> values to each side; toward the ends over as many as there are on the shorter side.</summary>
    public static double[] Around(ReadOnlySpan<double> values, int width)
    {
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
        {
            sums[i + 1] = sums[i] + values[i];
        }

        var means = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var reach = Math.Min(width, Math.Min(i, values.Length - 1 - i));
            means[i] = (sums[i + reach + 1] - sums[i - reach]) / ((2 * reach) + 1);
        }

        return means;
    }
}
