using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Puts bands around a mean path, on the best basis the history offers.</summary>
/// <param name="Past">Null where the mean was not made by a forecaster that can be replayed.</param>
internal sealed record Banding(IWidths Widths, PastErrors? Past, bool NonNegative)
{
    /// <param name="history">What the mean continues; of a history too short to replay, its steps give the widths.</param>
    public static Banding Of(ReadOnlySpan<double> history, ForecastSpec spec, PastErrors? past)
    {
        IWidths? conformal = past is null ? null : SplitConformal.Calibrate(past, spec.Seasons[0]);
        return new(conformal ?? RandomWalk.Of(history), conformal is null ? null : past, spec.NonNegative);
    }

    /// <param name="mean">Not below zero where <see cref="NonNegative"/> says so.</param>
    public ImmutableArray<ForecastBand> Around(double[] mean, ImmutableArray<double> levels) => [.. levels.Select(level => Band(mean, level))];

    private ForecastBand Band(double[] mean, double level)
    {
        var (low, high) = (new double[mean.Length], new double[mean.Length]);
        var factor = Widths.Factor(level);
        for (var lead = 0; lead < mean.Length; lead++)
        {
            var half = factor * Widths.ScaleAt(lead);
            low[lead] = NonNegative ? Math.Max(0, mean[lead] - half) : mean[lead] - half;
            high[lead] = mean[lead] + half;
        }

        return new(level, ImmutableCollectionsMarshal.AsImmutableArray(low), ImmutableCollectionsMarshal.AsImmutableArray(high));
    }
}
