namespace Headroom.Bench.Demand;

/// <summary>How far a guess is from the truth. Unit: percent.</summary>
internal static class Score
{
    public static double Bias(double[] guess, double[] real) => 100 * ((guess.Sum() / real.Sum()) - 1);

    /// <summary>Weighted absolute percentage error of sums over <paramref name="hours"/>.</summary>
    public static double Wape(double[] guess, double[] real, int hours)
    {
        var (errors, sum) = (0.0, 0.0);
        for (var from = 0; from + hours <= real.Length; from += hours)
        {
            var (g, r) = (guess.AsSpan(from, hours).ToArray().Sum(), real.AsSpan(from, hours).ToArray().Sum());
            (errors, sum) = (errors + Math.Abs(g - r), sum + r);
        }

        return 100 * errors / sum;
    }

    /// <summary>The straight line of least squares through the values.</summary>
    public static double[] Line(double[] values)
    {
        var (middle, mean) = ((values.Length - 1) / 2.0, values.Average());
        var slope = values.Index().Sum(value => (value.Index - middle) * (value.Item - mean)) / values.Index().Sum(value => (value.Index - middle) * (value.Index - middle));
        return [.. values.Index().Select(value => mean + (slope * (value.Index - middle)))];
    }
}
