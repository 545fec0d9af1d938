using System.Globalization;

namespace Headroom.Analytics.Forecasting.Events;

/// <summary>Which day of which Chinese holiday a date is: the same key every year, whatever the Gregorian date.</summary>
/// <remarks>Dates of the lunar year by .NET's ChineseLunisolarCalendar (1901 to 2100). Official working days that make up for a holiday are not known here.</remarks>
public static class ChineseHolidays
{
    /// <summary>Keys run from 0 to this, exclusive.</summary>
    public const int Keys = SpringDays + GoldenDays + 5;

    internal const int SpringDays = SpringAfter - SpringFrom + 1;
    internal const int GoldenDays = 8;

    private const int SpringFrom = -10;
    private const int SpringAfter = 15;

    private static readonly ChineseLunisolarCalendar Lunar = new();

    /// <summary>The first day of the lunar year that begins in this Gregorian year.</summary>
    public static DateOnly SpringFestival(int year) => LunarDate(year, month: 1, day: 1);

    /// <returns>-1 for an ordinary day. 0 to 25: day -10 to 15 around Spring Festival; 26 to 33: 1 to 8 October; then New Year, Qingming, Labor Day, Dragon Boat and Mid-Autumn.</returns>
    public static int KeyOf(DateOnly date)
    {
        if (date.Year is <= 1901 or >= 2100)
        {
            return -1;
        }

        var fromSpring = date.DayNumber - SpringFestival(date.Year).DayNumber;
        if (fromSpring is >= SpringFrom and <= SpringAfter)
        {
            return fromSpring - SpringFrom;
        }

        return (date.Month, date.Day) switch
        {
            (10, <= GoldenDays) => SpringDays + date.Day - 1,
            (1, 1) => SpringDays + GoldenDays,
            (4, 4 or 5) => SpringDays + GoldenDays + 1,
            (5, <= 3) => SpringDays + GoldenDays + 2,
            (5 or 6, _) when date == LunarDate(date.Year, month: 5, day: 5) => SpringDays + GoldenDays + 3,
            (9, _) when date == LunarDate(date.Year, month: 8, day: 15) => SpringDays + GoldenDays + 4,
            _ => -1,
        };
    }

    // A leap month shifts the number of every month from it on.
    private static DateOnly LunarDate(int year, int month, int day)
    {
        var leap = Lunar.GetLeapMonth(year);
        return DateOnly.FromDateTime(Lunar.ToDateTime(year, leap > 0 && leap <= month ? month + 1 : month, day, 0, 0, 0, 0));
    }
}
