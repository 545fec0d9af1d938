using System.Collections.Immutable;

namespace Headroom.Domain.Time;

/// <summary>Local days and hours of a center, as instants. Days may have 23 or 25 hours; hours are always 60 minutes.</summary>
public sealed class CenterClock
{
    private readonly TimeZoneInfo _zone;

    /// <exception cref="TimeZoneNotFoundException">The zone is not an IANA zone this machine knows.</exception>
    /// <exception cref="ArgumentException">The zone's offset moves by part of an hour: its hours could not be told apart.</exception>
    public CenterClock(string zoneId)
    {
        _zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        if (_zone.GetAdjustmentRules().Any(rule => rule.DateEnd.Year >= 1990 && rule.DaylightDelta.Ticks % TimeSpan.TicksPerHour != 0))
        {
            throw new ArgumentException($"The offset of zone {zoneId} moves by part of an hour.", nameof(zoneId));
        }
    }

    public string ZoneId => _zone.Id;

    /// <summary>[local midnight, next local midnight).</summary>
    public Window Day(DateOnly day) => new(Midnight(day), Midnight(day.AddDays(1)));

    /// <summary>The local calendar day that contains <paramref name="instant"/>.</summary>
    public DateOnly DayOf(long instant) => DateOnly.FromDateTime(Local(instant).DateTime);

    public DateTimeOffset Local(long instant) => TimeZoneInfo.ConvertTime(Instants.ToDateTime(instant), _zone);

    /// <summary>The hour, aligned to local hours, that contains <paramref name="instant"/>.</summary>
    public Window HourOf(long instant)
    {
        var offset = _zone.GetUtcOffset(Instants.ToDateTime(instant)).Ticks / TimeSpan.TicksPerMicrosecond;
        var start = instant - Modulo(instant + offset, Micros.PerHour);
        return new(start, start + Micros.PerHour);
    }

    /// <summary>The hours of a local day, oldest first: 23, 24 or 25 of them.</summary>
    public ImmutableArray<Window> Hours(DateOnly day)
    {
        var window = Day(day);
        var hours = ImmutableArray.CreateBuilder<Window>(25);
        for (var start = window.From; start < window.Until; start += Micros.PerHour)
        {
            hours.Add(new(start, Math.Min(start + Micros.PerHour, window.Until)));
        }

        return hours.DrainToImmutable();
    }

    /// <summary>Local days that share time with <paramref name="window"/>, oldest first.</summary>
    public IEnumerable<DateOnly> Days(Window window)
    {
        if (window.IsEmpty)
        {
            yield break;
        }

        var last = DayOf(window.Until - 1);
        for (var day = DayOf(window.From); day <= last; day = day.AddDays(1))
        {
            yield return day;
        }
    }

    private long Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (_zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }

        var offset = _zone.IsAmbiguousTime(local) ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.GetUtcOffset(local);
        return Instants.From(new DateTimeOffset(local, offset));
    }

    private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;
}
