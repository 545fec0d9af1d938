namespace Headroom.Domain.Time;

/// <summary>A length of time. Unit: microseconds; an integer, so that lengths add up exactly.</summary>
public readonly record struct Micros(long Value) : IComparable<Micros>
{
    public const long PerMillisecond = 1_000;
    public const long PerSecond = 1_000_000;
    public const long PerMinute = 60 * PerSecond;
    public const long PerHour = 60 * PerMinute;
    public const long PerDay = 24 * PerHour;

    public double Hours => (double)Value / PerHour;

    public static Micros operator +(Micros left, Micros right) => new(left.Value + right.Value);

    public static Micros operator -(Micros left, Micros right) => new(left.Value - right.Value);

    public static Micros FromSeconds(long seconds) => new(seconds * PerSecond);

    public int CompareTo(Micros other) => Value.CompareTo(other.Value);
}
