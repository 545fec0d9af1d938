using System.Globalization;

namespace Headroom.Simulation.Tenants;

/// <summary>Days on which a center in China is quiet: New Year, seven days of Spring Festival, Labor Day, National Day week.</summary>
internal static class Holidays
{
    private static readonly ChineseLunisolarCalendar Lunar = new();

    public static bool Contains(DateOnly day) => (day.Month, day.Day) switch
    {
        (1, 1) or (5, 1) or (5, 2) or (5, 3) => true,
        (10, >= 1 and <= 7) => true,
        (1 or 2, _) => IsSpringFestival(day),
        _ => false,
    };

    private static bool IsSpringFestival(DateOnly day)
    {
        var instant = day.ToDateTime(TimeOnly.MinValue);
        if (instant < Lunar.MinSupportedDateTime || instant.AddDays(1) > Lunar.MaxSupportedDateTime)
        {
            return false;
        }

        var tomorrow = instant.AddDays(1);
        return (Lunar.GetMonth(instant) == 1 && Lunar.GetDayOfMonth(instant) <= 6)
            || (Lunar.GetMonth(tomorrow) == 1 && Lunar.GetDayOfMonth(tomorrow) == 1);
    }
}
