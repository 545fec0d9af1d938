using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.Asked;

/// <summary>How much is asked for, how sure that is, what is not known, and what it would take to clear what waits; pool by pool.</summary>
/// <param name="Day">The last day that was looked at.</param>
/// <param name="ClearBy">The day that was asked for; null: none was.</param>
public sealed record AskedModel(DateOnly Day, DateOnly? ClearBy, ImmutableArray<PoolAsked> Pools) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static AskedModel Of(SaturationReportInput input) => new(input.Day, input.ClearBy, [.. input.Pools.Select(pool => OfPool(input, pool))]);

    private static PoolAsked OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var scale = new PoolScale(input, pool);
        var level = new DemandLevel(scale, pool.Demand, scale.Usable());
        var (method, reason, help, caveats) = pool.Demand switch
        {
            DemandAnswer.Estimate estimate => ((DemandMethod?)estimate.Method, (DemandReason?)null, estimate.WouldHelp, estimate.Caveats),
            DemandAnswer.LowerBound bound => (null, bound.Because, bound.WouldHelp, []),
            DemandAnswer.Refused refused => (null, refused.Because, refused.WouldHelp, []),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return new(
            PoolDay.NameOf(input.Center, pool.Pool),
            input.Center.PrecisionOf(pool.Pool),
            input.Center.Clock().Days(scale.Recent).Count(),
            pool.Demand.Kind,
            method,
            reason,
            help,
            caveats,
            level.Demand,
            level.Capacity,
            level.Oversubscription,
            level.Headroom(MetricCatalog.Headroom, "Headroom", share: 1),
            pool.Backlog is { DeviceDays: > 0 } backlog ? BacklogOf(scale, backlog) : null,
            Clearing(scale, pool, ClearingDates.Of(input.Day, input.ClearBy)),
            pool.Retries is { } retries ? RetriesOf(scale, retries) : null,
            pool.Ramp is { } ramp ? GrowthOf(scale, ramp) : null);
    }

    private static Growth GrowthOf(PoolScale scale, CenterRamp ramp)
    {
        Figure Level(string name, RampParameter level) => scale.Maker.Estimated(
            $"{scale.Cell}.{name}",
            scale.Scope,
            MetricCatalog.GrownDemand.Id,
            scale.Unit,
            scale.Of(level.Median * scale.Usable()),
            scale.Of(level.Low80 * scale.Usable()),
            scale.Of(level.High80 * scale.Usable()));
        return new(Level("D_grown.prior", ramp.Prior.Level), Level("D_grown", ramp.Level), ramp.IsPrior, ramp.Prior.Sisters);
    }

    private static Figure BacklogOf(PoolScale scale, Backlog backlog) => scale.Maker.Estimated(
        $"{scale.Cell}.Backlog",
        scale.Scope,
        MetricCatalog.Backlog.Id,
        scale.Unit == MetricUnit.Petaflops ? MetricUnit.PetaflopDays : MetricUnit.DeviceDays,
        scale.Of(backlog.DeviceDays),
        scale.Of(backlog.Low80),
        scale.Of(backlog.High80));

    /// <summary>D + B / T for each term; empty where demand or backlog is not an estimate, or nothing waits.</summary>
    private static ImmutableArray<ClearingTerm> Clearing(PoolScale scale, PoolSaturation pool, ImmutableArray<(DateOnly By, int Days)> dates) =>
        pool is { Demand.Kind: DemandAnswerKind.Estimate, Backlog: { DeviceDays: > 0 } backlog } && scale.Demand() is { } demand
            ?
            [
                .. dates.Select(date => (Date: date, Devices: backlog.Required(demand, date.Days))).Select(term => new ClearingTerm(term.Date.By, term.Date.Days, scale.Maker.Estimated(
                    $"{scale.Cell}.P_required.{term.Date.Days}",
                    scale.Scope,
                    MetricCatalog.Required.Id,
                    scale.Unit,
                    scale.Of(term.Devices.Mean),
                    scale.Of(term.Devices.Low80),
                    scale.Of(term.Devices.High80)))),
            ]
            : [];

    private static RetriedJobs RetriesOf(PoolScale scale, RetryEffect effect) => new(
        scale.Maker.Given($"{scale.Cell}.N_retried", scale.Scope, MetricCatalog.Retried.Id, MetricUnit.Count, effect.Retries),
        effect.MeanApart is { } apart ? scale.Maker.Given($"{scale.Cell}.D_latent.apart", scale.Scope, MetricCatalog.DLatent.Id, scale.Unit, scale.Of(apart)) : null);
}

/// <param name="Days">Local days that levels are means of.</param>
/// <param name="Method">Null: it is no estimate.</param>
/// <param name="Reason">Why it is none; null: it is one.</param>
/// <param name="Growth">Null: the center is not young.</param>
/// <param name="Backlog">Null: nothing waits, or it is not known how long it would run.</param>
public sealed record PoolAsked(
    LocalText Name,
    Precision Precision,
    int Days,
    DemandAnswerKind Kind,
    DemandMethod? Method,
    DemandReason? Reason,
    ImmutableArray<WouldHelp> WouldHelp,
    ImmutableArray<DemandCaveat> Caveats,
    Figure Latent,
    Figure Capacity,
    Figure Oversubscription,
    Figure Headroom,
    Figure? Backlog,
    ImmutableArray<ClearingTerm> Clearing,
    RetriedJobs? Retried,
    Growth? Growth)
{
    public IEnumerable<Figure> Figures =>
        [Latent, Capacity, Oversubscription, Headroom, .. Backlog is { } backlog ? (Figure[])[backlog] : [], .. Clearing.Select(term => term.Required), .. Retried is { } retried ? retried.Figures : [], .. Growth is { } growth ? (Figure[])[growth.Before, growth.After] : []];
}

/// <summary>Jobs that were given up and submitted again under another id.</summary>
/// <param name="Apart">Demand over all that was looked at if each of them were a demand of its own; null: that would be no estimate.</param>
public sealed record RetriedJobs(Figure Jobs, Figure? Apart)
{
    public IEnumerable<Figure> Figures => Apart is { } apart ? [Jobs, apart] : [Jobs];
}

/// <summary>Where the demand of a young center grows to.</summary>
/// <param name="Before">By other centers, or by assumption.</param>
/// <param name="After">With what was seen of this one.</param>
/// <param name="IsPrior">This one has said nothing of it yet.</param>
/// <param name="Sisters">Other centers it was learned from; 0: assumed.</param>
public sealed record Growth(Figure Before, Figure After, bool IsPrior, int Sisters);

/// <param name="By">The local day at whose end nothing waits.</param>
/// <param name="Required">Capacity that serves demand and clears the backlog in as many days.</param>
public sealed record ClearingTerm(DateOnly By, int Days, Figure Required);
