using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections.Tenants;
using Headroom.Service.Composition;
using Headroom.Storage;

namespace Headroom.Service.Pages;

/// <summary>What one tenant was promised in one pool, and what it got.</summary>
/// <param name="Contracted">Applications and contracts in force, devices times the time they want; null: there are none.</param>
public sealed record TenantPool(PoolId Pool, LocalText Name, Figure Allocated, Figure Used, Figure Idle, Figure? Contracted);

/// <summary>How long jobs that started waited. Unit: hours.</summary>
public sealed record TenantWaits(int Started, double? Median, double? P95, int Waiting, long WaitingDevices);

/// <summary>One tenant of one center, over the days before the running one.</summary>
/// <param name="Goodput">Device-time of jobs that ended well over that of all that ended; null: none ended.</param>
/// <param name="Requests">Newest first.</param>
public sealed record TenantModel(
    CenterView View,
    TenantId Tenant,
    TenantDefinition? Definition,
    DateOnly From,
    DateOnly Until,
    ImmutableArray<TenantPool> Pools,
    TenantWaits Waits,
    double? Goodput,
    ImmutableArray<RequestFact> Requests)
{
    /// <summary>Days that are shown.</summary>
    public const int Days = 30;

    public LocalText Name => Definition?.Name ?? new(Tenant.Value, Tenant.Value);

    /// <exception cref="UserException">Nothing is known of such a tenant.</exception>
    public static async Task<TenantModel> ReadAsync(CenterView view, string id, IStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (center, tenant) = (view.Center, new TenantId(id));
        var jobs = view.Facts.Jobs.Where(job => job.Tenant == tenant).ToList();
        var requests = view.Facts.Requests.Where(request => request.Tenant == tenant).OrderByDescending(request => request.Submitted).ToImmutableArray();
        var definition = center.Tenants.FirstOrDefault(entry => entry.Id == tenant);
        if (definition is null && jobs.Count == 0 && requests.IsEmpty)
        {
            throw new UserException(UserMessage.Of(MessageCode.PageUnknown, $"/centers/{center.Id}/tenants/{id}"));
        }

        var until = (view.LastWholeDay ?? view.Today.AddDays(-1)).AddDays(1);
        var from = until.AddDays(-Days);
        var window = new Window(view.Clock.Day(from).From, view.Clock.Day(until).From);
        var sums = await new DaySums(store, clock, view.Devices, view.Catalog, Instants.Never).ReadAsync(from, until, cancellationToken);
        return new(
            view,
            tenant,
            definition,
            from,
            until,
            [.. sums.Tenants.Where(sum => sum.Key.Name == id).GroupBy(sum => sum.Key.Pool).OrderBy(pool => pool.Key.Value, StringComparer.Ordinal).Select(pool => PoolOf(view, tenant, window, pool, requests))],
            WaitsOf(jobs, window),
            GoodputOf(jobs, window),
            requests);
    }

    private static TenantPool PoolOf(CenterView view, TenantId tenant, Window window, IGrouping<PoolId, RollUp> parts, ImmutableArray<RequestFact> requests)
    {
        var (rating, maker) = (PoolRatings.Of(view.Center, view.Catalog), new FigureMaker(view.Center.Id, window, Instants.Never));
        var (counted, rated, isUnrated) = (new UsageSums.Adder(), new UsageSums.Adder(), false);
        foreach (var part in parts)
        {
            counted.Add(part.Cells, 1);
            rated.Add(part.Cells, rating(parts.Key, part.Key.Model) ?? 0);
            isUnrated |= rating(parts.Key, part.Key.Model) is null;
        }

        var pool = new PoolDay(parts.Key, counted.Sums, isUnrated ? null : rated.Sums);
        var cell = $"tenant.{tenant}.pool.{parts.Key}";
        var wanted = requests
            .Where(request => request.State is RequestState.Running or RequestState.Completed or RequestState.Approved && (request.Pool ?? view.Center.FallbackPool) == parts.Key)
            .Aggregate((Int128)0, (sum, request) => sum + ((Int128)request.Wanted.Within(window).Length.Value * request.Devices));
        var weight = rating(parts.Key, view.Center.Find(parts.Key)?.Model);
        return new(
            parts.Key,
            PoolDay.NameOf(view.Center, parts.Key),
            pool.Amount(maker, $"{cell}.allocated", MetricCatalog.Allocated, pool.Weighed.Allocated, tenant),
            TenantsModel.UsedOf(maker, pool, $"{cell}.used", tenant),
            maker.Share($"{cell}.idle", maker.Scope(parts.Key, tenant), MetricValue.Ratio(
                MetricCatalog.IdleShare.Id, pool.Weighed[Cell.AllocatedIdle], pool.Weighed[Cell.AllocatedIdle] + pool.Weighed[Cell.AllocatedBusy], pool.Weighed.Allocated)),
            wanted == 0 ? null : pool.Rated is null
                ? maker.Amount($"{cell}.contracted", maker.Scope(parts.Key, tenant), MetricCatalog.Allocated.Id, MetricUnit.DeviceHours, wanted, Micros.PerHour)
                : weight is { } mflops ? pool.Amount(maker, $"{cell}.contracted", MetricCatalog.Allocated, wanted * mflops, tenant) : null);
    }

    private static TenantWaits WaitsOf(List<JobFact> jobs, Window window)
    {
        var waits = jobs
            .Where(job => job.Started is { } start && window.Contains(start))
            .Select(job => Math.Max(0, job.Started!.Value - (job.Eligible ?? job.Submitted)) / (double)Micros.PerHour)
            .Order()
            .ToList();
        var waiting = jobs.Where(job => job.Submitted < window.Until && (job.Started ?? job.Ended ?? Instants.Never) >= window.Until).ToList();
        double? Rank(double share) => waits.Count == 0 ? null : waits[(int)Math.Ceiling(share * waits.Count) - 1];
        return new(waits.Count, Rank(0.5), Rank(0.95), waiting.Count, waiting.Sum(job => (long)job.Devices));
    }

    private static double? GoodputOf(List<JobFact> jobs, Window window)
    {
        var (well, all) = ((Int128)0, (Int128)0);
        foreach (var job in jobs.Where(job => job.Ended is { } end && window.Contains(end) && job.Run is not null))
        {
            var time = (Int128)job.Run!.Value.Length.Value * job.Devices;
            all += time;
            well += job.State == JobState.Completed ? time : 0;
        }

        return all == 0 ? null : (double)well / (double)all;
    }
}
