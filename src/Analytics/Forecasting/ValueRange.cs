namespace Headroom.Analytics.Forecasting;

/// <summary>The least and the greatest known value of a history; a path may go one width beyond them, no further.</summary>
internal readonly record struct ValueRange(double Low, double High)
{
    public double Width => High - Low;

    public double Lowest => Low - Width;

    public double Highest => High + Width;

    public static ValueRange Of(ReadOnlySpan<double> history)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in history)
        {
            if (double.IsFinite(value))
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        return low <= high ? new(low, high) : default;
    }

    public void Clamp(Span<double> path)
    {
        for (var h = 0; h < path.Length; h++)
        {
            path[h] = double.IsNaN(path[h]) ? (Low + High) / 2 : Math.Clamp(path[h], Lowest, Highest);
        }
    }
}
