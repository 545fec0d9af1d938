using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Telemetry;

/// <summary>What the text of a time turned out to be.</summary>
public enum TimeOutcome
{
    Good,
    Empty,
    Bad,

    /// <summary>A local time, and nobody said of which zone.</summary>
    NoZone,
}

/// <summary>Times as files carry them: ISO 8601 with Z, offset or a declared zone; Unix seconds or milliseconds.</summary>
public static class TimeText
{
    /// <summary>2000-01-01: what is older is not a time of any device we know. Unit: microseconds since the Unix epoch.</summary>
    public const long Oldest = 946_684_800 * Micros.PerSecond;

    // Seconds until the year 5138, milliseconds from 1973 on: the two never meet.
    private const long LastSecond = 100_000_000_000;
    private const long LastMillisecond = 100_000_000_000_000;

    /// <param name="zone">Of times without offset; null: they are <see cref="TimeOutcome.NoZone"/>.</param>
    /// <param name="instant">Unit: microseconds since the Unix epoch; decimals beyond that are cut.</param>
    /// <remarks>A local time that a clock change skips is bad; one that it repeats is the first of the two.</remarks>
    public static TimeOutcome Read(ReadOnlySpan<byte> text, TimeZoneInfo? zone, out long instant)
    {
        instant = 0;
        if (text.IsEmpty)
        {
            return TimeOutcome.Empty;
        }

        return text.Length > 4 && text[4] == '-' ? Iso(text, zone, out instant) : Unix(text, out instant);
    }

    private static TimeOutcome Unix(ReadOnlySpan<byte> text, out long instant)
    {
        instant = 0;
        if (!Digits(ref text, 1, 14, out var whole) || whole >= LastMillisecond)
        {
            return TimeOutcome.Bad;
        }

        var unit = whole < LastSecond ? Micros.PerSecond : Micros.PerMillisecond;
        if (!Fraction(ref text, unit, out var fraction) || !text.IsEmpty)
        {
            return TimeOutcome.Bad;
        }

        instant = (whole * unit) + fraction;
        return TimeOutcome.Good;
    }

    private static TimeOutcome Iso(ReadOnlySpan<byte> text, TimeZoneInfo? zone, out long instant)
    {
        instant = 0;
        if (!Digits(ref text, 4, 4, out var year) || !Skip(ref text, '-') || !Digits(ref text, 2, 2, out var month) || !Skip(ref text, '-')
            || !Digits(ref text, 2, 2, out var day) || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth((int)year, (int)month))
        {
            return TimeOutcome.Bad;
        }

        var (hour, minute, second, fraction) = (0L, 0L, 0L, 0L);
        if (!text.IsEmpty)
        {
            if (!(Skip(ref text, 'T') || Skip(ref text, ' ') || Skip(ref text, 't')) || !Digits(ref text, 2, 2, out hour) || !Skip(ref text, ':') || !Digits(ref text, 2, 2, out minute)
                || (Skip(ref text, ':') && (!Digits(ref text, 2, 2, out second) || !Fraction(ref text, Micros.PerSecond, out fraction)))
                || hour > 23 || minute > 59 || second > 59)
            {
                return TimeOutcome.Bad;
            }
        }

        var clock = new DateTime((int)year, (int)month, (int)day, (int)hour, (int)minute, (int)second, DateTimeKind.Unspecified);
        var local = ((clock.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond) + fraction;
        if (text.IsEmpty)
        {
            return Local(clock, local, zone, out instant);
        }

        if (!Offset(ref text, out var offset) || !text.IsEmpty)
        {
            return TimeOutcome.Bad;
        }

        instant = local - offset;
        return TimeOutcome.Good;
    }

    private static TimeOutcome Local(DateTime clock, long local, TimeZoneInfo? zone, out long instant)
    {
        instant = 0;
        if (zone is null)
        {
            return TimeOutcome.NoZone;
        }

        if (zone.IsInvalidTime(clock))
        {
            return TimeOutcome.Bad;
        }

        var offset = zone.IsAmbiguousTime(clock) ? zone.GetAmbiguousTimeOffsets(clock).Max() : zone.GetUtcOffset(clock);
        instant = local - (offset.Ticks / TimeSpan.TicksPerMicrosecond);
        return TimeOutcome.Good;
    }

    private static bool Offset(ref ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (Skip(ref text, 'Z') || Skip(ref text, 'z'))
        {
            return true;
        }

        var sign = text[0] switch { (byte)'+' => 1, (byte)'-' => -1, _ => 0 };
        text = text[1..];
        if (sign == 0 || !Digits(ref text, 2, 2, out var hours) || hours > 14)
        {
            return false;
        }

        var minutes = 0L;
        if (!text.IsEmpty)
        {
            Skip(ref text, ':');
            if (!Digits(ref text, 2, 2, out minutes) || minutes > 59)
            {
                return false;
            }
        }

        micros = sign * ((hours * Micros.PerHour) + (minutes * Micros.PerMinute));
        return true;
    }

    // ".5" as micros of a unit of 1,000,000 is 500,000. No point at all is no fraction.
    private static bool Fraction(ref ReadOnlySpan<byte> text, long unit, out long micros)
    {
        micros = 0;
        if (!Skip(ref text, '.') && !Skip(ref text, ','))
        {
            return true;
        }

        var any = false;
        for (var weight = unit; !text.IsEmpty && (uint)(text[0] - '0') <= 9; text = text[1..])
        {
            weight /= 10;
            micros += weight * (text[0] - '0');
            any = true;
        }

        return any;
    }

    private static bool Digits(ref ReadOnlySpan<byte> text, int least, int most, out long value)
    {
        value = 0;
        var count = 0;
        while (count < most && count < text.Length && (uint)(text[count] - '0') <= 9)
        {
            value = (value * 10) + (text[count++] - '0');
        }

        text = text[count..];
        return count >= least;
    }

    private static bool Skip(ref ReadOnlySpan<byte> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }
}
