using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Makes episodes of a job log: attempts of one job become one demand.</summary>
public static class Episodes
{
    /// <summary>Firm demand only: preemptible filler is left out.</summary>
    /// <param name="now">The end of what is known: what happened later is not looked at. Unit: microseconds since the Unix epoch.</param>
    public static ImmutableArray<Episode> Of(IEnumerable<JobFact> jobs, long now) => Of(jobs, now, Retries.Within);

    /// <summary>As if nobody whose job did not run ever submitted it again under another id: only attempts that name their first are one demand.</summary>
    public static ImmutableArray<Episode> Apart(IEnumerable<JobFact> jobs, long now) => Of(jobs, now, within: -1);

    private static ImmutableArray<Episode> Of(IEnumerable<JobFact> jobs, long now, long within)
    {
        var firm = Once(jobs.Where(job => !job.Preemptible && job.Submitted < now).Select(job => job.KnownBy(now)));
        var roots = Retries.Roots(firm, within);
        var attempts = new List<JobFact>?[firm.Count];
        for (var i = 0; i < firm.Count; i++)
        {
            (attempts[roots[i]] ??= []).Add(firm[i]);
        }

        return
        [
            .. attempts
                .Where(demand => demand is not null)
                .Select(demand => Merge(demand!, now))
                .OrderBy(episode => episode.Wanted).ThenBy(episode => episode.Devices).ThenBy(episode => episode.Served)
                .ThenBy(episode => episode.Tenant, StringComparer.Ordinal).ThenBy(episode => episode.Settled),
        ];
    }

    /// <summary>By submission and id. A job that was filed twice is one: the filing that came furthest.</summary>
    private static List<JobFact> Once(IEnumerable<JobFact> jobs)
    {
        var once = new Dictionary<(string Cluster, string Id, long Submitted), JobFact>();
        foreach (var job in jobs)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(once, (job.Cluster, job.JobId, job.Submitted), out _);
            known = known is null || (job.Progress, job.Ended ?? 0, job.Devices).CompareTo((known.Progress, known.Ended ?? 0, known.Devices)) > 0 ? job : known;
        }

        return [.. once.Values.OrderBy(job => job.Submitted).ThenBy(job => job.Started ?? long.MaxValue).ThenBy(job => job.JobId, StringComparer.Ordinal).ThenBy(job => job.Cluster, StringComparer.Ordinal)];
    }

    /// <param name="attempts">By submission.</param>
    private static Episode Merge(List<JobFact> attempts, long now)
    {
        var last = attempts[^1];
        var served = attempts.Sum(job => job.Started is { } start ? Math.Max(0, Math.Min(job.Ended ?? now, now) - start) : 0);
        var state = last switch
        {
            { Ended: null, Started: null } => EpisodeState.Waiting,
            { Ended: null } => EpisodeState.Running,
            { Started: null } => EpisodeState.Left,
            _ => EpisodeState.Over,
        };
        return new(
            attempts.Min(job => job.Eligible ?? job.Submitted),
            last.Devices,
            attempts.Min(job => job.Started),
            served,
            state,
            last.Requested,
            last.Ended ?? now)
        {
            Tenant = last.Tenant.Value,
            Priority = last.Priority ?? "",
            Model = last.Model ?? "",
            Stays = attempts.Count == 1 ? default : [.. attempts.Select((job, i) => Stay(job, i + 1 < attempts.Count ? attempts[i + 1].Submitted : now)).Where(stay => !stay.IsEmpty)],
        };
    }

    /// <summary>When an attempt stood in the queue, at most until the next took its place.</summary>
    private static Window Stay(JobFact job, long until)
    {
        var from = job.Eligible ?? job.Submitted;
        return new(from, Math.Max(from, Math.Min(job.Started ?? job.Ended ?? until, until)));
    }
}
