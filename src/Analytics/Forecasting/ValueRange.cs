namespace Headroom.Analytics.Forecasting;

/// <summary>The least and the greatest known value of a history. A path may go one width beyond them; where it is longer than half the history, as far as twice the slope across the whole history takes it.</summary>
/// <param name="Steps">Length of the history.</param>
internal readonly record struct ValueRange(double Low, double High, int Steps)
{
    public double Width => High - Low;

    public double Lowest => Low - Width;

    public double Highest => High + Width;

    public static ValueRange Of(ReadOnlySpan<double> history)
    {
        var (low, high) = (Sums.Least(history), Sums.Most(history));
        return low <= high ? new(low, high, history.Length) : default;
    }

    public void Clamp(Span<double> path)
    {
        for (var h = 0; h < path.Length; h++)
        {
            var reach = Width * Math.Max(1, 2.0 * (h + 1) / Steps);
            path[h] = double.IsNaN(path[h]) ? (Low + High) / 2 : Math.Clamp(path[h], Low - reach, High + reach);
        }
    }
}
