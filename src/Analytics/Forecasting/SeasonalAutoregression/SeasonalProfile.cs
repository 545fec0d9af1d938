using System.Runtime.Intrinsics;
using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting.SeasonalAutoregression;

/// <summary>The mean deviation from the level at each place of the longest season; recent seasons weigh more, and the first season lends its own mean.</summary>
internal static class SeasonalProfile
{
    /// <summary>What each season further back may weigh less; the one that foretells the next season best is taken.</summary>
    private static readonly double[] Recencies = [0.7, 0.85, 0.93, 0.97, 1];
    private const int LeastSeasons = 4;
    private const double LongShare = 0.85;

    /// <summary>The centered moving mean over one season; near the ends, where it has no full window, the nearest one that has.</summary>
    public static void Level(ReadOnlySpan<double> z, int season, Span<double> level)
    {
        if (z.Length <= season)
        {
            var sum = 0.0;
            foreach (var value in z)
            {
                sum += value / z.Length;
            }

            level.Fill(sum);
            return;
        }

        // An even season takes half of each end, so that the window is centered on a step.
        var half = season / 2;
        var even = season % 2 == 0;
        for (var t = half; t < z.Length - half; t++)
        {
            if (t == half || (t - half) % season == 0)
            {
                level[t] = Window(z, t, half, even, season);
            }
            else
            {
                level[t] = level[t - 1] + ((even
                    ? ((z[t + half] + z[t + half - 1]) / 2) - ((z[t - half] + z[t - half - 1]) / 2)
                    : z[t + half] - z[t - half - 1]) / season);
            }
        }

        level[..half].Fill(level[half]);
        level[(z.Length - half)..].Fill(level[z.Length - half - 1]);
    }

    /// <param name="profile">One value per place of the longest season, counted from the first step; averages zero.</param>
    /// <param name="recency">What each season further back weighs less; null takes the one that would have foretold past seasons best.</param>
    /// <param name="scratch">As long as <paramref name="profile"/>.</param>
    public static void Of(ReadOnlySpan<double> z, ReadOnlySpan<double> level, ReadOnlySpan<int> seasons, Span<double> profile, Span<double> scratch, double? recency = null)
    {
        Means(z, level, recency ?? BestRecency(z, level, profile.Length), profile);
        if (seasons.Length > 1 && seasons[^1] % seasons[0] == 0)
        {
            var day = scratch[..seasons[0]];
            Means(z, level, decay: 1, day);
            for (var place = 0; place < profile.Length; place++)
            {
                profile[place] = (LongShare * profile[place]) + ((1 - LongShare) * day[place % day.Length]);
            }
        }

        var mean = 0.0;
        foreach (var value in profile)
        {
            mean += value / profile.Length;
        }

        for (var place = 0; place < profile.Length; place++)
        {
            profile[place] -= mean;
        }
    }

    /// <summary>Takes the season out of the values, as far as it explains them, and returns what was taken, place by place.</summary>
    public static double[] TakeOut(Span<double> z, int season)
    {
        using var scratch = new Scratch(z.Length + season);
        var level = scratch.Take(z.Length);
        var profile = new double[season];
        Level(z, season, level);
        var recency = BestRecency(z, level, season);
        Of(z, level, [season], profile, scratch.Take(season), recency);
        Shrink(z, level, recency, profile);
        Dots.AddRepeated(profile, -1, z);

        return profile;
    }

    /// <summary>Multiplies the profile by the share of its variance that is not the noise of its means: none is left of a season that is not there.</summary>
    /// <remarks>James and Stein (1961), with the noise of a mean of as many seasons as the recency lets count.</remarks>
    private static void Shrink(ReadOnlySpan<double> z, ReadOnlySpan<double> level, double recency, Span<double> profile)
    {
        var (left, size) = (0.0, 0.0);
        for (var (t, place) = (0, 0); t < z.Length; t++, place = place + 1 == profile.Length ? 0 : place + 1)
        {
            var off = z[t] - level[t] - profile[place];
            left += off * off;
        }

        foreach (var value in profile)
        {
            size += value * value / profile.Length;
        }

        var seasons = (double)z.Length / profile.Length;
        var counted = recency < 1 ? Math.Min(seasons, (1 + recency) / (1 - recency)) : seasons;
        var noise = left / Math.Max(1, z.Length - profile.Length) / counted;
        var share = size > 0 ? Math.Max(0, 1 - (noise / size)) : 0;
        for (var place = 0; place < profile.Length; place++)
        {
            profile[place] *= share;
        }
    }

    /// <summary>Least absolute error of foretelling each value from earlier seasons at its place.</summary>
    private static double BestRecency(ReadOnlySpan<double> z, ReadOnlySpan<double> level, int season)
    {
        var (best, least) = (Recencies[0], double.PositiveInfinity);
        if (z.Length < LeastSeasons * season)
        {
            return best;
        }

        var sums = new double[season];
        foreach (var recency in Recencies)
        {
            var (error, total) = (0.0, 0.0);
            Array.Clear(sums);
            for (var from = 0; from < z.Length; from += season)
            {
                var until = Math.Min(z.Length, from + season);
                error += Round(z[from..until], level[from..until], sums, recency, from >= 2 * season ? total : double.PositiveInfinity);
                total = (recency * total) + 1;
            }

            (best, least) = error < least ? (recency, error) : (best, least);
        }

        return best;
    }

    /// <summary>The absolute errors of one round foretold by the sums of those before, to which it is added.</summary>
    /// <param name="total">The weight of the sums; infinity for a round that is not foretold.</param>
    private static double Round(ReadOnlySpan<double> z, ReadOnlySpan<double> level, Span<double> sums, double recency, double total)
    {
        var (errors, keep, by, i) = (Vector256<double>.Zero, Vector256.Create(recency), Vector256.Create(total), 0);
        var counts = double.IsFinite(total);
        for (; i + Vector256<double>.Count <= z.Length; i += Vector256<double>.Count)
        {
            var (value, sum) = (Vector256.Create<double>(z[i..]) - Vector256.Create<double>(level[i..]), Vector256.Create<double>(sums[i..]));
            errors += counts ? Vector256.Abs(value - (sum / by)) : Vector256<double>.Zero;
            ((keep * sum) + value).CopyTo(sums[i..]);
        }

        var error = Vector256.Sum(errors);
        for (; i < z.Length; i++)
        {
            var value = z[i] - level[i];
            error += counts ? Math.Abs(value - (sums[i] / total)) : 0;
            sums[i] = (recency * sums[i]) + value;
        }

        return error;
    }

    private static void Means(ReadOnlySpan<double> z, ReadOnlySpan<double> level, double decay, Span<double> means)
    {
        for (var place = 0; place < means.Length; place++)
        {
            var (sum, total, weight) = (0.0, 0.0, 1.0);
            for (var t = LastAt(place, z.Length, means.Length); t >= 0; t -= means.Length)
            {
                (sum, total, weight) = (sum + (weight * (z[t] - level[t])), total + weight, weight * decay);
            }

            means[place] = total > 0 ? sum / total : 0;
        }
    }

    private static int LastAt(int place, int length, int season) => place + ((length - 1 - place) / season * season);

    private static double Window(ReadOnlySpan<double> z, int center, int half, bool even, int season)
    {
        var sum = even ? -(z[center - half] + z[center + half]) / 2 : 0;
        foreach (var value in z.Slice(center - half, (2 * half) + 1))
        {
            sum += value;
        }

        return sum / season;
    }
}
