using Headroom.Domain.Facts;

namespace Headroom.Ingest.Formats.Records.Jobs;

/// <summary>The words of schedulers for the state of a job.</summary>
/// <remarks>Source: SchedMD, sacct(1), JOB STATE CODES; and the words of our own jobs file.</remarks>
internal static class JobWords
{
    private static readonly Dictionary<string, JobState> States = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pending"] = JobState.Pending,
        ["configuring"] = JobState.Running,
        ["running"] = JobState.Running,
        ["suspended"] = JobState.Running,
        ["stopped"] = JobState.Running,
        ["resizing"] = JobState.Running,
        ["completing"] = JobState.Running,
        ["completed"] = JobState.Completed,
        ["failed"] = JobState.Failed,
        ["out_of_memory"] = JobState.Failed,
        ["cancelled"] = JobState.Cancelled,
        ["canceled"] = JobState.Cancelled,
        ["revoked"] = JobState.Cancelled,
        ["timeout"] = JobState.Timeout,
        ["deadline"] = JobState.Timeout,
        ["node_fail"] = JobState.NodeFail,
        ["boot_fail"] = JobState.NodeFail,
        ["preempted"] = JobState.Preempted,
        ["requeued"] = JobState.Requeued,
        ["unknown"] = JobState.Unknown,
    };

    /// <summary>The state that the first word of <paramref name="text"/> means (<c>CANCELLED by 1001</c>); null: not a word of any scheduler we know.</summary>
    public static JobState? State(string text) => States.TryGetValue(text.Split(' ', 2)[0].TrimEnd('+'), out var state) ? state : null;
}
