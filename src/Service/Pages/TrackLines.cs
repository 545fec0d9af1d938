using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Tracking;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Service.Composition;

namespace Headroom.Service.Pages;

/// <summary>The forecasts of one pool and metric, as the page shows them.</summary>
/// <param name="Metric">Its name, as the texts of metrics are keyed.</param>
/// <param name="Rows">What was published first, then each model alone, the least error first.</param>
/// <param name="Lost">Names of models without a place.</param>
public sealed record TrackLines(
    PoolId Pool, MetricId Metric, long From, long Until, int Forecasts, int MadeAfterwards, ImmutableArray<TrackRow> Rows, ImmutableSortedSet<string> Lost)
{
    /// <summary>Days ahead shown beside the whole.</summary>
    public static readonly ImmutableArray<int> Days = [1, 3, 7];

    internal static ImmutableArray<TrackLines> Of(TrackReading reading) =>
        [.. reading.Series.Select(s => new TrackLines(s.Pool, s.Metric, s.Issued.From, s.Issued.Until, s.Forecasts, s.MadeAfterwards, s.Rows, s.Lost))];
}
