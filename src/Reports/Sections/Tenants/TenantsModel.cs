using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Tenants;

/// <summary>Who held each pool's capacity, and how much of it they used.</summary>
/// <param name="Pools">Pools with devices.</param>
/// <param name="Counted">Pools, with devices or without, in which jobs ran that name none: what is known of those from their sizes.</param>
public sealed record TenantsModel(ImmutableArray<PoolTenants> Pools, ImmutableArray<CountedTenants> Counted) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Rows.Append(pool.Total)).SelectMany(row => row.Figures)
        .Concat(Counted.SelectMany(pool => pool.Rows.Append(pool.Total)).SelectMany(row => row.Figures));

    /// <summary>Pools of which nothing but job sizes is known.</summary>
    public IEnumerable<CountedTenants> WithoutDevices => Counted.Where(counted => Pools.All(pool => pool.Pool != counted.Pool));

    public static TenantsModel Of(DailyReportInput input)
    {
        var sums = input.Sums.Tenants.ToLookup(sum => sum.Key.Pool);
        return new(
            [.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, day, sums[day.Pool]))],
            [.. input.JobTime.GroupBy(row => row.Pool).Where(pool => pool.Any(row => row.DeviceMicros > 0 || row.Started > 0)).OrderBy(pool => pool.Key.Value, StringComparer.Ordinal).Select(pool => CountedTenants.Of(input, pool.Key, [.. pool]))]);
    }

    /// <summary>What job sizes say of a pool; null where all its jobs name their devices.</summary>
    public CountedTenants? CountedOf(PoolId pool) => Counted.FirstOrDefault(counted => counted.Pool == pool);

    private static PoolTenants OfPool(DailyReportInput input, PoolDay day, IEnumerable<RollUp> sums)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var total = new Held(day.Weighed[Cell.AllocatedBusy], day.Weighed[Cell.AllocatedIdle], day.Weighed[Cell.AllocatedUseUnknown]);
        var held = ByTenant(sums, day.WeightBy(PoolRatings.Of(input.Center, input.Catalog)));
        if (held.Values.Aggregate(default(Held), (sum, part) => sum + part) != total)
        {
            throw new ArgumentException($"Tenants of pool {day.Pool} do not add up to its allocated time: card-days and roll-ups are not of the same rating.", nameof(input));
        }

        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            day.Devices.HasAllocationSource,
            [
                .. held
                    .OrderByDescending(pair => pair.Value.Allocated)
                    .ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
                    .Select(pair => Row(maker, day, $"tenant.{pair.Key}.pool.{day.Pool}", pair.Key, NameOf(input.Center, pair.Key), pair.Value)),
            ],
            Row(maker, day, $"pool.{day.Pool}.tenants", null, null, total));
    }

    private static Dictionary<TenantId, Held> ByTenant(IEnumerable<RollUp> sums, Func<string?, long> weight)
    {
        var held = new Dictionary<TenantId, Held>();
        foreach (var part in sums)
        {
            var tenant = new TenantId(part.Key.Name);
            held[tenant] = held.GetValueOrDefault(tenant) + Held.Of(part.Cells, weight(part.Key.Model));
        }

        return held;
    }

    private static TenantRow Row(FigureMaker maker, PoolDay day, string cell, TenantId? tenant, LocalText? name, Held held) => new(
        tenant,
        name,
        day.Amount(maker, $"{cell}.allocated", MetricCatalog.Allocated, held.Allocated, tenant),
        Used(maker, day, $"{cell}.used", tenant, held),
        maker.Share($"{cell}.idle", maker.Scope(day.Pool, tenant), MetricValue.Ratio(MetricCatalog.IdleShare.Id, held.Idle, held.Busy + held.Idle, held.Allocated)));

    internal static LocalText NameOf(CenterDefinition center, TenantId tenant) =>
        center.Tenants.FirstOrDefault(t => t.Id == tenant)?.Name ?? new(tenant.Value, tenant.Value);

    /// <summary>What a tenant used of what it held, with bounds where use is not known.</summary>
    /// <param name="held">Its part of the pool alone.</param>
    public static Figure UsedOf(FigureMaker maker, PoolDay held, string cell, TenantId? tenant) =>
        Used(maker, held, cell, tenant, new(held.Weighed[Cell.AllocatedBusy], held.Weighed[Cell.AllocatedIdle], held.Weighed[Cell.AllocatedUseUnknown]));

    // The known part, and what it would be were all unknown time busy; below half coverage only these two are printed.
    private static Figure Used(FigureMaker maker, PoolDay day, string cell, TenantId? tenant, Held held)
    {
        var known = day.Amount(maker, cell, MetricCatalog.Used, held.Busy, tenant);
        if (held.UseUnknown == 0)
        {
            return known;
        }

        var coverage = (double)(held.Busy + held.Idle) / (double)held.Allocated;
        var isPrinted = coverage >= MetricValue.BoundsOnlyBelow;
        return known with
        {
            Value = isPrinted ? known.Value : null,
            Coverage = coverage,
            Low = known.Value,
            High = day.Amount(maker, cell, MetricCatalog.Used, held.Busy + held.UseUnknown, tenant).Value,
            Gap = isPrinted ? FigureGap.None : FigureGap.BoundsOnly,
        };
    }

    private readonly record struct Held(Int128 Busy, Int128 Idle, Int128 UseUnknown)
    {
        public Int128 Allocated => Busy + Idle + UseUnknown;

        public static Held operator +(Held left, Held right) => new(left.Busy + right.Busy, left.Idle + right.Idle, left.UseUnknown + right.UseUnknown);

        public static Held Of(HourCells cells, long weight) =>
            new((Int128)cells[Cell.AllocatedBusy] * weight, (Int128)cells[Cell.AllocatedIdle] * weight, (Int128)cells[Cell.AllocatedUseUnknown] * weight);
    }
}

/// <param name="HasAllocation">False: nothing tells what was allocated.</param>
/// <param name="Rows">Largest allocation first; their exact sums add up to <paramref name="Total"/>.</param>
/// <param name="Total">The pool's own account.</param>
public sealed record PoolTenants(PoolId Pool, LocalText Name, bool HasAllocation, ImmutableArray<TenantRow> Rows, TenantRow Total);

/// <param name="Tenant">Null: the pool as a whole.</param>
public sealed record TenantRow(TenantId? Tenant, LocalText? Name, Figure Allocated, Figure Used, Figure Idle)
{
    public IEnumerable<Figure> Figures => [Allocated, Used, Idle];
}
