using Headroom.Domain.Accounting;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Storage.Accounting;

/// <summary>Which days have to be accounted for again.</summary>
internal static class DirtyDays
{
    /// <summary>The whole local days that have anything to say: outside of them card-hours follow from the inventory alone and are computed when asked for.</summary>
    public static Window Reach(CenterFacts facts, CenterClock centerClock)
    {
        var spans = facts.Coverage.Where(c => c.Feed != FeedCoverage.Contracts).Select(c => c.Valid).ToList();
        if (!facts.Telemetry.IsEmpty)
        {
            spans.Add(facts.Telemetry);
        }

        return spans.Count == 0 ? default : WholeDays(new(spans.Min(span => span.From), spans.Max(span => span.Until)), centerClock);
    }

    /// <summary>The local days within reach that have to be accounted for again, by device.</summary>
    public static List<(DeviceHistory History, SortedSet<DateOnly> Days)> Of(
        IReadOnlyList<DirtySpan> dirty, IEnumerable<DeviceHistory> histories, Window reach, CenterClock centerClock)
    {
        var everyone = dirty.Where(span => span.Device is null).ToList();
        var byDevice = dirty.Where(span => span.Device is not null).ToLookup(span => span.Device!.Value);
        return
        [
            .. histories
                .Select(history => (history, Days: new SortedSet<DateOnly>(
                    everyone.Concat(byDevice[history.Device]).SelectMany(span => centerClock.Days(span.Window.Within(reach))))))
                .Where(entry => entry.Days.Count > 0),
        ];
    }

    // A day is accounted for as a whole: what changes any of it changes what is stored of it.
    private static Window WholeDays(Window reach, CenterClock centerClock) =>
        reach.IsEmpty ? reach : new(centerClock.Day(centerClock.DayOf(reach.From)).From, centerClock.Day(centerClock.DayOf(reach.Until - 1)).Until);
}
