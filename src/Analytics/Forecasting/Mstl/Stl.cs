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
        var (detrended, cycle, low, trust) = (new double[n + Lanes], new double[n + (2 * period)], new double[n + (2 * period)], Array.Empty<double>());
        var most = ((n - 1) / period) + 1;
        var (full, cut) = (new Loess(most, seasonWindow, Jump(seasonWindow)), new Loess(most - 1, seasonWindow, Jump(seasonWindow)));
        var lowPass = new Loess(n, _lowWindow, Jump(_lowWindow));
        var level = new Loess(n, _trendWindow, Jump(_trendWindow));
        trend.Clear();
        for (var round = 0; round <= outer; round++)
        {
            for (var pass = 0; pass < inner; pass++)
            {
                for (var t = 0; t < n; t++)
                {
                    detrended[t] = values[t] - trend[t];
                }

                var places = n - ((most - 1) * period);
                Cycle(detrended, trust, full, most, 0, places, cycle);
                Cycle(detrended, trust, cut, most - 1, places, period, cycle);
                Low(cycle, lowPass, low, n);
                for (var t = 0; t < n; t++)
                {
                    season[t] = cycle[period + t] - low[t];
                    detrended[t] = values[t] - season[t];
                }

                level.Smooth(detrended.AsSpan(0, n), trust, trend);
            }

            trust = round < outer ? Trust(values, season, trend) : trust;
        }
    }

    /// <summary>Smooths each of some places of the season over the seasons, by local means, and goes one season beyond both ends.</summary>
    /// <remarks>Neighboring places have the same neighbors in time: several are smoothed at once, each in a lane of its own.</remarks>
    /// <param name="count">Rounds that these places have.</param>
    private void Cycle(double[] detrended, double[] trust, Loess loess, int count, int from, int until, Span<double> cycle)
    {
        for (var place = from; place < until; place += Lanes)
        {
            var lanes = Math.Min(Lanes, until - place);
            Put(Mean(detrended, trust, loess, -1, place), cycle[place..], lanes);
            var (before, at) = (0, 0);
            for (Vector256<double> last = default; at >= 0; at = loess.Next(at))
            {
                var mean = Mean(detrended, trust, loess, at, place);
                for (var i = before + 1; i < at; i++)
                {
                    Put(last + ((mean - last) * Vector256.Create((double)(i - before)) / Vector256.Create((double)(at - before))), cycle[(place + ((i + 1) * period))..], lanes);
                }

                Put(mean, cycle[(place + ((at + 1) * period))..], lanes);
                (before, last) = (at, mean);
            }

            Put(Mean(detrended, trust, loess, count, place), cycle[(place + ((count + 1) * period))..], lanes);
        }
    }

    /// <summary>Weighted means of some neighboring places over the rounds around one; where none is trusted, the nearest value.</summary>
    private Vector256<double> Mean(double[] detrended, double[] trust, Loess loess, int at, int place)
    {
        var kernel = loess.At(at, out var left);
        var weights = kernel.Weights;
        var (total, sum) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < weights.Length; i++)
        {
            var round = place + ((left + i) * period);
            var weight = Vector256.Create(weights[i]);
            weight = trust.Length == 0 ? weight : weight * Vector256.Create<double>(trust.AsSpan(round));
            total += weight;
            sum += weight * Vector256.Create<double>(detrended.AsSpan(round));
        }

        var nearest = Vector256.Create<double>(detrended.AsSpan(place + ((left + kernel.Nearest) * period)));
        return Vector256.ConditionalSelect(Vector256.GreaterThan(total, Vector256<double>.Zero), sum / total, nearest);
    }

    private static void Put(Vector256<double> values, Span<double> into, int lanes)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            into[lane] = values[lane];
        }
    }

    /// <summary>Moving means of the period, twice, and of three, then loess: what of the cycle is no season.</summary>
    private void Low(ReadOnlySpan<double> cycle, Loess lowPass, Span<double> low, int n)
    {
        Span<double> first = new double[n + period + 1];
        Span<double> second = new double[n + 2];
        Span<double> third = new double[n];
        Moving(cycle, period, first);
        Moving(first, period, second);
        Moving(second, 3, third);
        lowPass.Smooth(third, [], low[..n]);
    }

    private static void Moving(ReadOnlySpan<double> values, int window, Span<double> means)
    {
        var sum = 0.0;
        for (var i = 0; i < window; i++)
        {
            sum += values[i];
        }

        means[0] = sum / window;
        for (var i = 1; i < means.Length; i++)
        {
            sum += values[i + window - 1] - values[i - 1];
            means[i] = sum / window;
        }
    }

    /// <summary>Bisquare weights by six medians of the absolute rest.</summary>
    private static double[] Trust(ReadOnlySpan<double> values, ReadOnlySpan<double> season, ReadOnlySpan<double> trend)
    {
        // Vectors are read a little beyond the end.
        var trust = new double[values.Length + Lanes];
        for (var t = 0; t < values.Length; t++)
        {
            trust[t] = Math.Abs(values[t] - season[t] - trend[t]);
        }

        var limit = 6 * Selection.Median(trust.AsSpan(0, values.Length).ToArray());
        for (var t = 0; t < values.Length; t++)
        {
            var share = trust[t] / limit;
            trust[t] = share <= 0.001 || limit == 0 ? 1 : share > 0.999 ? 0 : (1 - (share * share)) * (1 - (share * share));
        }

        return trust;
    }

    private static int Odd(int window) => window % 2 == 0 ? window + 1 : window;

    private static int Jump(int window) => (window + 9) / 10;
}
