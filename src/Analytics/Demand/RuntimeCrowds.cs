namespace Headroom.Analytics.Demand;

/// <summary>Whose runtimes speak for an episode: those that started, or those that waited at least about as long as it did.</summary>
/// <remarks>
/// Schedulers serve short jobs first, so those that wait long, and those that give up, are not like those that ran. Each crowd after the first two is
/// part of the one before it and shrunk to it; their jobs speak for those that left as <see cref="Patience"/> says.
/// Where patience grows with the runtime, those that left are like all that started, tilted by runtime.
/// </remarks>
internal sealed class RuntimeCrowds
{
    /// <summary>0: all that started, one by one. 1: the same, for those that left too. 2 and on: of those, who waited long: parts of as many that never started.</summary>
    public const int Count = 9;

    private readonly long[] _least;
    private readonly double[] _worth;
    private readonly Patience _patience;
    private readonly double[]?[]? _tilts;

    private RuntimeCrowds(long[] least, double[] worth, Patience patience, double[]?[]? tilts) => (_least, _worth, _patience, _tilts) = (least, worth, patience, tilts);

    public static RuntimeCrowds Of(IReadOnlyList<Episode> episodes)
    {
        var all = Waits.Of(episodes);
        var (patience, growing) = (Patience.Anyhow(all, 0), PatienceGrowth.Of(episodes, all));
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

        return new(least, [.. sums.Select((sum, part) => squares[part] > 0 ? sum / squares[part] : 1)], patience, growing is null ? null : Tilts(all, growing, least));
    }

    /// <summary>Whether the shorter his job the sooner one leaves: then those that left are all that started, tilted, and crowds are not asked.</summary>
    public bool PatienceGrows => _tilts is not null;

    /// <summary>How many times as many of a grade of runtime left in a crowd as started; null: as many, or nobody left.</summary>
    public double[]? Tilt(int crowd) => crowd == 0 ? null : _tilts?[crowd - 1];

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

    private static double[]?[] Tilts(Waits waits, Patience patience, long[] least)
    {
        var (tilts, started) = (new double[]?[least.Length], waits.Grades.Sum());
        for (var part = 0; part < least.Length; part++)
        {
            var first = Waits.BinOf(least[part]);
            var last = part + 1 < least.Length ? Math.Max(first, Waits.BinOf(least[part + 1]) - 1) : RuntimeBins.Count - 1;
            var (left, sum) = (new double[RuntimeGrades.Count], 0.0);
            for (var bin = first; bin <= last; bin++)
            {
                for (var grade = 0; grade < left.Length; grade++)
                {
                    left[grade] += patience.Left(bin, grade);
                    sum += patience.Left(bin, grade);
                }
            }

            if (sum > 0)
            {
                tilts[part] = [.. left.Zip(waits.Grades, (leave, start) => start > 0 ? leave / sum * started / start : 1)];
            }
        }

        return tilts;
    }
}
