namespace Headroom.Domain.Time;

/// <summary>A half-open interval [From, Until) of instants. Unit: microseconds since the Unix epoch, UTC.</summary>
public readonly record struct Window(long From, long Until)
{
    public static Window Always => new(long.MinValue, Instants.Never);

    public bool IsEmpty => Until <= From;

    /// <summary>Length; zero for an empty window. Not meaningful for a window without an end.</summary>
    public Micros Length => new(IsEmpty ? 0 : Until - From);

    public bool Contains(long instant) => instant >= From && instant < Until;

    public bool Overlaps(Window other) => From < other.Until && other.From < Until;

    /// <summary>What both have in common; empty when nothing is.</summary>
    public Window Within(Window other) => new(Math.Max(From, other.From), Math.Min(Until, other.Until));

    public override string ToString() => $"[{Instants.ToText(From)}, {(Until == Instants.Never ? "open" : Instants.ToText(Until))})";
}
