using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Whether jobs of a tenant and priority start in the order in which they came.</summary>
internal static class StartOrder
{
    /// <summary>With fewer pairs in line nothing is said.</summary>
    private const int Fewest = 50;

    /// <summary>Share of pairs in line of which the later started first, up to which they start in order.</summary>
    private const double Few = 0.02;

    /// <param name="episodes">In order of <see cref="Episode.Wanted"/>.</param>
    public static bool IsKept(IReadOnlyList<Episode> episodes) => Passed(episodes) is { Pairs: >= Fewest } passed && passed.First <= Few * passed.Pairs;

    /// <summary>Of pairs of which one came next after the other while that waited: how many there are, and in how many the later started before the earlier started or left.</summary>
    public static (int First, int Pairs) Passed(IReadOnlyList<Episode> episodes)
    {
        var (first, pairs) = (0, 0);
        var last = new Dictionary<(string, string), (long Wanted, long Settled)>();
        for (var i = 0; i < episodes.Count; i++)
        {
            var episode = episodes[i];
            var key = (episode.Tenant, episode.Priority);
            if (last.TryGetValue(key, out var before) && episode.Wanted > before.Wanted + Micros.PerMinute && episode.Wanted < before.Settled && episode.Started is { } started)
            {
                pairs++;
                first += started < before.Settled ? 1 : 0;
            }

            last[key] = (episode.Wanted, episode.Wanted + episode.Waited);
        }

        return (first, pairs);
    }
}
