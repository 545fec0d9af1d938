using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Tenants;

/// <summary>Tenants of a pool by the sizes of their jobs. Which devices those were is not known, so nothing is said of their use.</summary>
/// <param name="Rows">Largest device-time first; their exact sums add up to <paramref name="Total"/>.</param>
public sealed record CountedTenants(PoolId Pool, LocalText Name, ImmutableArray<CountedRow> Rows, CountedRow Total)
{
    /// <summary>The part of a pool that these numbers are about.</summary>
    public const string Part = "jobs";

    public static CountedTenants Of(DailyReportInput input, PoolId pool, ImmutableArray<TenantJobTime> rows)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var total = rows.AsEnumerable().Aggregate((sum, row) => sum with
        {
            DeviceMicros = sum.DeviceMicros + row.DeviceMicros,
            Started = sum.Started + row.Started,
            Ended = sum.Ended + row.Ended,
            Pending = sum.Pending + row.Pending,
        });
        return new(
            pool,
            PoolDay.NameOf(input.Center, pool),
            [
                .. rows
                    .OrderByDescending(row => row.DeviceMicros)
                    .ThenBy(row => row.Tenant.Value, StringComparer.Ordinal)
                    .Select(row => Row(maker, row, $"tenant.{row.Tenant}.pool.{pool}.jobs", row.Tenant, TenantsModel.NameOf(input.Center, row.Tenant))),
            ],
            Row(maker, total, $"pool.{pool}.jobs", null, null));
    }

    private static CountedRow Row(FigureMaker maker, TenantJobTime time, string cell, TenantId? tenant, LocalText? name)
    {
        var scope = maker.Scope(time.Pool, tenant, Part);
        return new(
            tenant,
            name,
            maker.Amount($"{cell}.allocated", scope, MetricCatalog.Allocated.Id, MetricUnit.DeviceHours, time.DeviceMicros, Micros.PerHour),
            maker.Count($"{cell}.started", scope, MetricCatalog.JobsStarted, time.Started),
            maker.Count($"{cell}.ended", scope, MetricCatalog.JobsEnded, time.Ended),
            maker.Count($"{cell}.pending", scope, MetricCatalog.JobsPending, time.Pending));
    }
}

/// <param name="Tenant">Null: all tenants of the pool.</param>
/// <param name="Allocated">In device-hours.</param>
public sealed record CountedRow(TenantId? Tenant, LocalText? Name, Figure Allocated, Figure Started, Figure Ended, Figure Pending)
{
    public IEnumerable<Figure> Figures => [Allocated, Started, Ended, Pending];
}
