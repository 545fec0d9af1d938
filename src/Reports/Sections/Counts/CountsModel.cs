using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections.Tenants;

namespace Headroom.Reports.Sections.Counts;

/// <summary>Tenants of whom only numbers of devices are known. Empty where the center sends no counts: then the section is not there.</summary>
public sealed record CountsModel(ImmutableArray<PoolCounts> Pools) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Rows.Append(pool.Total)).SelectMany(row => row.Figures);

    public static CountsModel Of(DailyReportInput input)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        return new(
        [
            .. input.Operations.Counts.GroupBy(count => count.Pool).Select(group => new PoolCounts(
                group.Key,
                PoolDay.NameOf(input.Center, group.Key),
                [.. group.Where(count => count.Tenant is not null).Select(count => Row(input, maker, count))],
                Row(input, maker, group.Single(count => count.Tenant is null)))),
        ]);
    }

    private static CountsRow Row(DailyReportInput input, FigureMaker maker, CountedUse count)
    {
        var (cell, scope) = ($"counts.{count.Pool}{(count.Tenant is { } tenant ? $".tenant.{tenant}" : "")}", maker.Scope(count.Pool, count.Tenant));
        var elapsed = input.Elapsed.Length.Value;
        return new(
            count.Tenant is { } named ? TenantsModel.NameOf(input.Center, named) : null,
            count.IsHeldBack,
            count.Installed > 0
                ? maker.Amount($"{cell}.Quota", scope, MetricCatalog.Quota.Id, MetricUnit.Devices, count.Installed, (System.Numerics.BigInteger)count.Hours * Micros.PerHour)
                : maker.Unknown($"{cell}.Quota", scope, MetricCatalog.Quota.Id, MetricUnit.Devices, FigureGap.Nothing),
            maker.Amount($"{cell}.Allocated", scope, MetricCatalog.Allocated.Id, MetricUnit.DeviceHours, count.Allocated, Micros.PerHour),
            count.Installed > 0
                ? maker.Amount($"{cell}.U1s", scope, MetricCatalog.U1s.Id, MetricUnit.Share, count.AllocatedOfInstalled, count.Installed) with { Coverage = Math.Min(1, count.Hours * (double)Micros.PerHour / elapsed) }
                : maker.WithoutAllocation($"{cell}.U1s", scope, MetricCatalog.U1s),
            maker.Unknown($"{cell}.IdleCounted", scope, MetricCatalog.IdleCounted.Id, MetricUnit.DeviceHours, FigureGap.BoundsOnly, InHours(count.IdleLow), InHours(count.IdleHigh)),
            maker.Amount($"{cell}.H_quota", scope, MetricCatalog.HQuota.Id, MetricUnit.Hours, count.HoursHeldBack, 1));
    }

    private static double InHours(Int128 deviceMicros) => (double)deviceMicros / Micros.PerHour;
}

/// <param name="Rows">Largest allocation first; their exact sums add up to <paramref name="Total"/>.</param>
public sealed record PoolCounts(PoolId Pool, LocalText Name, ImmutableArray<CountsRow> Rows, CountsRow Total)
{
    public ImmutableArray<CountsRow> HeldBack => [.. Rows.Where(row => row.IsHeldBack)];
}

/// <param name="Name">Null: the pool as a whole.</param>
/// <param name="IsHeldBack">It stood at its quota while it waited for more, in a tenth of the hours or more.</param>
public sealed record CountsRow(LocalText? Name, bool IsHeldBack, Figure Quota, Figure Allocated, Figure U1s, Figure Idle, Figure HoursHeldBack)
{
    public IEnumerable<Figure> Figures => [Quota, Allocated, U1s, Idle, HoursHeldBack];
}
