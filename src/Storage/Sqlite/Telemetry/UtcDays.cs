using Headroom.Domain.Time;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>UTC days by number, 1970-01-01 being 0: the bucket of a chunk and of dirty time.</summary>
internal static class UtcDays
{
    /// <summary>Instants outside of years 1 to 9999 have no day.</summary>
    public static readonly Window Known = new(Instants.From(DateTimeOffset.MinValue), Instants.From(DateTimeOffset.MaxValue));

    public static int Of(long instant) => Math.DivRem(instant, Micros.PerDay) switch
    {
        (var day, < 0) => (int)day - 1,
        var (day, _) => (int)day,
    };

    public static long Start(int day) => day * Micros.PerDay;

    public static string ToText(int day) => DateOnly.FromDayNumber(DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
