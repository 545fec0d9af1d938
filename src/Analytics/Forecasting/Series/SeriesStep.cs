using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting.Series;

/// <summary>The regular step between the instants of a series: a fixed time or a whole number of calendar months.</summary>
/// <param name="Micros">Unit: microseconds; 0 for calendar steps.</param>
/// <param name="Months">0 for fixed steps.</param>
/// <param name="OffsetMicros">Added to UTC before calendar months are counted, so that months that begin at local midnight step by local months.</param>
public readonly record struct SeriesStep(long Micros, int Months, long OffsetMicros = 0)
{
    public const long Second = 1_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    private const long ShortestMonth = 28 * Day;
    private const int OffsetHours = 14;

    public static readonly SeriesStep Hourly = new(Hour, 0);
    public static readonly SeriesStep Daily = new(Day, 0);
    public static readonly SeriesStep Weekly = new(7 * Day, 0);
    public static readonly SeriesStep Monthly = new(0, 1);

    /// <summary>The step that most neighbors are apart; where clocks jitter so that there is none, the middle one, made round.</summary>
    /// <param name="instants">Microseconds since the Unix epoch, UTC, rising.</param>
    /// <returns>Null for fewer than two instants.</returns>
    public static SeriesStep? Detect(ReadOnlySpan<long> instants)
    {
        if (instants.Length < 2)
        {
            return null;
        }

        var differences = new long[instants.Length - 1];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = instants[i + 1] - instants[i];
        }

        Array.Sort(differences);
        return differences[0] >= ShortestMonth && CalendarOffset(instants) is { } offset
            ? new(0, CommonMonths(instants, offset), offset)
            : new(FixedStep(differences), 0);
    }

    /// <summary>The seasons this step usually has, in steps: the day and the week for hours, the week and the year for days, the year for weeks, months and quarters; 1 where none is usual.</summary>
    public ImmutableArray<int> DefaultSeasons() => this switch
    {
        { Months: > 0 and < 12 } when 12 % Months == 0 => [12 / Months],
        { Months: > 0 } => [1],
        { Micros: 7 * Day } => [52],
        { Micros: Day } => [7, 365],
        { Micros: > 0 and <= Day / 2 } when Day % Micros == 0 => [(int)(Day / Micros), (int)(7 * Day / Micros)],
        _ => [1],
    };

    /// <summary>The instant this many steps after another.</summary>
    public long After(long instant, int steps) =>
        Months == 0 ? instant + (steps * Micros) : MicrosOf(Local(instant, OffsetMicros).AddMonths(steps * Months)) - OffsetMicros;

    /// <summary>How many whole steps, rounded to the nearest, lie between two instants.</summary>
    public long StepsBetween(long from, long until)
    {
        if (Months == 0)
        {
            var micros = Micros;
            return (long)Math.Floor(((double)(until - from) / micros) + 0.5);
        }

        return (MonthOf(until, OffsetMicros) - MonthOf(from, OffsetMicros)) / Months;
    }

    /// <summary>The offset from UTC, in whole hours, at which every instant is midnight of the first of a month; else 0 if all share day and time of day; else null.</summary>
    private static long? CalendarOffset(ReadOnlySpan<long> instants)
    {
        for (var hours = 0; hours <= OffsetHours; hours++)
        {
            if (All(instants, hours * Hour, t => t.Day == 1 && t.TimeOfDay == TimeSpan.Zero))
            {
                return hours * Hour;
            }

            if (All(instants, -hours * Hour, t => t.Day == 1 && t.TimeOfDay == TimeSpan.Zero))
            {
                return -hours * Hour;
            }
        }

        var first = Local(instants[0], 0);
        if (All(instants, 0, t => t.Day == first.Day && t.TimeOfDay == first.TimeOfDay))
        {
            return 0;
        }

        // The last day of each month is the first of the next, a day early.
        return All(instants, Day, t => t.Day == 1 && t.TimeOfDay == first.TimeOfDay) ? Day : null;
    }

    private static bool All(ReadOnlySpan<long> instants, long offset, Func<DateTime, bool> holds)
    {
        foreach (var instant in instants)
        {
            if (!holds(Local(instant, offset)))
            {
                return false;
            }
        }

        return true;
    }

    private static int CommonMonths(ReadOnlySpan<long> instants, long offset)
    {
        var differences = new long[instants.Length - 1];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = MonthOf(instants[i + 1], offset) - MonthOf(instants[i], offset);
        }

        Array.Sort(differences);
        return (int)MostFrequent(differences);
    }

    private static long FixedStep(long[] sorted)
    {
        var frequent = MostFrequent(sorted);
        return 2 * sorted.AsSpan().Count(frequent) >= sorted.Length ? frequent : Round(sorted[sorted.Length / 2]);
    }

    /// <summary>To a whole number of days, hours, minutes or seconds where one is within a hundredth.</summary>
    private static long Round(long step)
    {
        foreach (var unit in (ReadOnlySpan<long>)[Day, Hour, Minute, Second])
        {
            var round = (step + (unit / 2)) / unit * unit;
            if (round > 0 && Math.Abs(round - step) <= step / 100)
            {
                return round;
            }
        }

        return step;
    }

    private static long MostFrequent(long[] sorted)
    {
        var (best, bestCount, count) = (sorted[0], 0, 0);
        for (var i = 0; i < sorted.Length; i++)
        {
            count = i > 0 && sorted[i] == sorted[i - 1] ? count + 1 : 1;
            (best, bestCount) = count > bestCount ? (sorted[i], count) : (best, bestCount);
        }

        return best;
    }

    private static long MonthOf(long instant, long offset)
    {
        var local = Local(instant, offset);
        return (local.Year * 12L) + local.Month - 1;
    }

    private static DateTime Local(long instant, long offset) => DateTime.UnixEpoch.AddTicks((instant + offset) * 10);

    private static long MicrosOf(DateTime local) => (local - DateTime.UnixEpoch).Ticks / 10;
}
