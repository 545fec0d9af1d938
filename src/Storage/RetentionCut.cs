using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Time;

namespace Headroom.Storage;

/// <summary>Where a center's retention cuts, at one moment.</summary>
/// <param name="RawBefore">Samples of UTC days that end by then go. Unit: microseconds since the Unix epoch; null: none go.</param>
/// <param name="FiveMinutesBefore">Steps of local days before this one go.</param>
/// <param name="HourlyBefore">Card-hours and hourly sums of local days before this one go.</param>
/// <param name="DailyBefore">Daily sums of local days before this one go, and sums of months that end before it.</param>
public sealed record RetentionCut(long? RawBefore, DateOnly? FiveMinutesBefore, DateOnly? HourlyBefore, DateOnly? DailyBefore)
{
    /// <summary>The local midnight at which <see cref="HourlyBefore"/> begins. Unit: microseconds since the Unix epoch.</summary>
    public long HourlyMidnight { get; init; } = long.MinValue;

    public static RetentionCut Nothing { get; } = new(null, null, null, null);

    /// <summary>Days whose samples stay can still be computed again: what stays reaches as far back as their accounting looks.</summary>
    public static RetentionCut Of(Retention retention, CenterDefinition center, long now)
    {
        var clock = center.Clock();
        var today = clock.DayOf(now);
        DateOnly? Before(int? days) => days is { } count ? today.AddDays(-count) : null;
        var (raw, asked) = (Before(retention.RawDays), Before(retention.HourlyDays));
        DateOnly? hourly = raw is null || asked is null ? null : asked < raw ? asked : raw;
        return new(
            raw is { } day ? clock.Day(day).From - CardDayAccountant.ContextMicros(center.PeriodMicros) : null,
            Before(retention.FiveMinuteDays),
            hourly,
            Before(retention.DailyDays))
        {
            HourlyMidnight = hourly is { } first ? clock.Day(first).From : long.MinValue,
        };
    }
}
