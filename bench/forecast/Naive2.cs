namespace Headroom.ForecastBench;

/// <summary>The benchmark of the M4 competition: the last value, seasonally adjusted by classical multiplicative decomposition where a 90 % test says that there is a season.</summary>
internal static class Naive2
{
    private const double Ninety = 1.645;

    public static double[] Forecast(double[] history, int season, int horizon)
    {
        var factors = history.All(v => v > 0) && IsSeasonal(history, season) ? Factors(history, season) : null;
        var last = history.Length - 1;
        return [.. Enumerable.Range(1, horizon).Select(h => factors is null ? history[last] : history[last] / factors[last % season] * factors[(last + Back(h, season)) % season])];
    }

    /// <summary>The last season of factors is repeated.</summary>
    private static int Back(int h, int season) => ((h - 1) % season) + 1;

    private static bool IsSeasonal(double[] x, int season)
    {
        var most = (int)Math.Floor(10 * Math.Log10(x.Length));
        if (season <= 1 || x.Length < 3 * season || season > most)
        {
            return false;
        }

        var mean = x.Average();
        var variance = x.Sum(v => (v - mean) * (v - mean));
        var (squares, at) = (1.0, 0.0);
        for (var lag = 1; lag <= season; lag++)
        {
            at = Enumerable.Range(lag, x.Length - lag).Sum(t => (x[t] - mean) * (x[t - lag] - mean)) / variance;
            squares += 2 * at * at;
        }

        return Math.Abs(at) > Ninety / Math.Sqrt(x.Length) * Math.Sqrt(squares);
    }

    private static double[]? Factors(double[] x, int season)
    {
        var half = season / 2;
        var (sums, counts) = (new double[season], new int[season]);
        for (var t = half; t < x.Length - half; t++)
        {
            var window = 0.0;
            for (var k = -half; k <= half; k++)
            {
                window += (season % 2 == 0 && Math.Abs(k) == half ? 0.5 : 1) * x[t + k];
            }

            sums[t % season] += x[t] / (window / season);
            counts[t % season]++;
        }

        var factors = sums.Zip(counts, (s, c) => s / c).ToArray();
        var mean = factors.Average();
        factors = Array.ConvertAll(factors, f => f / mean);
        return factors.All(f => double.IsFinite(f) && f > 0) ? factors : null;
    }
}
