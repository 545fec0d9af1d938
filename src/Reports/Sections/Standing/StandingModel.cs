using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.Standing;

/// <summary>Where the demand of the last day stands, and what is there to serve it; pool by pool, never added.</summary>
public sealed record StandingModel(DateOnly Day, ImmutableArray<PoolStanding> Pools) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static StandingModel Of(SaturationReportInput input) => new(input.Day, [.. input.Pools.Select(pool => OfPool(input, pool))]);

    /// <summary>With the day's latent demand beside where it stands.</summary>
    public static StandingModel WithLatent(SaturationReportInput input) => Of(input) is var standing
        ? standing with { Pools = [.. standing.Pools.Zip(input.Pools, (standing, pool) => standing with { Latent = LatentOf(input, pool), Answer = pool.Demand.Kind })] }
        : throw new System.Diagnostics.UnreachableException();

    private static Figure LatentOf(SaturationReportInput input, PoolSaturation pool)
    {
        var (scale, day) = (new PoolScale(input, pool), input.Center.Clock().Day(input.Day));
        var (maker, cell) = (scale.Maker.During(day), $"{scale.Cell}.last.D_latent");
        var hours = pool.Demand.Hourly is { } series ? series.Observed.Where(hour => day.Contains(hour.Start)).ToList() : [];
        return (pool.Demand.Kind, hours) switch
        {
            (DemandAnswerKind.Refused, _) or (_, []) => maker.Unknown(cell, scale.Scope, MetricCatalog.DLatent.Id, scale.Unit, FigureGap.NotIdentifiable),
            (DemandAnswerKind.LowerBound, _) => maker.Unknown(cell, scale.Scope, MetricCatalog.DLatent.Id, scale.Unit, FigureGap.AtLeast, low: scale.Of(hours.Average(hour => hour.Mean))),
            _ => maker.Estimated(cell, scale.Scope, MetricCatalog.DLatent.Id, scale.Unit, scale.Of(hours.Average(hour => hour.Mean)), scale.Of(hours.Average(hour => hour.Low80)), scale.Of(hours.Average(hour => hour.High80))),
        };
    }

    private static PoolStanding OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var scale = new PoolScale(input, pool);
        var day = input.Center.Clock().Day(input.Day);
        var (maker, scope, definition) = (scale.Maker.During(day), scale.Scope, input.Center.Find(pool.Pool));
        Figure Amount(string name, MetricDefinition metric, Func<Domain.Ledger.LedgerAmounts, long> part) => pool.Ledger is { } ledger
            ? maker.Given($"{scale.Cell}.{name}", scope, metric.Id, scale.Unit, scale.Of((double)part(ledger) / day.Length.Value))
            : maker.WithoutAllocation($"{scale.Cell}.{name}", scope, metric);

        return new(
            PoolDay.NameOf(input.Center, pool.Pool),
            input.Center.PrecisionOf(pool.Pool),
            definition?.Nameplate is { } nameplate ? maker.Given($"{scale.Cell}.Nameplate", scope, MetricCatalog.Nameplate.Id, MetricUnit.Petaflops, nameplate) : null,
            maker.Given($"{scale.Cell}.C_installed", scope, MetricCatalog.CInstalled.Id, scale.Unit, scale.Of(pool.Capacity.Installed)),
            Amount("D_served", MetricCatalog.DServed, ledger => ledger.Served),
            Amount("D_queued", MetricCatalog.DQueued, ledger => ledger.Queued),
            Amount("D_reserved", MetricCatalog.DReserved, ledger => ledger.Reserved),
            Amount("D_rejected", MetricCatalog.DRejected, ledger => ledger.Rejected),
            pool.Backlog is { DeviceDays: > 0 } backlog ? maker.Estimated(
                $"{scale.Cell}.Backlog",
                scope,
                MetricCatalog.Backlog.Id,
                scale.Unit == MetricUnit.Petaflops ? MetricUnit.PetaflopDays : MetricUnit.DeviceDays,
                scale.Of(backlog.DeviceDays),
                scale.Of(backlog.Low80),
                scale.Of(backlog.High80)) : null,
            pool.WaitingSince is { } since ? input.Center.Clock().DayOf(since) : null);
    }
}

/// <param name="Nameplate">As published; null: the center published none.</param>
/// <param name="CatalogSum">Devices times catalog rating, or devices where they are not rated.</param>
/// <param name="Backlog">Work that waits; null: none does, or it is not known how much.</param>
/// <param name="WaitingSince">Local day since which the oldest request waits; null: nothing waits.</param>
public sealed record PoolStanding(
    LocalText Name, Precision Precision, Figure? Nameplate, Figure CatalogSum, Figure Served, Figure Queued, Figure Reserved, Figure Rejected, Figure? Backlog, DateOnly? WaitingSince)
{
    /// <summary>Of the same day; null: it is told elsewhere.</summary>
    public Figure? Latent { get; init; }

    public DemandAnswerKind? Answer { get; init; }

    public IEnumerable<Figure> Figures =>
        [.. Latent is { } latent ? (Figure[])[latent] : [], .. Nameplate is { } nameplate ? (Figure[])[nameplate] : [], CatalogSum, Served, Queued, .. Backlog is { } backlog ? (Figure[])[backlog] : [], Reserved, Rejected];
}
