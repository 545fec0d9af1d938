using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>A pool's queue at the end of a window, and the waits of the jobs that started within it.</summary>
/// <param name="Waiting">Requests that could have started and wait.</param>
/// <param name="Devices">What they ask for. A stock: never added over windows.</param>
/// <param name="OldestMicros">How long the oldest of them has waited; null: nothing waits.</param>
/// <param name="Started">Jobs that started in the window.</param>
/// <param name="MedianWait">Of those, from when they could have started, by nearest rank; null: none started. Unit: microseconds.</param>
/// <param name="P95Wait">Likewise, the 95th percentile.</param>
public sealed record QueueState(PoolId Pool, int Waiting, long Devices, long? OldestMicros, int Started, long? MedianWait, long? P95Wait)
{
    /// <summary>One entry per pool in which anything waits or started, by pool.</summary>
    /// <param name="spans">Demand of every pool.</param>
    public static ImmutableArray<QueueState> Of(IReadOnlyCollection<DemandSpan> spans, IEnumerable<JobFact> jobs, Window window, PoolId fallbackPool)
    {
        var last = window.Until - 1;
        var waiting = spans.Where(span => span.Kind is DemandKind.JobWaits or DemandKind.ApplicationWaits && span.Valid.Contains(last)).ToLookup(span => span.Pool);
        var waits = jobs
            .Where(job => job.Started is { } started && window.Contains(started))
            .ToLookup(job => job.Pool ?? fallbackPool, job => job.Started!.Value - Math.Max(job.Submitted, job.Eligible ?? job.Submitted));
        return
        [
            .. waiting.Select(group => group.Key).Concat(waits.Select(group => group.Key)).Distinct().OrderBy(pool => pool.Value, StringComparer.Ordinal).Select(pool =>
            {
                // Who was let in before it said it could start has not waited.
                var sorted = waits[pool].Select(wait => Math.Max(0, wait)).Order().ToList();
                return new QueueState(
                    pool,
                    waiting[pool].Count(),
                    waiting[pool].Sum(span => (long)span.Devices),
                    waiting[pool].Any() ? window.Until - waiting[pool].Min(span => span.Since) : null,
                    sorted.Count,
                    Rank(sorted, 0.5),
                    Rank(sorted, 0.95));
            }),
        ];
    }

    private static long? Rank(List<long> sorted, double share) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
}
