using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Puts bands around a mean path, on the best basis the history offers.</summary>
internal static class Banding
{
    /// <param name="mean">Not below zero where <paramref name="spec"/> says so.</param>
    /// <param name="past">Null where the mean was not made by a forecaster that can be replayed.</param>
    public static (ImmutableArray<ForecastBand> Bands, BandBasis Basis) Around(double[] mean, ReadOnlySpan<double> history, ForecastSpec spec, PastErrors? past)
    {
        var conformal = past is null ? null : SplitConformal.Calibrate(past);
        var step = conformal is null ? RandomWalk.Of(history) : default;
        return (
            [.. spec.Levels.Select(level => Band(mean, level, conformal?.HalfWidths(level) ?? step.HalfWidths(level), spec.NonNegative))],
            conformal is not null ? BandBasis.PastErrors : step.Basis);
    }

    private static ForecastBand Band(double[] mean, double level, Func<int, double> halfWidth, bool nonNegative)
    {
        var (low, high) = (new double[mean.Length], new double[mean.Length]);
        for (var lead = 0; lead < mean.Length; lead++)
        {
            var half = halfWidth(lead);
            low[lead] = nonNegative ? Math.Max(0, mean[lead] - half) : mean[lead] - half;
            high[lead] = mean[lead] + half;
        }

        return new(level, ImmutableCollectionsMarshal.AsImmutableArray(low), ImmutableCollectionsMarshal.AsImmutableArray(high));
    }
}
