using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>What a tenant's jobs held of a pool within a window, counted from job sizes: which devices that was is not known.</summary>
/// <param name="DeviceMicros">Sum of devices x run within the window. Unit: device-microseconds; exact, and additive over any split of the window.</param>
/// <param name="Jobs">Jobs that ran within the window, if only for an instant.</param>
/// <param name="Started">Jobs whose start lies in the window.</param>
/// <param name="Ended">Jobs whose end lies in the window, also of those that never started.</param>
/// <param name="Pending">Jobs that wait when the window ends: a stock, never added over windows.</param>
public sealed record TenantJobTime(TenantId Tenant, PoolId Pool, Int128 DeviceMicros, long Jobs, long Started, long Ended, long Pending);

/// <summary>Device-time from job sizes, for logs that do not name the devices their jobs ran on.</summary>
public static class JobTime
{
    /// <summary>One row per pool and tenant that has anything to say, ordered by pool and tenant.</summary>
    /// <param name="knownUntil">Where the feed's coverage ends: an open job holds its devices until then. See <see cref="KnownUntil"/>.</param>
    /// <param name="fallbackPool">The pool of a job that names none.</param>
    public static ImmutableArray<TenantJobTime> Of(IEnumerable<JobFact> jobs, Window window, long knownUntil, PoolId fallbackPool) =>
    [
        .. jobs
            .GroupBy(job => (Pool: job.Pool ?? fallbackPool, job.Tenant))
            .OrderBy(group => group.Key.Pool.Value, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Tenant.Value, StringComparer.Ordinal)
            .Select(group => Sum(group.Key.Tenant, group.Key.Pool, group, window, knownUntil))
            .Where(row => row.Jobs + row.Started + row.Ended + row.Pending > 0),
    ];

    /// <summary>Jobs to be counted from their size: none of the devices they name is one of the center's.</summary>
    public static IEnumerable<JobFact> WithoutDevices(IEnumerable<JobFact> jobs, IReadOnlySet<DeviceId> devices) =>
        jobs.Where(job => !job.DeviceIds.Any(devices.Contains));

    /// <summary>The end of what a job feed covers; before everything where there is none.</summary>
    public static long KnownUntil(IEnumerable<FeedCoverage> coverage) =>
        coverage.Where(span => span.Feed == FeedCoverage.Jobs).Select(span => span.Valid.Until).DefaultIfEmpty(long.MinValue).Max();

    /// <summary>When a job held its devices, as far as the feed tells; null when it never started.</summary>
    public static Window? Run(JobFact job, long knownUntil) =>
        job.Started is { } start ? new(start, job.Ended ?? Math.Max(knownUntil, start)) : null;

    private static TenantJobTime Sum(TenantId tenant, PoolId pool, IEnumerable<JobFact> jobs, Window window, long knownUntil)
    {
        var sum = new TenantJobTime(tenant, pool, 0, 0, 0, 0, 0);
        var last = Math.Min(window.Until, knownUntil);
        foreach (var job in jobs)
        {
            var held = Run(job, knownUntil)?.Within(window).Length.Value ?? 0;
            var started = job.Started is { } start && window.Contains(start);
            sum = sum with
            {
                DeviceMicros = sum.DeviceMicros + ((Int128)held * job.Devices),
                Jobs = sum.Jobs + (held > 0 || started ? 1 : 0),
                Started = sum.Started + (started ? 1 : 0),
                Ended = sum.Ended + (job.Ended is { } end && window.Contains(end) ? 1 : 0),
                Pending = sum.Pending + (window.From < last && job.Submitted < last && (job.Started ?? job.Ended ?? Instants.Never) >= last ? 1 : 0),
            };
        }

        return sum;
    }
}
