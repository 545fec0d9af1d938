using Headroom.Analytics.Forecasting.Repair;

namespace Headroom.Analytics.Forecasting.Events;

/// <summary>What each day of a holiday does to a series, as a share of an ordinary day, learned from the holidays it has seen.</summary>
/// <remarks>
/// An ordinary day is the median of the same weekday up to four weeks before and after, holidays aside. An effect is shrunk towards none by how noisy ordinary days are against a
/// prior of <see cref="PriorEffect"/>, smoothed over neighboring days, and forgotten where its holiday as a whole does not stand out.
/// </remarks>
internal sealed class HolidayEffect
{
    private const double PriorEffect = 0.3;
    private const double StandsOut = 2.5;
    private const double LeastFactor = 0.02;
    private const int Week = 7;
    private const int Weeks = 4;

    private readonly double[] _effects;

    private HolidayEffect(double[] effects) => _effects = effects;

    /// <summary>What an ordinary value is multiplied by on this date; 1 where nothing is known.</summary>
    public double FactorOn(DateOnly date) => ChineseHolidays.KeyOf(date) is >= 0 and var key ? Math.Max(LeastFactor, 1 + _effects[key]) : 1;

    /// <param name="days">Means of whole days; NaN where unknown.</param>
    /// <returns>Null where no holiday stands out.</returns>
    public static HolidayEffect? Of(double[] days, DateOnly first)
    {
        var keys = Enumerable.Range(0, days.Length).Select(i => ChineseHolidays.KeyOf(first.AddDays(i))).ToArray();
        var shares = Enumerable.Range(0, days.Length).Select(i => (days[i] / Ordinary(days, keys, i)) - 1).ToArray();
        var noise = 1.4826 * HistoryRepair.Median(shares.Where((_, i) => keys[i] < 0).Select(Math.Abs));
        if (!double.IsFinite(noise) || !Enumerable.Contains(keys, 0))
        {
            return null;
        }

        var (sums, counts) = (new double[ChineseHolidays.Keys], new int[ChineseHolidays.Keys]);
        for (var i = 0; i < days.Length; i++)
        {
            if (keys[i] >= 0 && double.IsFinite(shares[i]))
            {
                sums[keys[i]] += shares[i];
                counts[keys[i]]++;
            }
        }

        var shrinkage = noise * noise / (PriorEffect * PriorEffect);
        var effects = sums.Zip(counts, (sum, count) => count == 0 ? 0 : sum / (count + shrinkage)).ToArray();
        var any = Keep(effects, counts, 0, ChineseHolidays.SpringDays, noise) | Keep(effects, counts, ChineseHolidays.SpringDays, ChineseHolidays.GoldenDays, noise);
        for (var key = ChineseHolidays.SpringDays + ChineseHolidays.GoldenDays; key < ChineseHolidays.Keys; key++)
        {
            any |= Keep(effects, counts, key, 1, noise);
        }

        return any ? new(effects) : null;
    }

    private static double Ordinary(double[] days, int[] keys, int at)
    {
        var like = new List<double>(2 * Weeks);
        for (var week = -Weeks; week <= Weeks; week++)
        {
            var i = at + (week * Week);
            if (week != 0 && i >= 0 && i < days.Length && keys[i] < 0)
            {
                like.Add(days[i]);
            }
        }

        return HistoryRepair.Median(like) is > 0 and var median ? median : double.NaN;
    }

    /// <summary>Smooths the days of one holiday, or clears them where their root mean square is no more than noise would give. True where kept.</summary>
    private static bool Keep(double[] effects, int[] counts, int from, int length, double noise)
    {
        var squares = 0.0;
        for (var key = from; key < from + length; key++)
        {
            squares += counts[key] * effects[key] * effects[key] / length;
        }

        if (Math.Sqrt(squares) < StandsOut * noise)
        {
            Array.Clear(effects, from, length);
            return false;
        }

        var raw = effects.AsSpan(from, length).ToArray();
        for (var i = 1; i + 1 < length; i++)
        {
            effects[from + i] = (0.25 * raw[i - 1]) + (0.5 * raw[i]) + (0.25 * raw[i + 1]);
        }

        return true;
    }
}
