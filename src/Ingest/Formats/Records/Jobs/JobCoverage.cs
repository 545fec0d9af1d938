using System.Collections.Immutable;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Jobs;

/// <summary>Over which span the silence of a feed of jobs means "no job".</summary>
internal static class JobCoverage
{
    /// <summary>A log: it holds whatever was submitted since its first job, until it was written. When that was nobody can see: where it is not said, its last instant is what is known.</summary>
    public static ImmutableArray<FeedCoverage> OfLog(IReadOnlyCollection<JobFact> jobs, RecordSource source, ICollection<UserMessage> notices)
    {
        if (jobs.Count == 0)
        {
            return [];
        }

        var from = jobs.Min(job => job.Submitted);
        var until = jobs.Max(job => Math.Max(job.Submitted, Math.Max(job.Started ?? 0, job.Ended ?? 0)));
        TellOpen(jobs, source, until, notices);
        return Of(new(from, Math.Max(until, source.At ?? until)));
    }

    /// <summary>A list of what there is: what ended before the oldest ended object that it still holds may have been deleted.</summary>
    public static ImmutableArray<FeedCoverage> OfList(IReadOnlyCollection<JobFact> jobs, RecordSource source, ICollection<UserMessage> notices)
    {
        if (jobs.Count == 0)
        {
            return [];
        }

        var at = source.At ?? source.Now;
        TellOpen(jobs, source, at, notices);
        return Of(new(jobs.Min(job => job.Ended) ?? at - Micros.PerMinute, at));
    }

    private static void TellOpen(IEnumerable<JobFact> jobs, RecordSource source, long until, ICollection<UserMessage> notices)
    {
        var open = jobs.Count(job => job.Ended is null);
        if (source.At is null && open > 0)
        {
            notices.Add(UserMessage.Of(MessageCode.OpenJobsWithoutTime, source.Place, open, Instants.ToText(until)));
        }
    }

    private static ImmutableArray<FeedCoverage> Of(Window window) => window.IsEmpty ? [] : [new(FeedCoverage.Jobs, window)];
}
