using System.Runtime.Intrinsics;
using Headroom.Analytics.Forecasting.MedianLevel;

namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Splits a series into one season, a trend and a rest, by repeated loess; outliers lose their weight.</summary>
/// <remarks>Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990); windows and jumps as R's `stl` has them by default.</remarks>
/// <param name="period">Steps of the season, 2 or more; the series holds two of them.</param>
/// <param name="seasonWindow">Seasons over which a place of the season is smoothed; odd.</param>
/// <param name="inner">Passes of season and trend between updates of the robustness weights.</param>
/// <param name="outer">How often these weights are made; 0 for a fit that is not robust.</param>
internal sealed class Stl(int period, int seasonWindow, int inner, int outer)
{
    private const int Lanes = 4;

    private readonly int _trendWindow = Odd((int)Math.Ceiling(1.5 * period / (1 - (1.5 / seasonWindow))));
    private readonly int _lowWindow = Odd(period);

    /// <param name="season">Filled.</param>
    /// <param name="trend">Filled.</param>
    public void Split(ReadOnlySpan<double> values, Span<double> season, Span<double> trend)
    {
        var n = values.Length;
        using var scratch = new Scratch((6 * n) + (3 * period) + (2 * Lanes) + 3);

        // Vectors are read a little beyond the end.
        var trusted = scratch.TakeCleared(n + Lanes);
        var detrended = scratch.TakeCleared(n + Lanes);
        var cycle = scratch.Take(n + (2 * period));
        var low = scratch.Take(n);
        var means = scratch.Take((2 * n) + period + 3);
        var most = ((n - 1) / period) + 1;
        var (full, cut) = (new Loess(most, seasonWindow, Jump(seasonWindow)), new Loess(most - 1, seasonWindow, Jump(seasonWindow)));
        var (lowPass, level) = (new Loess(n, _lowWindow, Jump(_lowWindow)), new Loess(n, _trendWindow, Jump(_trendWindow)));
        trend.Clear();
        for (var round = 0; round <= outer; round++)
        {
            ReadOnlySpan<double> trust = round == 0 ? [] : trusted;
            for (var pass = 0; pass < inner; pass++)
            {
                for (var t = 0; t < n; t++)
                {
                    detrended[t] = values[t] - trend[t];
                }

                var places = n - ((most - 1) * period);
                Cycle(detrended, trust, full, most, 0, places, cycle);
                Cycle(detrended, trust, cut, most - 1, places, period, cycle);
                Low(cycle, lowPass, means, low);
                for (var t = 0; t < n; t++)
                {
                    season[t] = cycle[period + t] - low[t];
                    detrended[t] = values[t] - season[t];
                }

                level.Smooth(detrended[..n], trust, trend);
            }

            if (round < outer)
            {
                Trust(values, season, trend, trusted[..n], means);
            }
        }
    }

    /// <summary>Smooths each of some places of the season over the seasons, by local means, and goes one season beyond both ends.</summary>
    /// <param name="count">Rounds that these places have.</param>
    private void Cycle(ReadOnlySpan<double> detrended, ReadOnlySpan<double> trust, Loess loess, int count, int from, int until, Span<double> cycle)
    {
        if (from == until)
        {
            return;
        }

        Means(detrended, trust, loess, -1, from, until, cycle);
        Means(detrended, trust, loess, count, from, until, cycle);
        var before = 0;
        for (var at = 0; at >= 0; at = loess.Next(at))
        {
            Means(detrended, trust, loess, at, from, until, cycle);
            for (var between = before + 1; between < at; between++)
            {
                var share = (double)(between - before) / (at - before);
                for (var place = from; place < until; place++)
                {
                    var (left, right) = (cycle[place + ((before + 1) * period)], cycle[place + ((at + 1) * period)]);
                    cycle[place + ((between + 1) * period)] = left + ((right - left) * share);
                }
            }

            before = at;
        }
    }

    /// <summary>Weighted means of some places over the rounds around one; where none is trusted, the nearest value.</summary>
    /// <remarks>Neighboring places have the same neighbors in time: several are smoothed at once, each in a lane of its own.</remarks>
    private void Means(ReadOnlySpan<double> detrended, ReadOnlySpan<double> trust, Loess loess, int at, int from, int until, Span<double> cycle)
    {
        var kernel = loess.At(at, out var left);
        var weights = kernel.Weights;
        for (var place = from; place < until; place += Lanes)
        {
            var (total, sum) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var i = 0; i < weights.Length; i++)
            {
                var round = place + ((left + i) * period);
                var weight = Vector256.Create(weights[i]);
                weight = trust.IsEmpty ? weight : weight * Vector256.Create(trust[round..]);
                total += weight;
                sum += weight * Vector256.Create(detrended[round..]);
            }

            var nearest = Vector256.Create(detrended[(place + ((left + kernel.Nearest) * period))..]);
            var means = Vector256.ConditionalSelect(Vector256.GreaterThan(total, Vector256<double>.Zero), sum / total, nearest);
            var into = cycle[(place + ((at + 1) * period))..];
            for (var lane = 0; lane < Math.Min(Lanes, until - place); lane++)
            {
                into[lane] = means[lane];
            }
        }
    }

    /// <summary>Moving means of the period, twice, and of three, then loess: what of the cycle is no season.</summary>
    /// <param name="means">Room for three times as many.</param>
    private void Low(ReadOnlySpan<double> cycle, Loess lowPass, Span<double> means, Span<double> low)
    {
        var first = means[..(low.Length + period + 1)];
        var second = means.Slice(first.Length, low.Length + 2);
        Moving(cycle, period, first);
        Moving(first, period, second);
        Moving(second, 3, first[..low.Length]);
        lowPass.Smooth(first[..low.Length], [], low);
    }

    private static void Moving(ReadOnlySpan<double> values, int window, Span<double> means)
    {
        var (sum, share) = (0.0, 1.0 / window);
        for (var i = 0; i < window; i++)
        {
            sum += values[i];
        }

        means[0] = sum * share;
        for (var i = 1; i < means.Length; i++)
        {
            sum += values[i + window - 1] - values[i - 1];
            means[i] = sum * share;
        }
    }

    /// <summary>Bisquare weights by six medians of the absolute rest.</summary>
    /// <param name="sorted">Room for as many.</param>
    private static void Trust(ReadOnlySpan<double> values, ReadOnlySpan<double> season, ReadOnlySpan<double> trend, Span<double> trust, Span<double> sorted)
    {
        for (var t = 0; t < trust.Length; t++)
        {
            trust[t] = Math.Abs(values[t] - season[t] - trend[t]);
        }

        trust.CopyTo(sorted);
        var limit = 6 * Selection.Median(sorted[..trust.Length]);
        for (var t = 0; t < trust.Length; t++)
        {
            var share = trust[t] / limit;
            trust[t] = share <= 0.001 || limit == 0 ? 1 : share > 0.999 ? 0 : (1 - (share * share)) * (1 - (share * share));
        }
    }

    private static int Odd(int window) => window % 2 == 0 ? window + 1 : window;

    private static int Jump(int window) => (window + 9) / 10;
}
