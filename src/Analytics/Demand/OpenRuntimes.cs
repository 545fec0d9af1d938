using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Demand;

/// <summary>Runtimes of episodes that are not over: their laws, and draws of all of them together.</summary>
internal sealed class OpenRuntimes
{
    /// <summary>Laws drawn anew; each is as good as the next, so draws share them.</summary>
    private const int Laws = 25;

    private readonly RuntimeLaws _runtimes;
    private readonly SplitMix _random;
    private readonly Open[] _open;
    private readonly double[][] _tenants;
    private readonly double[][] _weeks;
    private readonly double[][] _batches;
    private readonly double _own;
    private readonly double[]?[]?[][] _drawn;

    /// <param name="draws">How many ways in which all may go on.</param>
    public OpenRuntimes(RuntimeLaws runtimes, IReadOnlyList<Episode> episodes, int draws, SplitMix random)
    {
        (_runtimes, _random) = (runtimes, random);
        _open = new Open[episodes.Count];
        var (tenants, weeks, batches) = (new Dictionary<string, int>(), new Dictionary<int, int>(), new Dictionary<(string, int), int>());
        for (var i = 0; i < _open.Length; i++)
        {
            var episode = episodes[i];
            var day = RuntimeTies.DayOf(episode.Started ?? episode.Wanted);
            var law = runtimes.Of(episode);
            _open[i] = new(law, runtimes.Fitted(law.Source), episode.Served, law.Met(episode.Served), Id(tenants, episode.Tenant), Id(weeks, RuntimeTies.WeekOf(day)), Id(batches, (episode.Tenant, day)));
        }

        _drawn = [.. Enumerable.Range(0, Laws).Select(_ => new double[]?[]?[_open.Select(open => open.Law.Source.Era + 1).DefaultIfEmpty(0).Max()])];
        _tenants = Scores(tenants.Count, draws, runtimes.Ties.Tenant);
        _weeks = Scores(weeks.Count, draws, runtimes.Ties.Week);
        _batches = Scores(batches.Count, draws, runtimes.Ties.Batch);
        _own = Math.Sqrt(runtimes.Ties.Own);
    }

    /// <summary>The law of one of them.</summary>
    public RuntimeOf this[int open] => _open[open].Law;

    /// <summary>Runtimes of one of them in each way in which all may go on: by a law as good as the fitted one, and alike where runtimes are.</summary>
    /// <param name="runtimes">One for each draw; beyond what it was served. Unit: microseconds.</param>
    public void Draw(int index, Span<double> runtimes)
    {
        ref readonly var open = ref _open[index];
        var (source, tenant, week, batch) = (open.Law.Source, _tenants[open.Tenant], _weeks[open.Week], _batches[open.Batch]);
        _random.Normals(runtimes);
        for (var draw = 0; draw < runtimes.Length; draw++)
        {
            var score = tenant[draw] + week[draw] + batch[draw] + (_own * runtimes[draw]);
            var drawn = _drawn[draw % Laws][source.Era] ??= _runtimes.Draw(source.Era, _random);
            runtimes[draw] = open.Law.Draw(open.Served, open.Met, ExponentialScore.Of(score), open.Fitted, drawn[source.Stratum] ?? open.Fitted);
        }
    }

    /// <summary>Normal scores that some share, for each draw, whose variance is that part of the whole.</summary>
    private double[][] Scores(int count, int draws, double part)
    {
        var scores = new double[count][];
        for (var i = 0; i < count; i++)
        {
            _random.Normals(scores[i] = new double[draws]);
            for (var draw = 0; draw < draws; draw++)
            {
                scores[i][draw] *= Math.Sqrt(part);
            }
        }

        return scores;
    }

    private static int Id<TKey>(Dictionary<TKey, int> ids, TKey key)
        where TKey : notnull
    {
        if (!ids.TryGetValue(key, out var id))
        {
            ids[key] = id = ids.Count;
        }

        return id;
    }

    private readonly record struct Open(RuntimeOf Law, double[] Fitted, long Served, double Met, int Tenant, int Week, int Batch);
}
