namespace Headroom.Analytics.Demand;

/// <summary>Whether people wait longer for jobs that run longer, as far as the log tells.</summary>
/// <remarks>
/// It tells by its groups (<see cref="PatienceByGroup"/>) and, where jobs start in the order in which they came, by waits (<see cref="PatienceByWait"/>).
/// Where most jobs say how long they ask for, nothing is needed: who left did so too, and is looked up by that.
/// </remarks>
internal static class PatienceGrowth
{
    /// <summary>Values that are tried: 0 to 1.</summary>
    private const int Values = 10;

    /// <summary>Of either who left or who started: with fewer nothing is said.</summary>
    private const int Fewest = 50;

    /// <summary>Share of jobs that name a requested time, from which on that speaks for those that left.</summary>
    private const double Most = 0.9;

    /// <summary>Standard errors: below it no other value than 0 is tried.</summary>
    private const double Suspicious = 2;

    /// <summary>Twice the gain of log-likelihood, less what goes together, from which on a growth is taken for real; harness families without any reach it once in 300.</summary>
    private const double Decisive = 8;

    /// <summary>The same of groups and waits together.</summary>
    private const double DecisiveTogether = 11;

    /// <summary>Twice the gain by waits from which on they alone say how fast: runtimes of groups are not known well, and so say too little.</summary>
    private const double Telling = 1;

    /// <summary>The patience of those that left; null: nothing says that it grows with the runtime.</summary>
    /// <param name="episodes">In order of <see cref="Episode.Wanted"/>.</param>
    public static Patience? Of(IReadOnlyList<Episode> episodes, Waits waits)
    {
        if (waits.Left.Sum() < Fewest || waits.Grades.Sum() < Fewest || episodes.Count(episode => episode.Requested > 0) > Most * episodes.Count)
        {
            return null;
        }

        var inOrder = StartOrder.IsKept(episodes);
        Patience With(int value) => inOrder ? Patience.InOrder(waits, (double)value / Values) : Patience.Anyhow(waits, (double)value / Values);
        var (groups, pairs) = (new PatienceByGroup(episodes, waits), inOrder ? new PatienceByWait(episodes) : null);
        var apart = With(0);
        var (byGroup, byWait) = (groups.Of(apart), pairs?.Of(apart) ?? default);
        if (byGroup.Pull < Suspicious && byWait.Pull < Suspicious)
        {
            return null;
        }

        Patience[] tried = [apart, .. Enumerable.Range(1, Values).Select(With)];
        var byGroups = Gains([byGroup, .. tried[1..].Select(groups.Of)]);
        if (pairs is null)
        {
            return 2 * byGroups.Max() > Decisive ? tried[Array.IndexOf(byGroups, byGroups.Max())] : null;
        }

        var byWaits = Gains([byWait, .. tried[1..].Select(pairs.Of)]);
        double[] speed = 2 * byWaits.Max() > Telling ? byWaits : [.. byGroups.Zip(byWaits, (one, other) => one + other)];
        return 2 * (byGroups.Max() + byWaits.Max()) > DecisiveTogether ? tried[Array.IndexOf(speed, speed.Max())] : null;
    }

    /// <summary>Of log-likelihood over growth 0, as sure as it may be where it is largest.</summary>
    private static double[] Gains(PatienceEvidence[] evidence)
    {
        var best = evidence.MaxBy(of => of.LogLikelihood);
        return [.. evidence.Select(of => (of.LogLikelihood - evidence[0].LogLikelihood) / best.Overdispersion)];
    }
}
