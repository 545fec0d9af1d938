using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Saturation;

/// <summary>What is left, a week later, of a deviation from the course.</summary>
/// <remarks>
/// An autoregression of weekly means around a straight line, corrected for the bias of short series (Kendall, Biometrika 41, 1954). All is
/// left unless a unit root is rejected (Dickey and Fuller, Journal of the American Statistical Association 74, 1979, with trend, at 5 %):
/// a few weeks cannot show that demand comes back, and then no path may rely on it.
/// </remarks>
/// <param name="Kept">0 to 1.</param>
/// <param name="Error">Its standard error.</param>
internal readonly record struct WeeklyMemory(double Kept, double Error)
{
    private const int Week = 7;
    private const double Rejects = 3.5;

    /// <summary>Deviations whose squares are less than this share of those of demand are rounding.</summary>
    private const double Tiny = 1e-18;

    public static WeeklyMemory Of(double[] history)
    {
        var weeks = history.Length > 2 * Week ? Deviations(history) : [];
        var (product, square) = (0.0, 0.0);
        for (var day = Week; day < weeks.Length; day++)
        {
            product += weeks[day] * weeks[day - Week];
            square += weeks[day - Week] * weeks[day - Week];
        }

        if (square <= Tiny * history.Sum(value => value * value))
        {
            return new(1, 0);
        }

        var (raw, count) = (Math.Clamp(product / square, -0.99, 0.99), (double)weeks.Length / Week);
        var statistic = Math.Sqrt(count * (1 - raw) / (1 + raw));
        return statistic > Rejects && count > Rejects * Rejects
            ? new(Math.Clamp(raw + ((2 + (4 * Math.Max(0, raw))) / count), 0, 1), Math.Sqrt((1 - (raw * raw)) / count))
            : new(1, 0);
    }

    public double Draw(SplitMix random) => Error > 0 ? Math.Clamp(Kept + (Error * random.Normal()), 0, 1) : Kept;

    /// <summary>Means of seven days less the straight line through them, by last day from the seventh on.</summary>
    public static double[] Deviations(double[] history)
    {
        var means = new double[Math.Max(0, history.Length - Week + 1)];
        var sum = 0.0;
        for (var day = 0; day < history.Length; day++)
        {
            sum += history[day] - (day >= Week ? history[day - Week] : 0);
            if (day >= Week - 1)
            {
                means[day - Week + 1] = sum / Week;
            }
        }

        var (middle, mean) = ((means.Length - 1) / 2.0, means.Length > 0 ? means.Average() : 0);
        var (covariance, variance) = (0.0, 0.0);
        for (var i = 0; i < means.Length; i++)
        {
            covariance += (i - middle) * (means[i] - mean);
            variance += (i - middle) * (i - middle);
        }

        var slope = variance > 0 ? covariance / variance : 0;
        for (var i = 0; i < means.Length; i++)
        {
            means[i] -= mean + (slope * (i - middle));
        }

        return means;
    }
}
