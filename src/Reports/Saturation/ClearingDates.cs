using System.Collections.Immutable;

namespace Headroom.Reports.Saturation;

/// <summary>By when a backlog could be cleared.</summary>
public static class ClearingDates
{
    /// <summary>Unit: days.</summary>
    private static readonly ImmutableArray<int> Terms = [7, 30, 90];

    /// <param name="day">The last local day that was looked at.</param>
    /// <param name="chosen">A later local day that was asked for; null: none was.</param>
    /// <returns>In their order, each with its days from <paramref name="day"/>.</returns>
    public static ImmutableArray<(DateOnly By, int Days)> Of(DateOnly day, DateOnly? chosen) =>
        [.. Terms.Select(day.AddDays).Append(chosen ?? day).Where(by => by > day).Distinct().Order().Select(by => (by, by.DayNumber - day.DayNumber))];
}
