namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Splits a series into one season, a trend and a rest, by repeated loess; outliers lose their weight.</summary>
/// <remarks>Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990); windows and jumps as R's `stl` has them by default.</remarks>
/// <param name="period">Steps of the season, 2 or more; the series holds two of them.</param>
/// <param name="seasonWindow">Seasons over which a place of the season is smoothed; odd.</param>
/// <param name="inner">Passes of season and trend between updates of the robustness weights.</param>
/// <param name="outer">How often these weights are made; 0 for a fit that is not robust.</param>
internal sealed class Stl(int period, int seasonWindow, int inner, int outer)
{
    private readonly int _trendWindow = Odd((int)Math.Ceiling(1.5 * period / (1 - (1.5 / seasonWindow))));
    private readonly int _lowWindow = Odd(period);

    /// <param name="season">Filled.</param>
    /// <param name="trend">Filled.</param>
    public void Split(ReadOnlySpan<double> values, Span<double> season, Span<double> trend)
    {
        var n = values.Length;
        var (detrended, cycle, low, trust) = (new double[n], new double[n + (2 * period)], new double[n + (2 * period)], Array.Empty<double>());
        var most = ((n - 1) / period) + 1;
        var (full, cut) = (new Loess(most, seasonWindow, linear: false, Jump(seasonWindow)), new Loess(most - 1, seasonWindow, linear: false, Jump(seasonWindow)));
        var lowPass = new Loess(n, _lowWindow, linear: true, Jump(_lowWindow));
        var level = new Loess(n, _trendWindow, linear: true, Jump(_trendWindow));
        trend.Clear();
        for (var round = 0; round <= outer; round++)
        {
            for (var pass = 0; pass < inner; pass++)
            {
                for (var t = 0; t < n; t++)
                {
                    detrended[t] = values[t] - trend[t];
                }

                Cycle(detrended, trust, full, cut, cycle);
                Low(cycle, lowPass, low, n);
                for (var t = 0; t < n; t++)
                {
                    season[t] = cycle[period + t] - low[t];
                    detrended[t] = values[t] - season[t];
                }

                level.Smooth(detrended, trust, trend);
            }

            trust = round < outer ? Trust(values, season, trend) : trust;
        }
    }

    /// <summary>Smooths each place of the season over the seasons and goes one season beyond both ends.</summary>
    private void Cycle(ReadOnlySpan<double> detrended, ReadOnlySpan<double> trust, Loess full, Loess cut, Span<double> cycle)
    {
        var most = ((detrended.Length - 1) / period) + 1;
        Span<double> values = new double[most];
        Span<double> weights = new double[most];
        Span<double> smooth = new double[most];
        for (var place = 0; place < period; place++)
        {
            var count = ((detrended.Length - 1 - place) / period) + 1;
            for (var k = 0; k < count; k++)
            {
                values[k] = detrended[place + (k * period)];
                weights[k] = trust.IsEmpty ? 1 : trust[place + (k * period)];
            }

            ReadOnlySpan<double> known = trust.IsEmpty ? [] : weights[..count];
            var loess = count == most ? full : cut;
            loess.Smooth(values[..count], known, smooth[..count]);
            cycle[place] = loess.At(values[..count], -1, known);
            for (var k = 0; k < count; k++)
            {
                cycle[place + ((k + 1) * period)] = smooth[k];
            }

            cycle[place + ((count + 1) * period)] = loess.At(values[..count], count, known);
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
        var trust = new double[values.Length];
        for (var t = 0; t < trust.Length; t++)
        {
            trust[t] = Math.Abs(values[t] - season[t] - trend[t]);
        }

        var sorted = (double[])trust.Clone();
        Array.Sort(sorted);
        var limit = 3 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
        for (var t = 0; t < trust.Length; t++)
        {
            var share = trust[t] / limit;
            trust[t] = share <= 0.001 || limit == 0 ? 1 : share > 0.999 ? 0 : (1 - (share * share)) * (1 - (share * share));
        }

        return trust;
    }

    private static int Odd(int window) => window % 2 == 0 ? window + 1 : window;

    private static int Jump(int window) => (window + 9) / 10;
}
