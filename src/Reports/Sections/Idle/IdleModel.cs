using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections.Tenants;

namespace Headroom.Reports.Sections.Idle;

/// <summary>Held devices that lay idle for a quarter of an hour or more, by tenant: what could be taken back. And what became of the work that was done.</summary>
/// <param name="IsKept">False: no samples tell, or the findings of these days were not kept.</param>
public sealed record IdleModel(bool IsKept, ImmutableArray<PoolIdle> Pools) : ISectionModel
{
    private const int MostTenants = 10;

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static IdleModel Of(DailyReportInput input)
    {
        var runs = input.Operations.Findings.SelectMany(day => day.Idle).ToLookup(run => run.Pool);
        return new(
            !input.Operations.Findings.IsEmpty,
            [.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, day, [.. runs[day.Pool]]))]);
    }

    /// <summary>The idle runs of a pool added up in its weight.</summary>
    internal static Int128 Sum(IEnumerable<IdleRun> runs, Func<string?, long> weight) =>
        runs.Aggregate((Int128)0, (sum, run) => sum + ((Int128)run.DeviceMicros * weight(run.Model)));

    private static PoolIdle OfPool(DailyReportInput input, PoolDay day, ImmutableArray<IdleRun> runs)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var (weight, scope) = (day.WeightBy(PoolRatings.Of(input.Center, input.Catalog)), maker.Scope(day.Pool));
        var tenants = runs.GroupBy(run => run.Tenant).OrderByDescending(group => Sum(group, weight)).ThenBy(group => group.Key.Value, StringComparer.Ordinal).ToList();
        var outcomes = input.Operations.Of(day.Pool)?.Outcomes;
        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            [.. tenants.Take(MostTenants).Select(group => Row(maker, day, $"idle.{day.Pool}.tenant.{group.Key}", group.Key, TenantsModel.NameOf(input.Center, group.Key), [.. group], weight))],
            Math.Max(0, tenants.Count - MostTenants),
            Row(maker, day, $"idle.{day.Pool}", null, null, runs, weight),
            outcomes is { Held: var held } && held > 0 ? maker.Share($"idle.{day.Pool}.U6", scope, outcomes.U6) : null,
            outcomes is { Held: var time, Interruptions: var cut } && time > 0
                ? maker.Amount($"idle.{day.Pool}.Interruptions", scope, MetricCatalog.Interruptions.Id, MetricUnit.PerThousandDeviceDays, (System.Numerics.BigInteger)cut * 1_000 * Micros.PerDay, time)
                : null,
            outcomes is { Displaced: var displaced } && displaced > 0
                ? maker.Amount($"idle.{day.Pool}.Displaced", scope, MetricCatalog.Displaced.Id, MetricUnit.DeviceHours, displaced, Micros.PerHour)
                : null);
    }

    private static IdleRow Row(FigureMaker maker, PoolDay day, string cell, TenantId? tenant, LocalText? name, ImmutableArray<IdleRun> runs, Func<string?, long> weight)
    {
        Figure Part(string word, IEnumerable<IdleRun> part) => day.Amount(maker, $"{cell}.{word}", MetricCatalog.IdleReclaimable, Sum(part, weight), tenant, word == "all" ? null : word);
        return new(
            tenant,
            name,
            runs.Select(run => run.Device).Distinct().Count(),
            Part("all", runs),
            Part("start_up", runs.Where(run => run.Part == IdlePart.StartUp)),
            Part("mid_job", runs.Where(run => run.Part == IdlePart.MidJob)),
            Part("tail", runs.Where(run => run.Part == IdlePart.Tail)));
    }
}

/// <param name="More">Tenants that are not listed.</param>
/// <param name="Goodput">Null: no job held anything; likewise the next two.</param>
public sealed record PoolIdle(
    PoolId Pool, LocalText Name, ImmutableArray<IdleRow> Tenants, int More, IdleRow Total, Figure? Goodput, Figure? Interruptions, Figure? Displaced)
{
    public IEnumerable<Figure> Figures =>
        Tenants.Append(Total).SelectMany(row => (Figure[])[row.All, row.StartUp, row.MidJob, row.Tail]).Concat(new[] { Goodput, Interruptions, Displaced }.OfType<Figure>());
}

/// <param name="Tenant">Null: the pool as a whole.</param>
/// <param name="Devices">That lay idle at some time.</param>
public sealed record IdleRow(TenantId? Tenant, LocalText? Name, int Devices, Figure All, Figure StartUp, Figure MidJob, Figure Tail);
