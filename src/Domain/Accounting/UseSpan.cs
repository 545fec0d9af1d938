using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>One gauge sample and the time it stands for: (previous sample, this sample].</summary>
/// <param name="StartMicros">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="UsePpm">Duty in parts per million, 0 to 1,000,000. An integer, so that windows add up exactly.</param>
public readonly record struct UseSpan(long StartMicros, long EndMicros, int UsePpm)
{
    /// <summary>Busy time inside [from, until). Additive: any split of a window sums to the whole.</summary>
    /// <remarks>F(until) - F(from) with F(x) = ppm * (x - start) div 1e6, both clamped to the span.</remarks>
    public Micros BusyWithin(long from, long until) => new(Math.Max(0, F(until) - F(from)));

    // A span is at most a few hours (maxGap), so ppm x micros stays far inside a long.
    private long F(long instant) => UsePpm * (Math.Clamp(instant, StartMicros, EndMicros) - StartMicros) / 1_000_000;
}
