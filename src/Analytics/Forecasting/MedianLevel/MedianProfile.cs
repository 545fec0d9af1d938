using Headroom.Analytics.Forecasting.Regression;
using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Forecasting.MedianLevel;

/// <summary>The median deviation from the level at each place of a season, as far as it explains the values.</summary>
internal static class MedianProfile
{
    /// <summary>Older rounds say little of the season now.</summary>
    private const int MostRounds = 40;

    /// <summary>Variance of the median of normal values, relative to that of their mean.</summary>
    private const double MedianNoise = Math.PI / 2;

    /// <summary>Takes the season out of the values and returns what was taken, place by place from the first value.</summary>
    public static double[] TakeOut(Span<double> z, int season)
    {
        using var scratch = new Scratch(2 * z.Length);
        var level = scratch.Take(z.Length);
        var off = scratch.Take(z.Length);
        SeasonalProfile.Level(z, season, level);
        for (var t = 0; t < z.Length; t++)
        {
            off[t] = z[t] - level[t];
        }

        var profile = Medians(off, season);
        Shrink(off, profile);
        Dots.AddRepeated(profile, -1, z);

        return profile;
    }

    private static double[] Medians(ReadOnlySpan<double> off, int season)
    {
        var (profile, column) = (new double[season], new double[MostRounds]);
        for (var place = 0; place < season; place++)
        {
            var count = 0;
            for (var t = off.Length - 1 - ((off.Length - 1 - place) % season); t >= 0 && count < MostRounds; t -= season)
            {
                column[count++] = off[t];
            }

            profile[place] = Selection.Median(column.AsSpan(0, count));
        }

        var mean = profile.Sum() / season;
        for (var place = 0; place < season; place++)
        {
            profile[place] -= mean;
        }

        return profile;
    }

    /// <summary>Multiplies the profile by the share of its variance that is not the noise of its medians.</summary>
    /// <remarks>James and Stein (1961), with absolute deviations in place of squares, so that a few wild values do not hide a season.</remarks>
    private static void Shrink(ReadOnlySpan<double> off, Span<double> profile)
    {
        var (left, size) = (0.0, 0.0);
        for (var (t, place) = (0, 0); t < off.Length; t++, place = place + 1 == profile.Length ? 0 : place + 1)
        {
            left += Math.Abs(off[t] - profile[place]) / off.Length;
        }

        foreach (var value in profile)
        {
            size += value * value / profile.Length;
        }

        // Of normal values the squared deviation is pi/2 times the square of the mean absolute one.
        var rounds = Math.Min(MostRounds, (double)off.Length / profile.Length);
        var noise = MedianNoise * (Math.PI / 2) * left * left / rounds;
        var share = size > 0 ? Math.Max(0, 1 - (noise / size)) : 0;
        foreach (ref var value in profile)
        {
            value *= share;
        }
    }
}
