using Headroom.Analytics.Forecasting.Combining;
using Headroom.Analytics.Forecasting.MedianLevel;

namespace Headroom.Analytics.Forecasting.SeasonalMedian;

/// <summary>The median of earlier values at the same place of the longest season that was seen at least twice; each season back weighs less.</summary>
/// <remarks>Holidays and outages among the earlier seasons do not move it, as they would a mean. Weighted median: Edgeworth, Philosophical Magazine 24 (1887).</remarks>
/// <param name="name">See <see cref="IForecaster.Name"/>.</param>
/// <param name="moved">Moves all by the median of what the last season, or the last as many steps as are asked for, is off.</param>
public sealed class SeasonalMedianForecaster(string name, bool moved) : IForecaster
{
    private const double KeptPerSeason = 0.85;
    private const int MostSeasons = 40;

    public string Name => name;

    public bool TellsLevel => true;

    public int NeedsAtLeast(ForecastSpec spec) => 2 * spec.Nested[0];

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var medians = new double[SeenTwice(spec.Nested.AsSpan(), history.Length)];
        Span<double> values = stackalloc double[MostSeasons];
        Span<double> weights = stackalloc double[MostSeasons];
        for (var place = 0; place < medians.Length; place++)
        {
            medians[place] = MedianAt(history, history.Length - medians.Length + place, medians.Length, values, weights);
        }

        var off = moved ? Off(history, medians, Math.Max(spec.Nested[^1], spec.Horizon)) : 0;
        for (var step = 0; step < mean.Length; step++)
        {
            mean[step] = medians[step % medians.Length] + off;
        }

        ValueRange.Of(history).Clamp(mean);
    }

    private static int SeenTwice(ReadOnlySpan<int> seasons, int length)
    {
        var longest = seasons[0];
        foreach (var season in seasons)
        {
            longest = 2 * season <= length ? season : longest;
        }

        return longest;
    }

    private static double MedianAt(ReadOnlySpan<double> history, int place, int season, Span<double> values, Span<double> weights)
    {
        var (count, weight) = (0, 1.0);
        for (; place >= 0 && count < MostSeasons; place -= season, weight *= KeptPerSeason)
        {
            if (double.IsFinite(history[place]))
            {
                (values[count], weights[count]) = (history[place], weight);
                count++;
            }
        }

        return count > 0 ? WeightedMedian.Of(values[..count], weights[..count]) : Gaps.LastKnown(history);
    }

    /// <summary>The median of what the last values are above their places' medians.</summary>
    private static double Off(ReadOnlySpan<double> history, double[] medians, int window)
    {
        var (off, count) = (new double[Math.Min(window, history.Length)], 0);
        for (var back = 1; back <= off.Length; back++)
        {
            var value = history[^back];
            if (double.IsFinite(value))
            {
                off[count++] = value - medians[medians.Length - 1 - ((back - 1) % medians.Length)];
            }
        }

        return count > 0 ? Selection.Median(off.AsSpan(0, count)) : 0;
    }
}
