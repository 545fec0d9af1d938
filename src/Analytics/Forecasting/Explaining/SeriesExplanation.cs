using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Mstl;

namespace Headroom.Analytics.Forecasting.Explaining;

/// <summary>What a series looks like: where it stands, where it is going, and what repeats.</summary>
/// <param name="Level">The mean of the last season, in the unit of the series.</param>
/// <param name="Trend">What the level moves by per season, from a line over the means of the last <see cref="TrendSeasons"/> seasons; 0 for fewer than two.</param>
/// <param name="Seasons">The nested seasons that were seen twice.</param>
public sealed record SeriesExplanation(double Level, double Trend, ImmutableArray<SeasonExplanation> Seasons)
{
    private const int TrendSeasons = 8;
    private const int LookbackSeasons = 8;

    /// <param name="history">NaN is a gap; at least one value is known.</param>
    public static SeriesExplanation Of(ReadOnlySpan<double> history, ForecastSpec spec)
    {
        var season = spec.Nested[^1];
        var kept = Math.Min(history.Length, Math.Max(LookbackSeasons * season, 64));
        var values = (Gaps.CountKnown(history[^kept..]) > 0 ? history[^kept..] : history).ToArray();
        Gaps.Fill(values, spec.Nested[0]);
        var (level, trend) = Line(values, season);
        return new(level, trend, Strengths(values, spec));
    }

    private static (double Level, double Trend) Line(double[] values, int season)
    {
        var count = Math.Clamp(values.Length / season, 1, TrendSeasons);
        var means = Enumerable.Range(0, count).Select(i => values.AsSpan(Math.Max(0, values.Length - ((count - i) * season)), Math.Min(season, values.Length)).ToArray().Average()).ToArray();
        var middle = (count - 1) / 2.0;
        var (cross, square) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            (cross, square) = (cross + ((i - middle) * means[i]), square + ((i - middle) * (i - middle)));
        }

        return (means[^1], square > 0 ? cross / square : 0);
    }

    /// <remarks>Strength 1 - Var(rest) / Var(season + rest): Wang, Smith and Hyndman, Data Mining and Knowledge Discovery 13 (2006).</remarks>
    private static ImmutableArray<SeasonExplanation> Strengths(double[] values, ForecastSpec spec)
    {
        var found = ImmutableArray.CreateBuilder<SeasonExplanation>();
        var left = (double[])values.Clone();
        foreach (var length in spec.Nested.Where(length => length > 1 && (2 * length) + 1 < values.Length))
        {
            var (season, trend) = (new double[values.Length], new double[values.Length]);
            new Stl(length, seasonWindow: 11, inner: 1, outer: 1).Split(left, season, trend);
            var (rest, both) = (0.0, 0.0);
            for (var t = 0; t < left.Length; t++)
            {
                var off = left[t] - trend[t];
                (rest, both) = (rest + ((off - season[t]) * (off - season[t])), both + (off * off));
                left[t] -= season[t];
            }

            var last = season.AsSpan(season.Length - length).ToArray();
            found.Add(new(length, both > 0 ? Math.Clamp(1 - (rest / both), 0, 1) : 0, last.Max() - last.Min()));
        }

        return found.DrainToImmutable();
    }
}

/// <param name="Length">In steps.</param>
/// <param name="Strength">0 (nothing repeats) to 1 (nothing else).</param>
/// <param name="Swing">From the lowest to the highest place of the last round, in the unit of the series.</param>
public sealed record SeasonExplanation(int Length, double Strength, double Swing);
