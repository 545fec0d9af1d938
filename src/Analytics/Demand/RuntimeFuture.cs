using Headroom.Analytics.Randomness;
using MathNet.Numerics.Distributions;

namespace Headroom.Analytics.Demand;

/// <summary>One of the ways in which what has not ended may go on: a law as good as the fitted one, and runtimes that are alike where they are.</summary>
internal sealed class RuntimeFuture(RuntimeLaw law, RuntimeTies ties, SplitMix random)
{
    private readonly Dictionary<string, double> _tenants = [];
    private readonly Dictionary<int, double> _weeks = [];
    private readonly Dictionary<(string, int), double> _batches = [];

    /// <summary>A runtime beyond what was served. Unit: microseconds.</summary>
    public double Runtime(Episode episode)
    {
        var day = RuntimeTies.DayOf(episode.Started ?? episode.Wanted);
        var score = Part(_tenants, episode.Tenant, ties.Tenant)
            + Part(_weeks, RuntimeTies.WeekOf(day), ties.Week)
            + Part(_batches, (episode.Tenant, day), ties.Batch)
            + (Math.Sqrt(ties.Own) * random.Normal());
        return law.Of(episode).Draw(episode.Served, -Math.Log(Normal.CDF(0, 1, -score)));
    }

    private double Part<TKey>(Dictionary<TKey, double> drawn, TKey key, double share)
        where TKey : notnull
    {
        if (share <= 0)
        {
            return 0;
        }

        if (!drawn.TryGetValue(key, out var score))
        {
            drawn[key] = score = random.Normal();
        }

        return Math.Sqrt(share) * score;
    }
}
