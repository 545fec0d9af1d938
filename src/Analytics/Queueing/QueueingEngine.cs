namespace Headroom.Analytics.Queueing;

/// <summary>The discrete-event queue: jobs that need several devices at once, a capacity that changes, a discipline, patience.</summary>
/// <remarks>
/// Deterministic, O(n log n) with <see cref="FifoDiscipline"/>. At one instant: running jobs end, capacity changes, new jobs join the line in the
/// order they are given, jobs start; only then those whose patience has run out leave, one by one, and whoever they blocked may start.
/// A fall of capacity stops no running job; it holds back starts until enough have ended. Which concrete devices a job gets is the caller's matter.
/// </remarks>
public static class QueueingEngine
{
    /// <summary>Runs the jobs first come, first served.</summary>
    public static QueueOutcome[] Run(ReadOnlySpan<QueuedJob> jobs, CapacityPath capacity, long horizonMicros) =>
        Run(jobs, capacity, horizonMicros, FifoDiscipline.Instance);

    /// <returns>One outcome per job, in the order of <paramref name="jobs"/>.</returns>
    /// <param name="jobs">In any order; jobs submitted at the same instant join the line as given here.</param>
    /// <param name="horizonMicros">Exclusive: what would happen at or after it does not happen.</param>
    /// <exception cref="ArgumentException">A job with no devices, with a negative runtime or patience, or that runs for longer than it asks.</exception>
    public static QueueOutcome[] Run(ReadOnlySpan<QueuedJob> jobs, CapacityPath capacity, long horizonMicros, IQueueDiscipline discipline)
    {
        ArgumentNullException.ThrowIfNull(capacity);
        ArgumentNullException.ThrowIfNull(discipline);
        Check(jobs);

        var outcomes = new QueueOutcome[jobs.Length];
        new QueueRun(jobs, capacity, horizonMicros, discipline, outcomes).ToHorizon();
        return outcomes;
    }

    private static void Check(ReadOnlySpan<QueuedJob> jobs)
    {
        for (var i = 0; i < jobs.Length; i++)
        {
            if (jobs[i] is not { Devices: > 0, RuntimeMicros: >= 0, PatienceMicros: >= 0 } || jobs[i].RequestedMicros < jobs[i].RuntimeMicros)
            {
                throw new ArgumentException($"Job {i} needs 1 device or more, a runtime and a patience of 0 or more, and a requested time that is not below its runtime; it is {jobs[i]}.", nameof(jobs));
            }
        }
    }
}
