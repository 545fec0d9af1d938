using System.Collections.Immutable;

namespace Headroom.Domain.Time;

/// <summary>Set operations on windows. A set is ordered, and its windows neither overlap nor touch.</summary>
public static class WindowSet
{
    /// <summary>Any windows, in any order, as one set: overlapping and touching ones become one, empty ones vanish.</summary>
    public static ImmutableArray<Window> Union(IEnumerable<Window> windows)
    {
        var merged = new List<Window>();
        foreach (var window in windows.Where(w => !w.IsEmpty).OrderBy(w => w.From).ThenBy(w => w.Until))
        {
            if (merged.Count > 0 && window.From <= merged[^1].Until)
            {
                merged[^1] = merged[^1] with { Until = Math.Max(merged[^1].Until, window.Until) };
            }
            else
            {
                merged.Add(window);
            }
        }

        return [.. merged];
    }

    /// <summary>What is in the set and in none of <paramref name="taken"/>. Both must be ordered and disjoint.</summary>
    public static ImmutableArray<Window> Minus(ImmutableArray<Window> set, ImmutableArray<Window> taken)
    {
        var rest = ImmutableArray.CreateBuilder<Window>();
        var next = 0;
        foreach (var window in set)
        {
            var from = window.From;
            while (next < taken.Length && taken[next].Until <= from)
            {
                next++;
            }

            for (var i = next; i < taken.Length && taken[i].From < window.Until; i++)
            {
                if (from < taken[i].From)
                {
                    rest.Add(new(from, taken[i].From));
                }

                from = Math.Max(from, taken[i].Until);
            }

            if (from < window.Until)
            {
                rest.Add(new(from, window.Until));
            }
        }

        return rest.ToImmutable();
    }

    /// <summary>Whether <paramref name="instant"/> lies in the set. <paramref name="set"/> must be ordered and disjoint.</summary>
    public static bool Contains(ImmutableArray<Window> set, long instant)
    {
        var (low, high) = (0, set.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (instant < set[middle].From)
            {
                high = middle - 1;
            }
            else if (instant >= set[middle].Until)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
