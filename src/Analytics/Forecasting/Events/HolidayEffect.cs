using Headroom.Analytics.Forecasting.Repair;

namespace Headroom.Analytics.Forecasting.Events;

/// <summary>What each day of a holiday does to a series, as a share of an ordinary day, learned from the holidays it has seen.</summary>
/// <remarks>
/// An ordinary day is the median of the same weekday up to four weeks before and after, holidays aside. An effect is shrunk towards none by how noisy ordinary days are against a
/// prior of <see cref="PriorEffect"/>, and forgotten where its holiday as a whole does not stand out from what ordinary days show when the calendar is moved (a permutation test).
/// </remarks>
internal sealed class HolidayEffect
{
    private const double PriorEffect = 0.3;

    /// <summary>The share of moved calendars that may show as much.</summary>
    private const double ByChance = 0.005;

    private const double LeastFactor = 0.02;
    private const int Week = 7;
    private const int Weeks = 4;

    /// <summary>What a holiday that was seen once may differ by the next time, as a share of its effect.</summary>
    private const double SeenOnce = 0.4;

    private readonly double[] _effects;
    private readonly double[] _deviations;

    private HolidayEffect(double[] effects, double[] deviations) => (_effects, _deviations) = (effects, deviations);

    /// <summary>Holidays that moved an assumption.</summary>
    public int DaysSeen { get; private init; }

    /// <summary>What an ordinary value is multiplied by on this date; 1 where nothing is known.</summary>
    public double FactorOn(DateOnly date) => ChineseHolidays.KeyOf(date) is >= 0 and var key ? Math.Max(LeastFactor, 1 + _effects[key]) : 1;

    /// <summary>How far the next year's factor may be from this one: a standard deviation.</summary>
    public double DeviationOn(DateOnly date) => ChineseHolidays.KeyOf(date) is >= 0 and var key ? _deviations[key] : 0;

    /// <param name="days">Means of whole days; NaN where unknown.</param>
    /// <returns>Null where no holiday stands out.</returns>
    public static HolidayEffect? Of(double[] days, DateOnly first)
    {
        var (keys, shares, noise) = Shares(days, first);
        if (!double.IsFinite(noise) || !Enumerable.Contains(keys, 0))
        {
            return null;
        }

        var seen = Enumerable.Range(0, ChineseHolidays.Keys).Select(key => shares.Where((share, i) => keys[i] == key && double.IsFinite(share)).ToArray()).ToArray();
        var shrinkage = noise * noise / (PriorEffect * PriorEffect);
        var effects = Array.ConvertAll(seen, years => years.Length == 0 ? 0 : years.Sum() / (years.Length + shrinkage));
        var deviations = new double[effects.Length];
        var any = false;
        foreach (var (from, length) in Holidays())
        {
            if (new HolidayStrength(shares, keys, from, length, shrinkage).ChanceOfAsMuch() <= ByChance)
            {
                Differ(effects.AsSpan(from, length), seen.AsSpan(from, length), deviations.AsSpan(from, length));
                any = true;
            }
            else
            {
                effects.AsSpan(from, length).Clear();
            }
        }

        return any ? new(effects, deviations) : null;
    }

    /// <summary>The effect of <see cref="HolidayPrior"/>, holiday by holiday stronger or weaker as far as days that were seen say so.</summary>
    /// <remarks>One strength for a holiday, normal around 1; a day seen is strength x assumed effect + how days differ + noise. The posterior is normal in closed form.</remarks>
    /// <param name="days">Means of whole days; NaN where unknown.</param>
    public static HolidayEffect Assumed(double[] days, DateOnly first)
    {
        var (keys, shares, noise) = Shares(days, first);
        var (effects, deviations, seen) = (new double[ChineseHolidays.Keys], new double[ChineseHolidays.Keys], 0);
        foreach (var (from, length) in Holidays())
        {
            var (precision, sum) = (1 / Square(HolidayPrior.StrengthDeviation), 1 / Square(HolidayPrior.StrengthDeviation));
            for (var day = 0; day < days.Length && double.IsFinite(noise); day++)
            {
                var assumed = HolidayPrior.EffectOf(keys[day]);
                if (assumed != 0 && keys[day] >= from && keys[day] < from + length && double.IsFinite(shares[day]))
                {
                    var weight = 1 / (Square(noise) + Square(HolidayPrior.DayDeviation * assumed));
                    (precision, sum, seen) = (precision + (assumed * assumed * weight), sum + (assumed * shares[day] * weight), seen + 1);
                }
            }

            for (var key = from; key < from + length; key++)
            {
                effects[key] = HolidayPrior.EffectOf(key) * sum / precision;
                deviations[key] = Math.Abs(HolidayPrior.EffectOf(key)) * Math.Sqrt((1 / precision) + Square(HolidayPrior.DayDeviation));
            }
        }

        return new(effects, deviations) { DaysSeen = seen };
    }

    private static double Square(double value) => value * value;

    /// <summary>By day its holiday, by how much it is off an ordinary one, and how much ordinary days are off each other; NaN where too few are known.</summary>
    private static (int[] Keys, double[] Shares, double Noise) Shares(double[] days, DateOnly first)
    {
        var keys = Enumerable.Range(0, days.Length).Select(i => ChineseHolidays.KeyOf(first.AddDays(i))).ToArray();
        var shares = Enumerable.Range(0, days.Length).Select(i => (days[i] / Ordinary(days, keys, i)) - 1).ToArray();
        return (keys, shares, 1.4826 * HistoryRepair.Median(shares.Where((_, i) => keys[i] < 0).Select(Math.Abs)));
    }

    private static IEnumerable<(int From, int Length)> Holidays()
    {
        yield return (0, ChineseHolidays.SpringDays);
        yield return (ChineseHolidays.SpringDays, ChineseHolidays.GoldenDays);
        for (var key = ChineseHolidays.SpringDays + ChineseHolidays.GoldenDays; key < ChineseHolidays.Keys; key++)
        {
            yield return (key, 1);
        }
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

    /// <summary>How far the years of a holiday differ from each other, day by day.</summary>
    private static void Differ(ReadOnlySpan<double> effects, ReadOnlySpan<double[]> seen, Span<double> deviations)
    {
        var (between, free) = (0.0, 0);
        foreach (var years in seen)
        {
            var mean = years.Length > 0 ? years.Average() : 0;
            between += years.Sum(share => (share - mean) * (share - mean));
            free += Math.Max(0, years.Length - 1);
        }

        for (var day = 0; day < effects.Length; day++)
        {
            var spread = free > 0 ? Math.Sqrt(between / free) : SeenOnce * Math.Abs(effects[day]);
            deviations[day] = spread * Math.Sqrt(1 + (1.0 / Math.Max(1, seen[day].Length)));
        }
    }
}
