using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;
using Headroom.Reports.Sections.Head;

namespace Headroom.Reports.Sections.Basis;

/// <summary>What the answers rest on, what would make them better, and what is assumed.</summary>
public sealed record BasisModel(ImmutableArray<PoolBasis> Pools, ImmutableArray<Assumption> Assumptions) : ISectionModel
{
    public IEnumerable<Figure> Figures => Assumptions.Select(assumption => assumption.Figure).OfType<Figure>();

    public static BasisModel Of(SaturationReportInput input) => new(
        [
            .. input.Pools
                .Select(pool => OfPool(input, pool))
                .GroupBy(pool => (pool.Answer, pool.Method, pool.Reason, Help: string.Join(',', pool.WouldHelp)))
                .Select(alike => alike.First() with { Names = [.. alike.SelectMany(pool => pool.Names)] }),
        ],
        HeadModel.AssumptionsOf(input.Center, new(input.Center.Id, input.Observed, input.AsOf)));

    private static PoolBasis OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var (method, reason, help) = pool.Demand switch
        {
            DemandAnswer.Estimate estimate => ((DemandMethod?)estimate.Method, (DemandReason?)null, (ImmutableArray<WouldHelp>)[]),
            DemandAnswer.LowerBound bound => (null, bound.Because, bound.WouldHelp),
            DemandAnswer.Refused refused => (null, refused.Because, refused.WouldHelp),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return new([PoolDay.NameOf(input.Center, pool.Pool)], pool.Demand.Kind, method, reason, help);
    }
}

/// <param name="Names">The pools it holds for.</param>
/// <param name="Method">How an estimate was made; null: there is none.</param>
/// <param name="Reason">Why there is none; null: there is one.</param>
/// <param name="WouldHelp">Data that would turn the answer into an estimate; empty: it is one.</param>
public sealed record PoolBasis(
    ImmutableArray<LocalText> Names, DemandAnswerKind Answer, DemandMethod? Method, DemandReason? Reason, ImmutableArray<WouldHelp> WouldHelp);
