using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Demand;

/// <summary>Runtimes of episodes that are not over: their laws, and draws of all of them together.</summary>
internal sealed class OpenRuntimes
{
    /// <summary>Laws drawn anew; each is as good as the next, so draws share them.</summary>
    private const int Laws = 25;

    private readonly RuntimeLaws _runtimes;
    private readonly Open[] _open;
    private readonly double[][] _shared;
    private readonly double[] _weights;
    private readonly double[] _own;
    private readonly double[]?[]?[][] _drawn;
    private int _draws;

    public OpenRuntimes(RuntimeLaws runtimes, IReadOnlyList<Episode> episodes)
    {
        _runtimes = runtimes;
        _open = new Open[episodes.Count];
        _weights = [Math.Sqrt(runtimes.Ties.Tenant), Math.Sqrt(runtimes.Ties.Week), Math.Sqrt(runtimes.Ties.Batch)];
        var (tenants, weeks, batches) = (new Dictionary<string, int>(), new Dictionary<int, int>(), new Dictionary<(string, int), int>());
        for (var i = 0; i < _open.Length; i++)
        {
            var episode = episodes[i];
            var day = RuntimeTies.DayOf(episode.Started ?? episode.Wanted);
            var law = runtimes.Of(episode);
            _open[i] = new(law, runtimes.Fitted(law.Source), episode.Served, law.Met(episode.Served), Id(tenants, episode.Tenant), Id(weeks, RuntimeTies.WeekOf(day)), Id(batches, (episode.Tenant, day)));
        }

        _own = new double[_open.Length];
        _drawn = [.. Enumerable.Range(0, Laws).Select(_ => new double[]?[]?[_open.Select(open => open.Law.Source.Era + 1).DefaultIfEmpty(0).Max()])];
        _shared = [new double[tenants.Count], new double[weeks.Count], new double[batches.Count]];
    }

    /// <summary>The law of one of them.</summary>
    public RuntimeOf this[int open] => _open[open].Law;

    /// <summary>One way in which all may go on: a law as good as the fitted one, and runtimes that are alike where they are.</summary>
    /// <param name="runtimes">For each of them; beyond what it was served. Unit: microseconds.</param>
    public void Draw(Span<double> runtimes, SplitMix random)
    {
        foreach (var (part, weight) in _shared.Zip(_weights))
        {
            random.Normals(part);
            for (var i = 0; i < part.Length; i++)
            {
                part[i] *= weight;
            }
        }

        random.Normals(_own);
        var own = Math.Sqrt(_runtimes.Ties.Own);
        var laws = _drawn[_draws++ % Laws];
        for (var i = 0; i < _open.Length; i++)
        {
            ref readonly var open = ref _open[i];
            var score = _shared[0][open.Tenant] + _shared[1][open.Week] + _shared[2][open.Batch] + (own * _own[i]);
            var drawn = laws[open.Law.Source.Era] ??= _runtimes.Draw(open.Law.Source.Era, random);
            runtimes[i] = open.Law.Draw(open.Served, open.Met, ExponentialScore.Of(score), open.Fitted, drawn[open.Law.Source.Stratum] ?? open.Fitted);
        }
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
