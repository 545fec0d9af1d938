using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting.RidgeAutoregression;

/// <summary>Regresses a series on its own recent values and on earlier seasons, shrunk and with recent steps weighing more, then continues it step by step.</summary>
/// <remarks>z[t] = c + sum of b[k] z[t - k] over the lags of <see cref="SeasonalLags"/>, by <see cref="GrowingRidge"/>. The path stays within one range beyond what the history held.</remarks>
/// <param name="name">See <see cref="IForecaster.Name"/>.</param>
/// <param name="transform">Used where the spec says the series is non-negative and the history agrees.</param>
public sealed class RidgeAutoregressionForecaster(string name, Transform transform) : ICarriesOn
{
    private const double Shrinkage = 3e-4;
    private const double Doubt = 30;

    public string Name => name;

    /// <remarks>The level is for what may go below zero, root and logarithm are for what cannot: there the level says the same once more, a little worse.</remarks>
    public int NeedsAtLeast(ForecastSpec spec) => transform == Transform.Identity == spec.NonNegative ? int.MaxValue : Math.Max(16, 3 * spec.Nested[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => ForecastFrom(history, [history.Length], spec, mean);

    public void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
    {
        Span<int> lagSpace = stackalloc int[SeasonalLags.Most];
        var lags = lagSpace[..Lags(spec, lengths[0], lagSpace)];
        var work = Standardized.Of(history, lengths, spec, transform);
        if (work.IsConstant)
        {
            work.Repeat(means);
            return;
        }

        With(lags, spec).Continue(work, work.Z, means);
        work.Undo(means, means);
    }

    public bool TryCarryOn(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means, Span<double> ahead)
    {
        Span<int> lagSpace = stackalloc int[SeasonalLags.Most];
        Span<int> wholeSpace = stackalloc int[SeasonalLags.Most];
        var lags = lagSpace[..Lags(spec, lengths[0], lagSpace)];
        var whole = wholeSpace[..Lags(spec, history.Length, wholeSpace)];
        return lags.SequenceEqual(whole) && With(lags, spec).TryCarryOn(history, lengths, spec, transform, means, ahead);
    }

    private static int Lags(ForecastSpec spec, int length, Span<int> lags) => SeasonalLags.Write(spec.Nested.AsSpan(), longest: length * 3 / 5, lags);

    private static Autoregression With(ReadOnlySpan<int> lags, ForecastSpec spec) => new(lags, [], Lookback.HalfLifeOf(spec.Nested.AsSpan()), Shrinkage, Doubt);
}
