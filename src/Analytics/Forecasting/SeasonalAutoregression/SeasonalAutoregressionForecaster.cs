using System.Buffers;
using Headroom.Analytics.Forecasting.RidgeAutoregression;

namespace Headroom.Analytics.Forecasting.SeasonalAutoregression;

/// <summary>Takes the seasonal profile out of a series, continues what is left by ridge autoregression, and puts the profile back.</summary>
/// <remarks>A light form of MSTL: Bandara, Hyndman and Bergmeir, arXiv:2107.13462.</remarks>
public sealed class SeasonalAutoregressionForecaster : IForecaster
{
    private const double Shrinkage = 1e-4;

    public string Name => "seasonal-autoregression";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(16, 3 * spec.Seasons[^1]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var seasons = spec.Seasons.AsSpan();
        history = Lookback.Recent(history, seasons);

        Span<int> lagSpace = stackalloc int[SeasonalLags.Most];
        var lags = lagSpace[..SeasonalLags.Write(seasons, longest: history.Length * 3 / 5, lagSpace)];

        var rented = ArrayPool<double>.Shared.Rent((2 * (history.Length + mean.Length)) + (2 * seasons[^1]));
        var z = rented.AsSpan(0, history.Length + mean.Length);
        var level = rented.AsSpan(z.Length, history.Length);
        var profile = rented.AsSpan(2 * z.Length, seasons[^1]);
        var scale = Scale.Standardize(history, spec.NonNegative ? Transform.Root : Transform.Identity, seasons[0], z);
        if (scale.Deviation == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
        }
        else
        {
            SeasonalProfile.Level(z[..history.Length], seasons[^1], level);
            SeasonalProfile.Of(z[..history.Length], level, seasons, profile, rented.AsSpan((2 * z.Length) + seasons[^1], seasons[^1]));
            Shift(z[..history.Length], profile, -1, first: 0);
            RidgeRecursion.Continue(history, z, lags, Lookback.HalfLifeOf(seasons), Shrinkage, double.MinValue, double.MaxValue);
            Shift(z[history.Length..], profile, +1, first: history.Length);
            Clamp(z[history.Length..], scale);
            scale.Undo(z[history.Length..], mean);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private static void Shift(Span<double> z, ReadOnlySpan<double> profile, int sign, int first)
    {
        for (var i = 0; i < z.Length; i++)
        {
            z[i] += sign * profile[(first + i) % profile.Length];
        }
    }

    private static void Clamp(Span<double> path, Scale scale)
    {
        for (var i = 0; i < path.Length; i++)
        {
            path[i] = double.IsNaN(path[i]) ? 0 : Math.Clamp(path[i], scale.Lowest, scale.Highest);
        }
    }
}
