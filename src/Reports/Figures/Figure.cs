using System.Numerics;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Reports.Figures;

/// <summary>Why a figure has no value.</summary>
public enum FigureGap
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>Coverage is below one half: only the bounds are printed.</summary>
    BoundsOnly,

    /// <summary>Nothing tells what was allocated.</summary>
    NoAllocationSource,

    /// <summary>Nothing there to measure.</summary>
    Nothing,

    /// <summary>The size cannot be told, only that it is not below the lower bound.</summary>
    AtLeast,

    /// <summary>The size cannot be told, only that it is not above the upper bound.</summary>
    AtMost,

    /// <summary>What is known does not allow an answer.</summary>
    NotIdentifiable,
}

/// <summary>What a figure speaks of. Null: not narrowed to one.</summary>
/// <param name="Part">A state, a reason, a source or a host, where the scope is narrower than a pool or tenant.</param>
public sealed record FigureScope(CenterId Center, PoolId? Pool = null, TenantId? Tenant = null, string? Part = null);

/// <summary>One printed number: what it is, of what, when, and how well it is known. <c>explain</c> resolves it by its cell.</summary>
/// <param name="Cell">Stable and language-free, such as <c>pool.ai.U3</c>.</param>
/// <param name="Unit">The unit of <paramref name="Value"/> and the bounds; a pool without rating counts device-hours where the definition says P·h.</param>
/// <param name="AsOf">Only what was recorded by then is in it. Never printed.</param>
/// <param name="Value">Shares 0 to 1. Null: see <paramref name="Gap"/>.</param>
/// <param name="Coverage">Known time over time that should be known, 0 to 1; null: the figure has none.</param>
/// <param name="Low">If all that is unknown were idle; null: the figure has no bounds.</param>
/// <param name="High">If all that is unknown were busy.</param>
/// <param name="Numerator">Exact; <paramref name="Value"/> is Numerator / Denominator. Null where the figure is not made from integers.</param>
public sealed record Figure(
    string Cell,
    MetricId Metric,
    MetricUnit Unit,
    FigureScope Scope,
    Window Window,
    long AsOf,
    double? Value,
    double? Coverage,
    double? Low,
    double? High,
    BigInteger? Numerator,
    BigInteger? Denominator,
    FigureGap Gap)
{
    /// <summary>Printed rounded to multiples of it, a power of ten; null: as its unit is printed.</summary>
    public double? Step { get; init; }

    /// <summary>Marked as incomplete when printed.</summary>
    public bool IsMarked => Coverage < MetricValue.MarkedBelow && Gap is FigureGap.None or FigureGap.BoundsOnly;
}
