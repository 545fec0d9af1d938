namespace Headroom.Analytics.Demand;

/// <summary>Whose runtimes speak for an episode: those that started, or those that waited at least about as long as it did.</summary>
/// <remarks>
/// Schedulers serve short jobs first, so those that wait long, and those that give up, are not like those that ran. Each crowd after the first two is
/// part of the one before it and shrunk to it; their jobs speak for those that left as <see cref="Patience"/> says.
/// </remarks>
internal sealed class RuntimeCrowds
{
    /// <summary>0: all that started, one by one. 1: the same, for those that left too. 2 and on: of those, who waited long: parts of as many that never started.</summary>
    public const int Count = 9;

    private readonly long[] _least;
    private readonly double[] _worth;
    private readonly Patience _patience;

    private RuntimeCrowds(long[] least, double[] worth, Patience patience) => (_least, _worth, _patience) = (least, worth, patience);

    public static RuntimeCrowds Of(IReadOnlyList<Episode> episodes)
    {
        var patience = Patience.Of(episodes);
        var waits = episodes.Where(episode => episode.Started is null).Select(episode => episode.Waited).Order().ToArray();
        long[] least = [.. Enumerable.Range(0, Count - 1).Select(part => part == 0 || waits.Length == 0 ? 0 : waits[part * waits.Length / (Count - 1)])];
        var (sums, squares) = (new double[least.Length], new double[least.Length]);
        foreach (var episode in episodes.Where(episode => episode.Started is not null))
        {
            var weight = patience.Weight(episode.Waited);
            for (var part = 0; part < least.Length && episode.Waited >= least[part]; part++)
            {
                sums[part] += weight;
                squares[part] += weight * weight;
            }
        }

        return new(least, [.. sums.Select((sum, part) => squares[part] > 0 ? sum / squares[part] : 1)], patience);
    }

    /// <summary>The last crowd that who waited this long belongs to. Unit: microseconds.</summary>
    public int Of(long waited)
    {
        var part = _least.Length - 1;
        while (part > 0 && waited < _least[part])
        {
            part--;
        }

        return part + 1;
    }

    /// <summary>For whom an episode's runtime is looked up.</summary>
    public int Of(in Episode episode) => episode.Started is null ? Of(episode.Waited) : 0;

    /// <summary>How many jobs one speaks for: himself and those that left.</summary>
    /// <param name="waited">Unit: microseconds.</param>
    public double Weight(long waited) => _patience.Weight(waited);

    /// <summary>How many jobs the weight of one of a crowd after the first is worth: a few that speak for many are still a few.</summary>
    public double Worth(int crowd) => _worth[crowd - 1];
}
