using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>What became of the time that jobs held in a pool. Unit: device-microseconds, exact and additive over any split of the window.</summary>
/// <param name="EndedWell">Of jobs that completed.</param>
/// <param name="EndedBadly">Of jobs that failed, were preempted, requeued, canceled, or ran out of time: work to be done again.</param>
/// <param name="Open">Of jobs that still run, or of which nobody knows how they ended.</param>
/// <param name="Interruptions">Jobs whose run the center cut short in the window: by a failed node, a preemption or a requeue.</param>
/// <param name="Displaced">Of jobs that declare another precision than the pool's.</param>
public sealed record JobOutcomes(PoolId Pool, Int128 EndedWell, Int128 EndedBadly, Int128 Open, int Interruptions, Int128 Displaced)
{
    public Int128 Held => EndedWell + EndedBadly + Open;

    /// <summary>Goodput. What is open is not known; it may end well or badly.</summary>
    public MetricValue U6 => MetricValue.Ratio(MetricCatalog.U6.Id, EndedWell, EndedWell + EndedBadly, Held);

    /// <summary>Per 1,000 device-days that jobs held; null where they held none.</summary>
    public double? InterruptionsPerThousandDeviceDays => Held > 0 ? Interruptions * 1_000.0 * Micros.PerDay / (double)Held : null;

    /// <param name="knownUntil">Where the feed's coverage ends: <see cref="JobTime.KnownUntil"/>.</param>
    /// <param name="fallbackPool">The pool of a job that names none.</param>
    /// <param name="precisionOf">The precision that counts in a pool.</param>
    public static IReadOnlyList<JobOutcomes> Of(IEnumerable<JobFact> jobs, Window window, long knownUntil, PoolId fallbackPool, Func<PoolId, Precision> precisionOf)
    {
        var pools = new SortedDictionary<string, JobOutcomes>(StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            if (JobTime.Run(job, knownUntil) is not { } run)
            {
                continue;
            }

            var pool = job.Pool ?? fallbackPool;
            var held = (Int128)run.Within(window).Length.Value * job.Devices;
            var isInterrupted = job.Ended is { } end && window.Contains(end) && job.State is JobState.NodeFail or JobState.Preempted or JobState.Requeued;
            if (held == 0 && !isInterrupted)
            {
                continue;
            }

            var sum = pools.GetValueOrDefault(pool.Value, new(pool, 0, 0, 0, 0, 0));
            var isOpen = job.Ended is null || job.State == JobState.Unknown;
            pools[pool.Value] = sum with
            {
                EndedWell = sum.EndedWell + (!isOpen && job.State == JobState.Completed ? held : 0),
                EndedBadly = sum.EndedBadly + (!isOpen && job.State != JobState.Completed ? held : 0),
                Open = sum.Open + (isOpen ? held : 0),
                Interruptions = sum.Interruptions + (isInterrupted ? 1 : 0),
                Displaced = sum.Displaced + (job.Precision is { } precision && precision != precisionOf(pool) ? held : 0),
            };
        }

        return [.. pools.Values];
    }
}
