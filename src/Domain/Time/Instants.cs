using System.Globalization;

namespace Headroom.Domain.Time;

/// <summary>Instants are microseconds since the Unix epoch, UTC, in a <see cref="long"/>. This is the one place that converts them.</summary>
public static class Instants
{
    /// <summary>Later than anything that happens: the open end of a fact that still holds.</summary>
    public const long Never = long.MaxValue;

    public static long From(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToDateTime(long micros) => new(DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond));

    public static long Now(this TimeProvider clock) => From(clock.GetUtcNow());

    /// <summary>ISO 8601 with as many decimals as the instant needs: <c>2026-03-01T08:00:00Z</c>.</summary>
    public static string ToText(long micros)
    {
        var format = (micros % Micros.PerSecond) switch
        {
            0 => "yyyy-MM-dd'T'HH:mm:ss'Z'",
            var rest when rest % Micros.PerMillisecond == 0 => "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            _ => "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
        };
        return ToDateTime(micros).ToString(format, CultureInfo.InvariantCulture);
    }
}
