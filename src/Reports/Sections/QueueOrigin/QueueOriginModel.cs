using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.QueueOrigin;

/// <summary>Where the queue comes from: the center, a quota, a gang, devices that are down; and how full it gets while somebody waits.</summary>
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
        return new(
            PoolDay.NameOf(input.Center, pool.Pool),
            pool.Causes.FullWhileWaiting is { } full ? maker.Given($"{scale.Cell}.Packing", scale.Scope, MetricCatalog.Packing.Id, MetricUnit.Share, full) : null,
            [.. pool.Causes.Causes.Select(share => new CauseRow(share.Cause, Hours($"cause.{share.Cause}", share.Hours), Waited($"cause.{share.Cause}", share.DeviceDays)))],
            [
                .. pool.Causes.Tenants.Take(MostTenants).Select(queue => new TenantRow(
                    input.Center.Tenants.FirstOrDefault(tenant => tenant.Id.Value == queue.Tenant)?.Name ?? new(queue.Tenant, queue.Tenant),
                    queue.Cause,
                    Hours($"tenant.{queue.Tenant}", queue.Hours),
                    Waited($"tenant.{queue.Tenant}", queue.DeviceDays),
                    maker.Given($"{scale.Cell}.tenant.{queue.Tenant}.D_queued", scale.Scope, MetricCatalog.DQueued.Id, scale.Unit, scale.Of(queue.Mean)))),
            ],
            Math.Max(0, pool.Causes.Tenants.Length - MostTenants),
            pool.Demand.Kind != DemandAnswerKind.Estimate && pool.Causes.Causes.IsEmpty);
    }
}

/// <param name="Packing">How full the pool gets while somebody waits; null: too few such hours.</param>
/// <param name="Causes">Largest first; empty: nobody waited, or nobody counted.</param>
/// <param name="More">Tenants that wait and are not listed.</param>
/// <param name="Unseen">True: who waits was not counted, so that an empty list says nothing.</param>
public sealed record PoolQueue(LocalText Name, Figure? Packing, ImmutableArray<CauseRow> Causes, ImmutableArray<TenantRow> Tenants, int More, bool Unseen)
{
    public IEnumerable<Figure> Figures =>
    [
        .. Packing is { } packing ? (Figure[])[packing] : [],
        .. Causes.SelectMany(row => (Figure[])[row.Hours, row.Waited]),
        .. Tenants.SelectMany(row => (Figure[])[row.Hours, row.Waited, row.Mean]),
    ];
}

public sealed record CauseRow(QueueCause Cause, Figure Hours, Figure Waited);

public sealed record TenantRow(LocalText Name, QueueCause Cause, Figure Hours, Figure Waited, Figure Mean);
