using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting.DynamicHarmonic;

/// <summary>Seasons as sums of sines and cosines, with an autoregression of what they leave, in one ridge regression.</summary>
/// <remarks>
/// z[t] = c + sum of b[k] z[t-k] + sum of pairs at m/j steps. Dynamic harmonic regression: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 10.5;
/// the lags stand beside the cycles and not behind them, which spans the same forecasts. The one forecaster that knows a year of days.
/// </remarks>
/// <param name="name">See <see cref="IForecaster.Name"/>.</param>
public sealed class DynamicHarmonicForecaster(string name, Transform transform) : ICarriesOn
{
    private const double Shrinkage = 3e-4;
    private const double Doubt = 30;
    private const int Recent = 6;
    private const int PairsOfFirst = 11;
    private const int PairsOfNext = 21;
    private const int PairsOfYear = 4;

    /// <summary>A season that holds no whole number of the one before it, such as a year of days, is told from chance by its third round only.</summary>
    private const int RoundsOfYear = 3;

    public string Name => name;

    /// <remarks>What may go below zero is not transformed: root and logarithm would say the same twice.</remarks>
    public int NeedsAtLeast(ForecastSpec spec) =>
        spec.Nested[0] == 1 || (transform == Transform.Log && !spec.NonNegative) ? int.MaxValue : Math.Max(24, 3 * spec.Nested[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => ForecastFrom(history, [history.Length], spec, mean);

    public void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
    {
        var work = Standardized.Of(history, lengths, spec, transform);
        if (work.IsConstant)
        {
            work.Repeat(means);
            return;
        }

        Span<int> lagSpace = stackalloc int[Recent + 3];
        Span<double> cycleSpace = stackalloc double[PairsOfFirst + PairsOfNext + PairsOfYear];
        var lags = lagSpace[..Lags(spec.Nested[0], work.Lengths[0] / 2, lagSpace)];
        var cycles = cycleSpace[..Cycles(spec, lengths[0], cycleSpace)];
        With(lags, cycles, spec).Continue(work, work.Z, means);
        work.Undo(means, means);
    }

    public bool TryCarryOn(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means, Span<double> ahead)
    {
        Span<int> lagSpace = stackalloc int[Recent + 3];
        Span<double> cycleSpace = stackalloc double[PairsOfFirst + PairsOfNext + PairsOfYear];
        var lags = lagSpace[..Lags(spec.Nested[0], lengths[0] / 2, lagSpace)];
        var cycles = Cycles(spec, lengths[0], cycleSpace);
        return lags.Length == Lags(spec.Nested[0], history.Length / 2, lagSpace) && cycles == Cycles(spec, history.Length, cycleSpace)
            && With(lags, cycleSpace[..cycles], spec).TryCarryOn(history, lengths, spec, transform, means, ahead);
    }

    private static Autoregression With(ReadOnlySpan<int> lags, ReadOnlySpan<double> cycles, ForecastSpec spec) => new(lags, cycles, Lookback.HalfLifeOf(spec.Nested.AsSpan()), Shrinkage, Doubt);

    private static int Lags(int season, int longest, Span<int> lags)
    {
        var count = 0;
        for (var lag = 1; lag <= season + 1 && lag <= longest; lag++)
        {
            if (lag <= Recent || lag >= season - 1)
            {
                lags[count++] = lag;
            }
        }

        return count;
    }

    /// <summary>Cycles of the seasons seen often enough; what two seasons share is written once.</summary>
    private static int Cycles(ForecastSpec spec, int length, Span<double> cycles)
    {
        var count = 0;
        for (var i = 0; i < spec.Seasons.Length; i++)
        {
            var season = spec.Seasons[i];
            var nested = i < spec.Nested.Length;
            var most = Math.Min((season - 1) / 2, i == 0 ? PairsOfFirst : nested ? PairsOfNext : PairsOfYear);
            for (var pair = 1; pair <= most && (nested ? 2 : RoundsOfYear) * season <= length && count < cycles.Length; pair++)
            {
                if (i == 0 || !nested || pair % (season / spec.Seasons[0]) != 0)
                {
                    cycles[count++] = (double)season / pair;
                }
            }
        }

        return count;
    }
}
