namespace Headroom.Domain.Centers;

/// <summary>How long a center keeps what. Unit: days before the running local day; null: for ever.</summary>
/// <param name="RawDays">Raw samples.</param>
/// <param name="FiveMinuteDays">Steps of five minutes, which peaks are made of.</param>
/// <param name="HourlyDays">Card-hours and hourly sums; never shorter than <paramref name="RawDays"/>.</param>
/// <param name="DailyDays">Daily and monthly sums.</param>
public sealed record Retention(int? RawDays, int? FiveMinuteDays, int? HourlyDays, int? DailyDays)
{
    public static Retention Default { get; } = new(35, 400, null, null);
}
