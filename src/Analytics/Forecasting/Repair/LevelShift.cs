namespace Headroom.Analytics.Forecasting.Repair;

/// <summary>Finds whether the last days stand at another level than all before, and moves what was before to that level.</summary>
/// <remarks>
/// The mean of the last 3 to 7 days against the median of the 14 before them, weekdays apart. It counts as a shift where every one of these days is on the same side and the
/// difference is twice any the history has had for as many days, and four robust deviations: what has come and gone before is no shift.
/// </remarks>
internal static class LevelShift
{
    private const int Before = 14;
    private const int LeastDays = 3;
    private const int MostDays = 7;
    private const int LeastHistory = 28;
    private const int SubdailySeason = 12;
    private const double Unprecedented = 2;
    private const double Deviations = 4 * 1.4826;

    public static IEnumerable<HistoryFinding> Straighten(double[] history, ForecastSpec spec)
    {
        var season = spec.Nested[0];
        var day = season >= SubdailySeason ? season : 1;
        var days = history.Length / day;
        // A season of 12 or more without a longer one that nests is a year of months or weeks, whose places are no days.
        if (season == 1 || days < LeastHistory || (spec.Nested.Length == 1 && season >= SubdailySeason))
        {
            return [];
        }

        var levels = Days(history, day, days, week: spec.Nested[^1] / day);
        var (count, size) = Find(levels);
        if (count == 0)
        {
            return [];
        }

        var from = history.Length - (count * day);
        Move(history, from, size, spec);
        return [new(FindingKind.LevelShift, from, history.Length - from, size)];
    }

    /// <summary>Means of whole days, the last one last, without what the weekday usually adds; NaN where less than half is known.</summary>
    private static double[] Days(double[] history, int day, int days, int week)
    {
        var means = new double[days];
        for (var i = 0; i < days; i++)
        {
            var steps = history.AsSpan(history.Length - ((days - i) * day), day);
            var (sum, known) = (0.0, 0);
            foreach (var value in steps)
            {
                (sum, known) = double.IsFinite(value) ? (sum + value, known + 1) : (sum, known);
            }

            means[i] = 2 * known > day || known == day ? sum / known : double.NaN;
        }

        if (week > 1 && days >= 3 * week)
        {
            var around = Enumerable.Range(0, days).Select(i => means[i] - HistoryRepair.Median(means.AsSpan(Math.Clamp(i - (week / 2), 0, days - week), week))).ToArray();
            for (var weekday = 0; weekday < week; weekday++)
            {
                var usual = HistoryRepair.Median(around.Where((_, i) => i % week == weekday));
                for (var i = weekday; i < days; i += week)
                {
                    means[i] -= double.IsFinite(usual) ? usual : 0;
                }
            }
        }

        return means;
    }

    /// <summary>How many days ago the level moved, and by how much; 0 days where it did not.</summary>
    private static (int Days, double Size) Find(double[] levels)
    {
        var (best, bestDays, bestSize) = (1.0, 0, 0.0);
        for (var count = LeastDays; count <= MostDays; count++)
        {
            var last = Jump(levels, levels.Length - count, count);
            var past = Enumerable.Range(Before, Math.Max(0, levels.Length - Before - (2 * count))).Select(i => Math.Abs(Jump(levels, i, count))).Where(double.IsFinite).ToArray();
            if (past.Length < Before || !double.IsFinite(last))
            {
                continue;
            }

            var ratio = Math.Abs(last) / Math.Max(Unprecedented * past.Max(), Deviations * HistoryRepair.Median(past));
            if (ratio > best && OnOneSide(levels, count, last))
            {
                (best, bestDays, bestSize) = (ratio, count, last);
            }
        }

        return (bestDays, bestSize);
    }

    private static double Jump(double[] levels, int at, int count) =>
        (Sums.Of(levels.AsSpan(at, count)) / count) - HistoryRepair.Median(levels.AsSpan(at - Before, Before));

    private static bool OnOneSide(double[] levels, int count, double size)
    {
        var before = HistoryRepair.Median(levels.AsSpan(levels.Length - count - Before, Before));
        return levels.Skip(levels.Length - count).All(level => (level - before) / size > 0.5);
    }

    /// <summary>Adds the difference or multiplies by the ratio, whichever makes the season before look more like the days after.</summary>
    private static void Move(double[] history, int from, double size, ForecastSpec spec)
    {
        var season = spec.Nested[^1] <= from ? spec.Nested[^1] : spec.Nested[0];
        var before = HistoryRepair.Median(history.Take(from).TakeLast(2 * season));
        var factor = before > 0 && before + size > 0 && spec.NonNegative ? (before + size) / before : double.NaN;
        var (added, multiplied) = (0.0, 0.0);
        for (var t = from; t < history.Length; t++)
        {
            var like = history[t - season];
            var (one, other) = (Math.Abs(history[t] - like - size), Math.Abs(history[t] - (like * factor)));
            (added, multiplied) = double.IsFinite(one) && double.IsFinite(other) ? (added + one, multiplied + other) : (added, multiplied);
        }

        for (var t = 0; t < from; t++)
        {
            history[t] = double.IsFinite(factor) && multiplied <= added ? history[t] * factor : history[t] + size;
            history[t] = spec.NonNegative ? Math.Max(0, history[t]) : history[t];
        }
    }
}
