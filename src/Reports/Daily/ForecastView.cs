using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;

namespace Headroom.Reports.Daily;

/// <summary>An issued forecast as the report shows it: a fan against the capacity, or the reason why there is none.</summary>
/// <param name="Metric">What is forecast: U3 (a share) or D_served (devices).</param>
/// <param name="Unit">Of history, means, bands and capacity.</param>
/// <param name="History">Oldest first, evenly spaced; a gap is a point without a value.</param>
/// <param name="Steps">Oldest first, evenly spaced, after the history; empty: refused, and <paramref name="Why"/> says why.</param>
/// <param name="Method">The forecaster's name in the catalog.</param>
/// <param name="Why">Why this method, or why none: one sentence.</param>
/// <param name="Capacity">The line to compare with, in <paramref name="Unit"/>; null: none is drawn.</param>
/// <param name="Tested">How the bands did on past origins; empty: not tested.</param>
public sealed record ForecastView(
    PoolId Pool,
    MetricId Metric,
    MetricUnit Unit,
    ImmutableArray<SeriesPoint> History,
    ImmutableArray<ForecastStep> Steps,
    string Method,
    LocalText Why,
    double? Capacity,
    ImmutableArray<BandTest> Tested);

/// <param name="Instant">Begin of the step. Unit: microseconds since the Unix epoch.</param>
/// <param name="Value">Null: a gap.</param>
public readonly record struct SeriesPoint(long Instant, double? Value);

/// <param name="Mean">The middle of the fan.</param>
/// <param name="Bands">By level, each wider than the one before.</param>
public sealed record ForecastStep(long Instant, double Mean, ImmutableArray<Band> Bands);

/// <param name="Level">Share of outcomes the band should hold. Unit: percent, such as 80.</param>
public readonly record struct Band(int Level, double Low, double High);

/// <param name="Inside">Outcomes of past forecasts that fell inside the band.</param>
/// <param name="Of">Outcomes it was tested on; at least 1.</param>
public readonly record struct BandTest(int Level, long Inside, long Of);
