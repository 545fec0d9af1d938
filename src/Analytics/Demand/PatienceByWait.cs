using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Whether of those that sat out a long wait more run long than of those that started soon: pairs of jobs of a tenant and size that came near one time.</summary>
/// <remarks>
/// Of two that started, which had the longer wait? Where waits do not depend on runtimes, the odds are the chances to sit each out; the law of runtimes, which
/// drifts, cancels (pairwise conditional likelihood: Liang and Qin, Journal of the Royal Statistical Society B 62, 2000). Says nothing where they do depend.
/// </remarks>
internal sealed class PatienceByWait
{
    /// <summary>Jobs that came further apart are not compared: runtimes drift.</summary>
    private const long Apart = 14 * Micros.PerDay;

    /// <summary>So many places after a job are those it is paired with, at most.</summary>
    private const int Furthest = 32;

    private const int PairsEach = 6;

    /// <summary>More pairs than this cost time and say nothing new.</summary>
    private const int Most = 60_000;

    private const double Far = 30;

    private readonly List<Pair> _pairs = [];
    private readonly int _clusters;

    public PatienceByWait(IReadOnlyList<Episode> episodes)
    {
        var (lines, clusters) = (new Dictionary<(string, int), List<int>>(), new Dictionary<(string, int), int>());
        for (var i = 0; i < episodes.Count; i++)
        {
            var episode = episodes[i];
            if (episode is not { IsOver: true, Started: not null })
            {
                continue;
            }

            if (!lines.TryGetValue((episode.Tenant, episode.SizeClass), out var line))
            {
                lines[(episode.Tenant, episode.SizeClass)] = line = [];
            }

            line.Add(i);
        }

        var every = 1 + (lines.Values.Sum(line => line.Count) * PairsEach / Most);
        foreach (var line in lines.Values)
        {
            for (var i = 0; i < line.Count; i += every)
            {
                var one = episodes[line[i]];
                for (var lag = 1; lag <= Furthest && i + lag < line.Count && episodes[line[i + lag]].Wanted - one.Wanted <= Apart; lag *= 2)
                {
                    var other = episodes[line[i + lag]];
                    var key = (one.Tenant, (int)(one.Wanted / (7 * Micros.PerDay)));
                    clusters.TryAdd(key, clusters.Count);
                    _pairs.Add(new(one.Waited, other.Waited, Waits.GradeOf(one), Waits.GradeOf(other), clusters[key]));
                }
            }
        }

        _clusters = clusters.Count;
    }

    /// <param name="patience">With the growth in question.</param>
    public PatienceEvidence Of(Patience patience)
    {
        var factors = patience.Factors;
        Span<double> lengths = stackalloc double[RuntimeGrades.Count];
        for (var grade = 0; grade < lengths.Length; grade++)
        {
            lengths[grade] = factors[grade] * Patience.Length(grade);
        }

        var (likelihood, information, scores) = (0.0, 0.0, new double[_clusters]);
        foreach (var pair in _pairs)
        {
            var longer = patience.Met(pair.Wait) - patience.Met(pair.OtherWait);
            var odds = Math.Clamp(-longer * (factors[pair.Grade] - factors[pair.OtherGrade]), -Far, Far);
            var against = Math.Exp(-odds);
            likelihood -= Math.Log(1 + against);
            var score = longer * (lengths[pair.Grade] - lengths[pair.OtherGrade]) * against / (1 + against);
            scores[pair.Cluster] += score;
            information += score * score;
        }

        return new(likelihood, scores.Sum(), information, scores.Sum(score => score * score));
    }

    private readonly record struct Pair(long Wait, long OtherWait, int Grade, int OtherGrade, int Cluster);
}
