namespace Headroom.ForecastBench;

/// <summary>How one forecast did, by the definitions of the M4 competition. Source: Makridakis, Spiliotis and Assimakopoulos, International Journal of Forecasting 36 (2020).</summary>
/// <param name="Mase">Mean absolute error over the mean absolute seasonal difference of the history.</param>
/// <param name="SeasonalNaive">MASE of repeating the last season of the scorer.</param>
/// <param name="Quantile">Mean of twice the pinball loss at 2.5, 10, 50, 90 and 97.5 %, on the scale of MASE.</param>
/// <param name="Held80">Share of values inside the 80 % band.</param>
/// <param name="Msis">Mean scaled interval score of the 95 % band.</param>
internal readonly record struct Score(
    double Smape, double Mase, double SmapeNaive2, double MaseNaive2, double SeasonalNaive, double Quantile, double Held80, double Held95, double Msis)
{
    private static readonly (double Level, int Column)[] Quantiles = [(0.025, 0), (0.1, 1), (0.5, 2), (0.9, 3), (0.975, 4)];

    /// <param name="columns">lo95, lo80, mean, hi80, hi95; each one value per step.</param>
    /// <returns>Null where the scale of the history is zero or nothing is known.</returns>
    public static Score? Of(ReadOnlySpan<double> history, double[] actual, double[][] columns, int season)
    {
        var scale = ScaleOf(history, season);
        if (!(scale > 0))
        {
            return null;
        }

        var naive2 = Naive2.Forecast(history.ToArray(), season, actual.Length);
        var (steps, score) = (0, default(Score));
        for (var h = 0; h < actual.Length; h++)
        {
            var y = actual[h];
            if (!double.IsFinite(y))
            {
                continue;
            }

            steps++;
            var (lo95, lo80, mean, hi80, hi95) = (columns[0][h], columns[1][h], columns[2][h], columns[3][h], columns[4][h]);
            score = new(
                score.Smape + Symmetric(y, mean),
                score.Mase + (Math.Abs(y - mean) / scale),
                score.SmapeNaive2 + Symmetric(y, naive2[h]),
                score.MaseNaive2 + (Math.Abs(y - naive2[h]) / scale),
                score.SeasonalNaive + (Math.Abs(y - LastSeason(history, season, h)) / scale),
                score.Quantile + (2 * Quantiles.Average(q => Pinball(y, columns[q.Column][h], q.Level)) / scale),
                score.Held80 + (lo80 <= y && y <= hi80 ? 1 : 0),
                score.Held95 + (lo95 <= y && y <= hi95 ? 1 : 0),
                score.Msis + ((hi95 - lo95 + (40 * Math.Max(0, lo95 - y)) + (40 * Math.Max(0, y - hi95))) / scale));
        }

        return steps == 0 ? null : score.Times(1.0 / steps);
    }

    public static Score Mean(IReadOnlyCollection<Score> scores) => scores.Aggregate(default(Score), (sum, s) => sum.Plus(s)).Times(1.0 / scores.Count);

    /// <summary>Of a mean over a set: sMAPE and MASE relative to Naive2, averaged.</summary>
    public double Owa => ((Smape / SmapeNaive2) + (Mase / MaseNaive2)) / 2;

    private static double ScaleOf(ReadOnlySpan<double> history, int season)
    {
        season = history.Length <= season ? 1 : season;
        var (sum, count) = (0.0, 0);
        for (var t = season; t < history.Length; t++)
        {
            var difference = Math.Abs(history[t] - history[t - season]);
            (sum, count) = double.IsFinite(difference) ? (sum + difference, count + 1) : (sum, count);
        }

        return sum / count;
    }

    private static double LastSeason(ReadOnlySpan<double> history, int season, int h)
    {
        for (var place = history.Length - season + (h % season); place >= 0; place -= season)
        {
            if (double.IsFinite(history[place]))
            {
                return history[place];
            }
        }

        return 0;
    }

    private static double Symmetric(double y, double f) => Math.Abs(y) + Math.Abs(f) is > 0 and var sum ? 200 * Math.Abs(y - f) / sum : 0;

    private static double Pinball(double y, double f, double q) => Math.Max(q * (y - f), (q - 1) * (y - f));

    private Score Plus(Score o) => new(
        Smape + o.Smape, Mase + o.Mase, SmapeNaive2 + o.SmapeNaive2, MaseNaive2 + o.MaseNaive2, SeasonalNaive + o.SeasonalNaive, Quantile + o.Quantile, Held80 + o.Held80, Held95 + o.Held95, Msis + o.Msis);

    private Score Times(double by) => new(
        by * Smape, by * Mase, by * SmapeNaive2, by * MaseNaive2, by * SeasonalNaive, by * Quantile, by * Held80, by * Held95, by * Msis);
}
