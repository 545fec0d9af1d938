namespace Headroom.Reports.Charts;

/// <summary>A value axis that ends on a round number.</summary>
internal static class RoundScale
{
    /// <summary>The least round number above <paramref name="highest"/>, in two to ten equal steps.</summary>
    public static (double Ceiling, double Interval) Above(double highest)
    {
        if (highest <= 0)
        {
            return (1, 1);
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        var interval = highest / power < 2.5 ? power / 2 : power;
        return (Math.Ceiling(highest * 1.02 / interval) * interval, interval);
    }
}
