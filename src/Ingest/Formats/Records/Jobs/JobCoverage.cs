using System.Collections.Immutable;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Jobs;

/// <summary>Over which span the silence of a feed of jobs means "no job".</summary>
internal static class JobCoverage
{
    /// <summary>A log: it holds whatever was submitted since its first job, until it was written.</summary>
    public static ImmutableArray<FeedCoverage> OfLog(IReadOnlyCollection<JobFact> jobs, RecordSource source, ICollection<UserMessage> notices)
    {
        if (jobs.Count == 0)
        {
            return [];
        }

        var from = jobs.Min(job => job.Submitted);
        var until = jobs.Max(job => Math.Max(job.Submitted, Math.Max(job.Started ?? 0, job.Ended ?? 0)));
        var open = jobs.Count(job => job.Ended is null);
        TellOpen(open, source, notices);
        var said = source.At ?? (open > 0 ? source.Now : until);
        return Of(new(from, Math.Max(until, said)));
    }

    /// <summary>A list of what there is: what ended before the oldest ended object that it still holds may have been deleted.</summary>
    public static ImmutableArray<FeedCoverage> OfList(IReadOnlyCollection<JobFact> jobs, RecordSource source, ICollection<UserMessage> notices)
    {
        if (jobs.Count == 0)
        {
            return [];
        }

        TellOpen(jobs.Count(job => job.Ended is null), source, notices);
        var at = source.At ?? source.Now;
        return Of(new(jobs.Min(job => job.Ended) ?? at - Micros.PerMinute, at));
    }

    private static void TellOpen(int open, RecordSource source, ICollection<UserMessage> notices)
    {
        if (source.At is null && open > 0)
        {
            notices.Add(UserMessage.Of(MessageCode.OpenJobsWithoutTime, source.Place, open, Instants.ToText(source.Now)));
        }
    }

    private static ImmutableArray<FeedCoverage> Of(Window window) => window.IsEmpty ? [] : [new(FeedCoverage.Jobs, window)];
}
