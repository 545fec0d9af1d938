using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.QueueOrigin;

/// <summary>Where the queue comes from: the center, a quota, a model, a gang, devices that are down; what that left unserved, and how full it gets while somebody waits.</summary>
public sealed record QueueOriginModel(ImmutableArray<PoolQueue> Pools) : ISectionModel
{
    private const int MostTenants = 8;

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static QueueOriginModel Of(SaturationReportInput input) => new([.. input.Pools.Select(pool => OfPool(input, pool))]);

    private static PoolQueue OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var scale = new PoolScale(input, pool);
        var unit = scale.Unit == MetricUnit.Petaflops ? MetricUnit.PetaflopDays : MetricUnit.DeviceDays;
        var maker = scale.Maker.During(input.Observed);
        Figure Waited(string cell, double deviceDays) => maker.Given($"{scale.Cell}.{cell}.Q_waited", scale.Scope, MetricCatalog.QueueWaited.Id, unit, scale.Of(deviceDays));
        Figure Hours(string cell, double hours) => maker.Given($"{scale.Cell}.{cell}.T_queued", scale.Scope, MetricCatalog.QueueHours.Id, MetricUnit.Count, hours);
        Figure? Unserved(string cell, double? devices) => devices is { } mean ? maker.Given($"{scale.Cell}.{cell}.D_unserved", scale.Scope, MetricCatalog.Unserved.Id, scale.Unit, scale.Of(mean)) : null;
        return new(
            PoolDay.NameOf(input.Center, pool.Pool),
            pool.Causes.FullWhileWaiting is { } full ? maker.Given($"{scale.Cell}.Packing", scale.Scope, MetricCatalog.Packing.Id, MetricUnit.Share, full) : null,
            pool.Causes.Observed > 0 ? (Hours("full", pool.Causes.SaturationHours), Hours("observed", pool.Causes.Observed)) : null,
            [.. pool.Causes.Causes.Select(share => new CauseRow(share.Cause, Hours($"cause.{share.Cause}", share.Hours), Waited($"cause.{share.Cause}", share.DeviceDays), Unserved($"cause.{share.Cause}", share.Unserved)))],
            [
                .. pool.Causes.Tenants.Take(MostTenants).Select(queue => new TenantRow(
                    input.Center.Tenants.FirstOrDefault(tenant => tenant.Id.Value == queue.Tenant)?.Name ?? new(queue.Tenant, queue.Tenant),
                    queue.Cause,
                    Hours($"tenant.{queue.Tenant}", queue.Hours),
                    Waited($"tenant.{queue.Tenant}", queue.DeviceDays),
                    Unserved($"tenant.{queue.Tenant}", queue.Unserved),
                    maker.Given($"{scale.Cell}.tenant.{queue.Tenant}.D_queued", scale.Scope, MetricCatalog.DQueued.Id, scale.Unit, scale.Of(queue.Mean)))),
            ],
            Math.Max(0, pool.Causes.Tenants.Length - MostTenants),
            pool.Demand.Kind != DemandAnswerKind.Estimate && pool.Causes.Causes.IsEmpty);
    }
}

/// <param name="Packing">How full the pool gets while somebody waits; null: too few such hours.</param>
/// <param name="Full">Hours in which the pool itself was full while somebody waited, and all hours that were looked at; null: nothing was.</param>
/// <param name="Causes">Largest first; empty: nobody waited, or nobody counted.</param>
/// <param name="More">Tenants that wait and are not listed.</param>
/// <param name="Unseen">True: who waits was not counted, so that an empty list says nothing.</param>
public sealed record PoolQueue(LocalText Name, Figure? Packing, (Figure Hours, Figure Observed)? Full, ImmutableArray<CauseRow> Causes, ImmutableArray<TenantRow> Tenants, int More, bool Unseen)
{
    public IEnumerable<Figure> Figures =>
    [
        .. Packing is { } packing ? (Figure[])[packing] : [],
        .. Full is { } full ? (Figure[])[full.Hours, full.Observed] : [],
        .. Causes.SelectMany(row => row.Figures),
        .. Tenants.SelectMany(row => row.Figures),
    ];
}

/// <param name="Unserved">Null: how long those that waited would have run is not known.</param>
public sealed record CauseRow(QueueCause Cause, Figure Hours, Figure Waited, Figure? Unserved)
{
    public IEnumerable<Figure> Figures => Unserved is { } unserved ? [Hours, Waited, unserved] : [Hours, Waited];
}

/// <param name="Unserved">As of a cause.</param>
public sealed record TenantRow(LocalText Name, QueueCause Cause, Figure Hours, Figure Waited, Figure? Unserved, Figure Mean)
{
    public IEnumerable<Figure> Figures => Unserved is { } unserved ? [Hours, Mean, Waited, unserved] : [Hours, Mean, Waited];
}
