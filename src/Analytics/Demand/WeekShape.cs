namespace Headroom.Analytics.Demand;

/// <summary>How the hours of a week are to its mean: 1 where all hours are alike.</summary>
internal sealed class WeekShape
{
    private const int Week = 168;
    private const int Weeks = 8;

    /// <summary>An hour of the week counts as if it had been seen so many more times at the mean.</summary>
    private const double Shrink = 2;

    private readonly double[] _ratios = new double[Week];

    private WeekShape() { }

    /// <param name="hours">Oldest first; NaN is a gap.</param>
    public static WeekShape Of(double[] hours)
    {
        var shape = new WeekShape();
        var counts = new int[Week];
        for (var from = Math.Max(0, hours.Length - (Weeks * Week)); from + Week <= hours.Length; from += Week)
        {
            var mean = hours.AsSpan(from, Week).ToArray().Where(double.IsFinite).DefaultIfEmpty(0).Average();
            for (var hour = from; mean > 0 && hour < from + Week; hour++)
            {
                if (double.IsFinite(hours[hour]))
                {
                    shape._ratios[hour % Week] += hours[hour] / mean;
                    counts[hour % Week]++;
                }
            }
        }

        for (var hour = 0; hour < Week; hour++)
        {
            shape._ratios[hour] = (shape._ratios[hour] + Shrink) / (counts[hour] + Shrink);
        }

        return shape;
    }

    public double At(int hour) => _ratios[hour % Week];
}
