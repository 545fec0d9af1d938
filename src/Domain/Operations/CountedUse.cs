using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>A tenant of whom only the number of devices is known, over a window. Unit: device-microseconds, exact and additive over whole hours.</summary>
/// <param name="Tenant">Null: all tenants of the pool together.</param>
/// <param name="Installed">Its quota in the hours that tell one.</param>
/// <param name="Allocated">In all hours counted.</param>
/// <param name="AllocatedOfInstalled">In the hours that tell a quota.</param>
/// <param name="Queued">In the hours that counted a queue.</param>
/// <param name="Hours">Hours counted.</param>
/// <param name="HoursAtQuota">Hours with 95 % of the quota or more.</param>
/// <param name="HoursHeldBack">Of those, hours in which devices were also waited for: the quota, not the cluster, was in the way.</param>
/// <param name="IdleLow">What it surely left idle of its allocation, where telemetry tells how much of the pool was busy.</param>
/// <param name="IdleHigh">What it may have left idle.</param>
public sealed record CountedUse(
    PoolId Pool,
    TenantId? Tenant,
    Int128 Installed,
    Int128 Allocated,
    Int128 AllocatedOfInstalled,
    Int128 Queued,
    int Hours,
    int HoursAtQuota,
    int HoursHeldBack,
    Int128 IdleLow,
    Int128 IdleHigh)
{
    /// <summary>Part of the counted hours, from which on a tenant is said to be held back by its quota.</summary>
    private const double HeldBackFrom = 0.1;

    /// <summary>Allocated over quota; above 1 with borrowed devices. Null: no quota is told.</summary>
    public double? U1 => Installed > 0 ? (double)AllocatedOfInstalled / (double)Installed : null;

    public bool IsHeldBack => Hours > 0 && HoursHeldBack >= HeldBackFrom * Hours;

    /// <summary>By pool; in it tenants by allocation, largest first, and after them the pool as a whole.</summary>
    /// <param name="fallbackPool">The pool of a count that names none.</param>
    /// <param name="hours">Pool-hours of the window, for the bounds of idleness; may be empty.</param>
    public static ImmutableArray<CountedUse> Of(IEnumerable<CountFact> counts, Window window, PoolId fallbackPool, IEnumerable<PoolHour> hours)
    {
        var use = hours.ToDictionary(hour => (hour.Pool, hour.HourStart), hour => hour.Devices);
        var inWindow = counts.Where(count => window.Contains(count.Hour)).ToList();
        var result = ImmutableArray.CreateBuilder<CountedUse>();
        foreach (var pool in inWindow.GroupBy(count => count.Pool ?? fallbackPool).OrderBy(group => group.Key.Value, StringComparer.Ordinal))
        {
            result.AddRange(pool
                .GroupBy(count => count.Tenant)
                .Select(group => Sum(pool.Key, group.Key, group, use))
                .OrderByDescending(tenant => tenant.Allocated)
                .ThenBy(tenant => tenant.Tenant!.Value.Value, StringComparer.Ordinal));
            result.Add(Sum(pool.Key, null, pool.GroupBy(count => count.Hour).Select(Together), use));
        }

        return result.ToImmutable();
    }

    private static CountedUse Sum(PoolId pool, TenantId? tenant, IEnumerable<CountFact> counts, Dictionary<(PoolId Pool, long Hour), UsageSums> use)
    {
        var sum = new CountedUse(pool, tenant, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var count in counts)
        {
            var isAtQuota = count.Installed > 0 && (Int128)count.Allocated * 100 >= (Int128)count.Installed * 95;
            var (low, high) = Idle(count, use.GetValueOrDefault((pool, count.Hour)));
            sum = sum with
            {
                Installed = sum.Installed + (count.Installed ?? 0),
                Allocated = sum.Allocated + count.Allocated,
                AllocatedOfInstalled = sum.AllocatedOfInstalled + (count.Installed is null ? 0 : count.Allocated),
                Queued = sum.Queued + (count.Queued ?? 0),
                Hours = sum.Hours + 1,
                HoursAtQuota = sum.HoursAtQuota + (isAtQuota ? 1 : 0),
                HoursHeldBack = sum.HoursHeldBack + (isAtQuota && count.Queued > 0 ? 1 : 0),
                IdleLow = sum.IdleLow + low,
                IdleHigh = sum.IdleHigh + high,
            };
        }

        return sum;
    }

    // Which devices it had is not known: all that was busy may have been on them, or on others.
    private static (Int128 Low, Int128 High) Idle(CountFact count, UsageSums? pool)
    {
        if (pool is null)
        {
            return (0, count.Allocated);
        }

        var notBusyForSure = pool.Available - pool.Busy;
        return (Int128.Max(0, count.Allocated - pool.Busy - pool.UseUnknown), Int128.Min(count.Allocated, notBusyForSure));
    }

    private static CountFact Together(IGrouping<long, CountFact> hour) => new(
        hour.Key,
        default,
        null,
        hour.Any(count => count.Installed is not null) ? hour.Sum(count => count.Installed ?? 0) : null,
        hour.Sum(count => count.Allocated),
        hour.Any(count => count.Queued is not null) ? hour.Sum(count => count.Queued ?? 0) : null);
}
