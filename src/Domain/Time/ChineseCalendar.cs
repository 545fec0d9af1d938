using System.Collections.Immutable;
using System.Globalization;

namespace Headroom.Domain.Time;

/// <summary>Days that the State Council moved: off though a weekday, or worked though a weekend.</summary>
/// <param name="From">First local day, included.</param>
/// <param name="To">Last local day, included.</param>
/// <param name="Works">True: a make-up working day.</param>
/// <param name="Holiday">The holiday it belongs to, such as <c>spring_festival</c>.</param>
public sealed record CalendarSpan(DateOnly From, DateOnly To, bool Works, string Holiday);

/// <summary>Working days, holidays and the lunar new year of mainland China.</summary>
public sealed class ChineseCalendar
{
    private static readonly ChineseLunisolarCalendar Lunar = new();
    private readonly Dictionary<DateOnly, CalendarSpan> _byDay = [];

    /// <param name="spans">As published; where two name one day the later one of the list holds.</param>
    public ChineseCalendar(IEnumerable<CalendarSpan> spans)
    {
        Spans = [.. spans];
        foreach (var span in Spans)
        {
            for (var day = span.From; day <= span.To; day = day.AddDays(1))
            {
                _byDay[day] = span;
            }
        }
    }

    public ImmutableArray<CalendarSpan> Spans { get; }

    /// <summary>Whether a schedule for the year is known; without one only weekends are days off.</summary>
    public bool Covers(int year) => Spans.Any(span => span.From.Year == year || span.To.Year == year);

    /// <summary>Whether offices work on a local day.</summary>
    public bool IsWorkingDay(DateOnly day) => _byDay.TryGetValue(day, out var span)
        ? span.Works
        : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The holiday whose published days off contain <paramref name="day"/>, or null.</summary>
    public string? HolidayOf(DateOnly day) => _byDay.TryGetValue(day, out var span) && !span.Works ? span.Holiday : null;

    /// <summary>First day of the first lunar month. Source: the framework's Chinese lunisolar calendar.</summary>
    /// <param name="year">Gregorian year, 1902 to 2100.</param>
    public static DateOnly LunarNewYear(int year)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 1902);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 2100);
        return DateOnly.FromDateTime(Lunar.ToDateTime(year, 1, 1, 0, 0, 0, 0));
    }
}
