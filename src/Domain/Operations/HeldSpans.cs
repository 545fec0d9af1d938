using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>A time in which one holding had one share of a device that was neither down nor in maintenance.</summary>
internal readonly record struct HeldSpan(Holding Holding, Placement Placement, int SharePpm, Window Time);

internal static class HeldSpans
{
    /// <summary>What the holdings of a device really had of it within a window, by start.</summary>
    public static List<HeldSpan> Of(DeviceHistory device, Window window)
    {
        var spans = new List<HeldSpan>();
        var held = new List<HeldShare>();
        var closed = WindowSet.Union(device.Down.Concat(device.Maintenance).Select(down => down.Within(window)));
        ImmutableArray<Holding> holdings = [.. device.Holdings.Where(holding => holding.Valid.Overlaps(window))];
        foreach (var placement in device.Placements)
        {
            foreach (var part in WindowSet.Minus([placement.Valid.Within(window)], closed))
            {
                for (var from = part.From; from < part.Until;)
                {
                    var until = part.Until;
                    held.Clear();
                    HeldShare.At(holdings, from, held, ref until);
                    foreach (var share in held)
                    {
                        Add(spans, new(share.Holding, placement, share.Ppm, new(from, until)));
                    }

                    from = until;
                }
            }
        }

        return spans;
    }

    // Another holding's beginning or end does not cut this one.
    private static void Add(List<HeldSpan> spans, HeldSpan span)
    {
        var before = spans.FindLastIndex(known => ReferenceEquals(known.Holding, span.Holding));
        if (before >= 0 && spans[before].Time.Until == span.Time.From && spans[before].SharePpm == span.SharePpm && spans[before].Placement == span.Placement)
        {
            spans[before] = spans[before] with { Time = spans[before].Time with { Until = span.Time.Until } };
        }
        else
        {
            spans.Add(span);
        }
    }
}
