namespace Headroom.Analytics.Forecasting.Repair;

/// <summary>Finds stretches in which a series that is otherwise well above zero was near zero, and makes gaps of them.</summary>
/// <remarks>A stretch that lasts until now is kept: it cannot be told from the end of the series. So are zeros that come often: they belong to it.</remarks>
internal static class Outages
{
    /// <summary>Of the usual value at the same place of the season.</summary>
    private const double NearZero = 0.05;

    private const int MostOutages = 5;
    private const double MostShare = 0.25;
    private const double OtherwiseAtMost = 0.01;
    private const int SeasonsSeen = 3;
    private const int LeastSteps = 3;

    public static IEnumerable<HistoryFinding> TakeOut(double[] history, ForecastSpec spec)
    {
        var season = spec.Seasons[0];
        if (!spec.NonNegative || history.Length < Math.Max(SeasonsSeen * season, 10 * LeastSteps))
        {
            return [];
        }

        var low = Low(history, season);
        var least = Math.Max(LeastSteps, season / 4);
        var found = Stretches(low, history, least);
        var lowSteps = low.Count(isLow => isLow);
        var inside = found.Sum(f => f.Steps);
        if (found.Count > MostOutages || inside > MostShare * history.Length || lowSteps - inside > OtherwiseAtMost * history.Length)
        {
            return [];
        }

        foreach (var outage in found)
        {
            Array.Fill(history, double.NaN, outage.From, outage.Steps);
        }

        return found;
    }

    private static bool[] Low(double[] history, int season)
    {
        var usual = new double[season];
        var column = new double[(history.Length / season) + 1];
        for (var place = 0; place < season; place++)
        {
            var count = 0;
            for (var t = place; t < history.Length; t += season)
            {
                column[count++] = history[t];
            }

            usual[place] = HistoryRepair.Median(column.AsSpan(0, count));
        }

        var low = new bool[history.Length];
        for (var (t, place) = (0, 0); t < low.Length; t++, place = place + 1 == season ? 0 : place + 1)
        {
            low[t] = usual[place] > 0 && history[t] <= NearZero * usual[place];
        }

        return low;
    }

    /// <summary>Long enough, with ordinary values before and after.</summary>
    private static List<HistoryFinding> Stretches(bool[] low, double[] history, int least)
    {
        var found = new List<HistoryFinding>();
        for (var from = 0; from < low.Length;)
        {
            var until = from;
            while (until < low.Length && (low[until] || (until > from && !double.IsFinite(history[until]))))
            {
                until++;
            }

            if (until - from >= least && from >= least && until < low.Length)
            {
                found.Add(new(FindingKind.Outage, from, until - from, Size: 0));
            }

            from = until + 1;
        }

        return found;
    }
}
