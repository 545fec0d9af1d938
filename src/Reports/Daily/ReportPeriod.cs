using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Reports.Daily;

/// <summary>How long the time of a report is.</summary>
public enum PeriodKind
{
    Day,

    /// <summary>Monday to Sunday.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,
}

/// <summary>The local days a report is about: [First, Until).</summary>
public sealed record ReportPeriod
{
    private ReportPeriod(PeriodKind kind, DateOnly first, DateOnly until) => (Kind, First, Until) = (kind, first, until);

    public PeriodKind Kind { get; }

    public DateOnly First { get; }

    public DateOnly Until { get; }

    /// <summary>The one right before this.</summary>
    public ReportPeriod Before => Of(Kind, First.AddDays(-1));

    public IEnumerable<DateOnly> Days => Enumerable.Range(0, Until.DayNumber - First.DayNumber).Select(First.AddDays);

    /// <summary>As commands and file names say it: <c>daily</c>, <c>weekly</c>, <c>monthly</c>.</summary>
    public string Word => Words[Kind];

    /// <summary>The kinds by their words.</summary>
    public static ImmutableSortedDictionary<PeriodKind, string> Words { get; } = new Dictionary<PeriodKind, string>
    {
        [PeriodKind.Day] = "daily",
        [PeriodKind.Week] = "weekly",
        [PeriodKind.Month] = "monthly",
    }.ToImmutableSortedDictionary();

    /// <summary>The day, week or month that contains <paramref name="day"/>.</summary>
    public static ReportPeriod Of(PeriodKind kind, DateOnly day)
    {
        switch (kind)
        {
            case PeriodKind.Day:
                return new(kind, day, day.AddDays(1));
            case PeriodKind.Week:
                var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
                return new(kind, monday, monday.AddDays(7));
            case PeriodKind.Month:
                var first = new DateOnly(day.Year, day.Month, 1);
                return new(kind, first, first.AddMonths(1));
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    /// <summary>From the begin of the first local day to the end of the last one.</summary>
    public Window Window(CenterClock clock) => new(clock.Day(First).From, clock.Day(Until).From);
}
