using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Jobs;

/// <summary>What no job can be, whichever scheduler says so. Our own jobs file is checked cell by cell by the same rules.</summary>
internal static class JobCheck
{
    /// <summary>1990-01-01: logs of the first parallel machines are real. Unit: microseconds since the Unix epoch.</summary>
    private const long Oldest = 631_152_000 * Micros.PerSecond;

    /// <summary>The first fault and the instant at fault; null: the job can be.</summary>
    public static (RejectReason Reason, string Column)? FaultOf(JobFact job, long now)
    {
        foreach (var (column, instant) in (ReadOnlySpan<(string, long?)>)[("submit", job.Submitted), ("start", job.Started), ("end", job.Ended)])
        {
            if (instant is { } at && (at < Oldest || at > now + Micros.PerHour))
            {
                return (at < Oldest ? RejectReason.Ancient : RejectReason.Future, column);
            }
        }

        if (job.Started < job.Submitted)
        {
            return (RejectReason.Backwards, "start");
        }

        if (job.Ended < (job.Started ?? job.Submitted))
        {
            return (RejectReason.Backwards, "end");
        }

        // Without its instant such a job would hold its cards, or wait in the queue, forever.
        return job.Ended is null && job.State is not (JobState.Pending or JobState.Running) ? (RejectReason.MissingCell, "end")
            : job.Started is null && job.State == JobState.Running ? (RejectReason.MissingCell, "start")
            : null;
    }
}
