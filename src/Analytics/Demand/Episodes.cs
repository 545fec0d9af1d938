using System.Collections.Immutable;
using Headroom.Domain.Facts;

namespace Headroom.Analytics.Demand;

/// <summary>Makes episodes of a job log: attempts of one job become one demand.</summary>
public static class Episodes
{
    private const int LongestChain = 1_000;

    /// <summary>Firm demand only: preemptible filler is left out.</summary>
    /// <param name="now">The end of what is known: what happened later is not looked at. Unit: microseconds since the Unix epoch.</param>
    public static ImmutableArray<Episode> Of(IEnumerable<JobFact> jobs, long now)
    {
        var firm = jobs.Where(job => !job.Preemptible && job.Submitted < now).Select(job => job.KnownBy(now)).ToList();
        var retryOf = new Dictionary<(string, string), string>();
        foreach (var job in firm)
        {
            if (job.AttemptOf is { } first && first != job.JobId)
            {
                retryOf.TryAdd((job.Cluster, job.JobId), first);
            }
        }

        return
        [
            .. firm
                .GroupBy(job => (job.Cluster, First(job, retryOf)))
                .Select(attempts => Merge(attempts, now))
                .OrderBy(episode => episode.Wanted).ThenBy(episode => episode.Devices).ThenBy(episode => episode.Served),
        ];
    }

    private static string First(JobFact job, Dictionary<(string, string), string> retryOf)
    {
        var id = job.JobId;
        for (var step = 0; step < LongestChain && retryOf.TryGetValue((job.Cluster, id), out var earlier); step++)
        {
            id = earlier;
        }

        return id;
    }

    private static Episode Merge(IEnumerable<JobFact> attempts, long now)
    {
        // A job that was filed twice is one attempt: the one that came furthest.
        var ordered = attempts.OrderByDescending(job => job.Progress).ThenByDescending(job => job.Ended).DistinctBy(job => job.JobId).OrderBy(job => job.Submitted).ThenBy(job => job.Started ?? long.MaxValue).ToList();
        var last = ordered[^1];
        var served = ordered.Sum(job => job.Started is { } start ? Math.Max(0, Math.Min(job.Ended ?? now, now) - start) : 0);
        var state = last switch
        {
            { Ended: null, Started: null } => EpisodeState.Waiting,
            { Ended: null } => EpisodeState.Running,
            { Started: null } => EpisodeState.Left,
            _ => EpisodeState.Over,
        };
        return new(
            ordered.Min(job => job.Eligible ?? job.Submitted),
            last.Devices,
            ordered.Min(job => job.Started),
            served,
            state,
            last.Requested,
            last.Ended ?? now) { Tenant = last.Tenant.Value, Priority = last.Priority ?? "" };
    }
}
