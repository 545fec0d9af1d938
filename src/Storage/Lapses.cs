using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;

namespace Headroom.Storage;

/// <summary>What retention has taken, and what could not be computed again because of it.</summary>
/// <param name="RawRemoved">Time of whole UTC days whose samples were removed; a set.</param>
/// <param name="NotRecomputed">Facts of this time came after its samples were removed: they are kept, and its card-hours are those from before.</param>
/// <param name="HoursRemovedBefore">Card-hours before this local midnight were removed. Unit: microseconds since the Unix epoch; the least long: none were.</param>
public sealed record Lapses(ImmutableArray<Window> RawRemoved, ImmutableArray<DirtySpan> NotRecomputed, long HoursRemovedBefore)
{
    public static Lapses None { get; } = new([], [], long.MinValue);

    /// <summary>Whether samples that the accounting of this day looks at are gone.</summary>
    public bool IsRawGone(Window day, long? declaredPeriod)
    {
        var context = CardDayAccountant.ContextMicros(declaredPeriod);
        var seen = new Window(day.From - context, day.Until + context);
        return RawRemoved.Any(removed => removed.Overlaps(seen));
    }
}
