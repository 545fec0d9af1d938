namespace Headroom.Analytics.Demand;

/// <summary>How long those who ask wait before they give up: the share that would still wait, by how long they have waited.</summary>
/// <remarks>
/// Kaplan and Meier, Journal of the American Statistical Association 53 (1958): who starts is lost from sight at his start.
/// A job that started after a wait that most do not sit out speaks for those that would have had to wait as long, and left:
/// its weight is 1 over that share (inverse probability of censoring; Robins and Rotnitzky 1992). Right where patience does not depend on runtime.
/// </remarks>
internal sealed class Patience
{
    /// <summary>One job speaks for no more than this many.</summary>
    private const double MostWeight = 10;

    private readonly long[] _at;
    private readonly double[] _share;

    private Patience(long[] at, double[] share) => (_at, _share) = (at, share);

    public static Patience Of(IReadOnlyList<Episode> episodes)
    {
        var waits = episodes.Select(episode => (episode.Waited, episode.HasLeft)).OrderBy(wait => wait.Waited).ThenByDescending(wait => wait.HasLeft).ToArray();
        var (at, share, alive) = (new List<long>(), new List<double>(), 1.0);
        for (var i = 0; i < waits.Length; i++)
        {
            if (waits[i].HasLeft)
            {
                alive *= 1 - (1.0 / (waits.Length - i));
                at.Add(waits[i].Waited);
                share.Add(alive);
            }
        }

        return new([.. at], [.. share]);
    }

    /// <summary>How many that would have had to wait this long one who did speaks for: himself and those that left. 1 or more.</summary>
    /// <param name="waited">Unit: microseconds.</param>
    public double Weight(long waited)
    {
        var at = Array.BinarySearch(_at, waited);
        at = at < 0 ? ~at : at;
        while (at > 0 && at < _at.Length && _at[at - 1] == waited)
        {
            at--;
        }

        return at == 0 ? 1 : Math.Min(MostWeight, 1 / Math.Max(1e-12, _share[at - 1]));
    }
}
