using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting.Tracking;

/// <summary>An issued forecast as it is scored: what was published, and what each model said alone.</summary>
/// <param name="IssuedAt">The end of the history. Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Mean">One value per step ahead.</param>
/// <param name="Bands">Of the published forecast, levels rising.</param>
/// <param name="Models">Each as long as <paramref name="Mean"/>.</param>
public sealed record IssuedPaths(long IssuedAt, ImmutableArray<double> Mean, ImmutableArray<ForecastBand> Bands, ImmutableArray<ModelPath> Models);

/// <summary>What one forecaster of the catalog said by itself.</summary>
/// <param name="Model">Its name in the catalog.</param>
public sealed record ModelPath(string Model, ImmutableArray<double> Mean);
