using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.Verdict;

/// <summary>The answer for each pool: when demand outgrows capacity, and by how much it does now.</summary>
public sealed record VerdictModel(ImmutableArray<PoolVerdict> Pools) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static VerdictModel Of(SaturationReportInput input) => new([.. input.Pools.Select(pool => OfPool(input, pool))]);

    private static PoolVerdict OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var (scale, theta) = (new PoolScale(input, pool), pool.Saturation.Basis.Theta);
        var level = new DemandLevel(scale, pool.Demand, scale.Usable());
        return new(
            pool.Pool,
            PoolDay.NameOf(input.Center, pool.Pool),
            input.Center.PrecisionOf(pool.Pool),
            pool.Demand.Kind,
            pool.Saturation,
            input.Center.Clock().DayOf(input.Observed.From),
            input.Center.Opened,
            SaturationDay(scale, pool.Saturation, input.Day),
            ByHorizon(scale, pool.Saturation),
            scale.Maker.Given($"{scale.Cell}.Theta", scale.Scope, MetricCatalog.Theta.Id, MetricUnit.Share, theta),
            level.Demand,
            level.Capacity,
            pool.Saturation.Basis.Packing is { } packing ? level.Effective(packing) : null,
            level.Oversubscription,
            level.Headroom(MetricCatalog.Headroom, "Headroom", share: 1),
            level.Headroom(MetricCatalog.HeadroomAtTarget, "HeadroomAtTarget", theta));
    }

    // Days from the report's day; the bounds are P10 and P90.
    private static Figure SaturationDay(PoolScale scale, SaturationAnswer answer, DateOnly day)
    {
        var cell = $"{scale.Cell}.T_saturation";
        double? Days(DateOnly? date) => date is { } known ? known.DayNumber - day.DayNumber : null;
        return answer switch
        {
            SaturationAnswer.SaturatedSince since => scale.Maker.Given(cell, scale.Scope, MetricCatalog.TSaturation.Id, MetricUnit.Days, Days(since.Since)!.Value),
            SaturationAnswer.Distribution { P50: { } median } distribution =>
                scale.Maker.Given(cell, scale.Scope, MetricCatalog.TSaturation.Id, MetricUnit.Days, Days(median)!.Value, Days(distribution.P10), Days(distribution.P90)),
            SaturationAnswer.Distribution or SaturationAnswer.NotWithinHorizon =>
                scale.Maker.Unknown(cell, scale.Scope, MetricCatalog.TSaturation.Id, MetricUnit.Days, FigureGap.AtLeast, low: Days(answer.Basis.Horizon)),
            SaturationAnswer.NotIdentifiable => scale.Maker.Unknown(cell, scale.Scope, MetricCatalog.TSaturation.Id, MetricUnit.Days, FigureGap.NotIdentifiable),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Figure? ByHorizon(PoolScale scale, SaturationAnswer answer)
    {
        double? never = answer switch
        {
            SaturationAnswer.Distribution distribution => distribution.Never,
            SaturationAnswer.NotWithinHorizon none => none.Never,
            _ => null,
        };
        return never is { } p ? scale.Maker.Given($"{scale.Cell}.P_saturation", scale.Scope, MetricCatalog.PSaturation.Id, MetricUnit.Share, 1 - p) : null;
    }
}

/// <param name="FirstDay">The first local day of the data: "since" cannot reach further back.</param>
/// <param name="Opened">First local day of service; null: not known.</param>
/// <param name="Saturation">In days from the report's day.</param>
/// <param name="Effective">Null: not calibrated.</param>
/// <param name="ByHorizon">P(T &lt;= horizon); null where it is not asked: saturated, or not identifiable.</param>
public sealed record PoolVerdict(
    PoolId Pool,
    LocalText Name,
    Precision Precision,
    DemandAnswerKind Demand,
    SaturationAnswer Answer,
    DateOnly FirstDay,
    DateOnly? Opened,
    Figure Saturation,
    Figure? ByHorizon,
    Figure Theta,
    Figure Latent,
    Figure Capacity,
    Figure? Effective,
    Figure Oversubscription,
    Figure Headroom,
    Figure HeadroomAtTarget)
{
    public IEnumerable<Figure> Figures =>
        [Saturation, .. ByHorizon is { } p ? (Figure[])[p] : [], Theta, Latent, Capacity, .. Effective is { } effective ? (Figure[])[effective] : [], Oversubscription, Headroom, HeadroomAtTarget];
}
