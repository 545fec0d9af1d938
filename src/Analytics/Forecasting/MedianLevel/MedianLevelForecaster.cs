namespace Headroom.Analytics.Forecasting.MedianLevel;

/// <summary>The median of the last while, with seasons that are medians too: days that were out of the ordinary count as one day each, however far out they were.</summary>
/// <remarks>
/// y[T+h] = median(last w of y - s) + s[T+h]; s by place, the median of what a centered moving mean leaves (the seasonal step of the ratio-to-moving-average method, Macaulay 1931,
/// with medians for means as Tukey, Exploratory Data Analysis, 1977). The absolute error is least at the median. Several such whiles are weighed by how well they foretold the medians of past horizons.
/// </remarks>
public sealed class MedianLevelForecaster : IForecaster
{
    private const int LeastSteps = 12;
    private const int MostTargets = 20;
    private const int TargetsPerHorizon = 4;

    /// <summary>A window that foretold half as well weighs an eighth: the one that did best did so by some luck.</summary>
    private const int Power = 3;

    /// <summary>Unit: steps, each twice the one before.</summary>
    private static readonly int[] Windows = [4, 8, 16, 32, 64, 128, 256, 512];

    public string Name => "median-level";

    public bool TellsLevel => true;

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(LeastSteps, 3 * spec.Nested[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) =>
        LevelWithSeasons.Forecast(history, spec, mean, (values, season) => MedianProfile.TakeOut(values, season), (values, horizon) => Level(values, horizon, spec.Nested[0]));

    private static double Level(double[] values, int horizon, int season)
    {
        var useful = Useful(season, horizon);
        var ahead = Math.Min(horizon, Math.Max(1, values.Length / 4));
        var spacing = Math.Max(1, ahead / TargetsPerHorizon);
        var first = values.Length - ahead - ((MostTargets - 1) * spacing);
        first += (Math.Max(0, useful[0] - first) + spacing - 1) / spacing * spacing;
        var ranked = new MovingMedian(values);
        Span<double> targets = stackalloc double[MostTargets];
        var count = 0;
        for (var at = first; at + ahead <= values.Length; at += spacing)
        {
            targets[count++] = ranked.Of(at, at + ahead);
        }

        if (count == 0)
        {
            return Last(ranked, values.Length, useful[^1]);
        }

        // Of windows longer than what was known first, only the shortest says something of its own.
        var windows = useful.AsSpan(0, Math.Min(useful.Length, 1 + useful.Count(window => window < first)));
        Span<double> errors = stackalloc double[windows.Length];
        for (var w = 0; w < errors.Length; w++)
        {
            for (var i = 0; i < count; i++)
            {
                errors[w] += Math.Abs(targets[i] - Last(ranked, first + (i * spacing), windows[w]));
            }
        }

        var (least, sum, total) = (Smallest(errors), 0.0, 0.0);
        for (var w = 0; w < errors.Length; w++)
        {
            var weight = errors[w] > 0 ? Math.Pow(least / errors[w], Power) : 1;
            (sum, total) = (sum + (weight * Last(ranked, values.Length, windows[w])), total + weight);
        }

        return sum / total;
    }

    /// <summary>None shorter than both a season and a quarter of what is asked for: it would follow what is gone before it is over.</summary>
    private static int[] Useful(int season, int horizon)
    {
        var shortest = Math.Max(Windows[0], Math.Min(season, horizon / 4));
        return [shortest, .. Windows.Where(window => window > shortest)];
    }

    private static double Smallest(ReadOnlySpan<double> errors)
    {
        var least = errors[0];
        foreach (var error in errors)
        {
            least = Math.Min(least, error);
        }

        return least;
    }

    private static double Last(MovingMedian ranked, int known, int window) => ranked.Of(Math.Max(0, known - window), known);
}
