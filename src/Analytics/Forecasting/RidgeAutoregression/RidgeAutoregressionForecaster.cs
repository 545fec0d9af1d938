using System.Buffers;

namespace Headroom.Analytics.Forecasting.RidgeAutoregression;

/// <summary>Regresses a series on its own recent values and on earlier seasons, shrunk and with recent steps weighing more, then continues it step by step.</summary>
/// <remarks>The path stays within one range beyond what the history held.</remarks>
/// <param name="name">See <see cref="IForecaster.Name"/>.</param>
/// <param name="transform">Used where the spec says the series is non-negative and the history agrees.</param>
public sealed class RidgeAutoregressionForecaster(string name, Transform transform) : IForecaster
{
    private const double Shrinkage = 3e-4;

    public string Name => name;

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(16, 3 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var seasons = spec.Seasons.AsSpan();
        var halfLife = Lookback.HalfLifeOf(seasons);
        history = Lookback.Recent(history, seasons);

        Span<int> lagSpace = stackalloc int[SeasonalLags.Most];
        var lags = lagSpace[..SeasonalLags.Write(seasons, longest: history.Length * 3 / 5, lagSpace)];

        var rented = ArrayPool<double>.Shared.Rent(history.Length + mean.Length);
        var z = rented.AsSpan(0, history.Length + mean.Length);
        var scale = Scale.Standardize(history, spec.NonNegative ? transform : Transform.Identity, seasons[0], z);
        if (scale.Deviation == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
        }
        else
        {
            RidgeRecursion.Continue(history, z, lags, halfLife, Shrinkage, scale.Lowest, scale.Highest);
            scale.Undo(z[history.Length..], mean);
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
