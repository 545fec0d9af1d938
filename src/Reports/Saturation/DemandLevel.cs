using Headroom.Analytics.Demand;
using Headroom.Domain.Metrics;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Saturation;

/// <summary>Demand against capacity, as figures: a number, one side of it, or none, as the demand answer allows.</summary>
/// <param name="usable">Unit: devices.</param>
internal sealed class DemandLevel(PoolScale scale, DemandAnswer answer, double usable)
{
    private readonly (double Mean, double Low, double High)? _demand = scale.Demand();

    public Figure Demand => Made("D_latent", MetricCatalog.DLatent, scale.Unit, scale.Of);

    public Figure Oversubscription => usable > 0
        ? Made("Oversubscription", MetricCatalog.Oversubscription, MetricUnit.Times, devices => devices / usable)
        : scale.Maker.Unknown($"{scale.Cell}.Oversubscription", scale.Scope, MetricCatalog.Oversubscription.Id, MetricUnit.Times, FigureGap.Nothing);

    /// <param name="share">Of the capacity that is compared with: 1, or the target.</param>
    public Figure Headroom(MetricDefinition metric, string name, double share) => Made(name, metric, scale.Unit, devices => scale.Of((share * usable) - devices));

    public Figure Capacity => scale.Exactly("C_usable", MetricCatalog.CUsable, usable);

    /// <summary>With how full four of five hours with a queue were as its band.</summary>
    public Figure Effective(PackingEfficiency packing) => scale.Maker.Estimated(
        $"{scale.Cell}.C_effective",
        scale.Scope,
        MetricCatalog.CEffective.Id,
        scale.Unit,
        scale.Of(packing.Factor * usable),
        scale.Of(packing.Low80 * usable),
        scale.Of(packing.High80 * usable));

    private Figure Made(string name, MetricDefinition metric, MetricUnit unit, Func<double, double> of)
    {
        var cell = $"{scale.Cell}.{name}";
        if (_demand is not { } demand)
        {
            return scale.Maker.Unknown(cell, scale.Scope, metric.Id, unit, FigureGap.NotIdentifiable);
        }

        var (one, other) = (of(demand.Low), of(demand.High));
        return answer switch
        {
            DemandAnswer.Estimate => scale.Maker.Estimated(cell, scale.Scope, metric.Id, unit, of(demand.Mean), Math.Min(one, other), Math.Max(one, other)),
            DemandAnswer.LowerBound when of(1) >= of(0) => scale.Maker.Unknown(cell, scale.Scope, metric.Id, unit, FigureGap.AtLeast, low: of(demand.Mean)),
            DemandAnswer.LowerBound => scale.Maker.Unknown(cell, scale.Scope, metric.Id, unit, FigureGap.AtMost, high: of(demand.Mean)),
            _ => scale.Maker.Unknown(cell, scale.Scope, metric.Id, unit, FigureGap.NotIdentifiable),
        };
    }
}
