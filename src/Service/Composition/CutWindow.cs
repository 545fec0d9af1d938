using Headroom.Domain.Time;

namespace Headroom.Service.Composition;

/// <summary>A window in whole hours of a center, and the parts of an hour before and after them.</summary>
/// <param name="Head">Empty: it begins with an hour.</param>
/// <param name="Hours">May be empty.</param>
/// <param name="Tail">Empty: it ends with an hour.</param>
internal readonly record struct CutWindow(Window Head, Window Hours, Window Tail)
{
    /// <param name="window">Not empty; an end that is not given cuts nothing.</param>
    public static CutWindow Of(Window window, CenterClock clock)
    {
        var (first, last) = (window.From == long.MinValue ? window.From : Up(window.From, clock), window.Until == Instants.Never ? window.Until : clock.HourOf(window.Until).From);
        return first > last
            ? new(window, new(first, first), new(first, first))
            : new(window with { Until = first }, new(first, last), window with { From = last });
    }

    /// <summary>Those of the parts of an hour that there are.</summary>
    public IEnumerable<Window> Parts => new[] { Head, Tail }.Where(part => !part.IsEmpty);

    private static long Up(long instant, CenterClock clock) => clock.HourOf(instant) is var hour && hour.From == instant ? instant : hour.Until;
}
