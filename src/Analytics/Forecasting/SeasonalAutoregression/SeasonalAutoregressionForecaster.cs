using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting.SeasonalAutoregression;

/// <summary>Takes the seasonal profile out of a series, continues what is left by ridge autoregression, and puts the profile back.</summary>
/// <remarks>A light form of MSTL: Bandara, Hyndman and Bergmeir, arXiv:2107.13462. Each origin knows its own profile only.</remarks>
public sealed class SeasonalAutoregressionForecaster : IForecaster
{
    private const double Shrinkage = 1e-4;
    private const double Doubt = 30;

    public string Name => "seasonal-autoregression";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(16, 3 * spec.Nested[^1]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var work = Standardized.Of(history, [history.Length], spec, Transform.Root);
        if (work.IsConstant)
        {
            work.Repeat(mean);
            return;
        }

        var seasons = spec.Nested.AsSpan();
        var (z, length) = (work.Z, work.Z.Length);
        var (level, profile, scratch) = (new double[length], new double[seasons[^1]], new double[seasons[^1]]);
        SeasonalProfile.Level(z, seasons[^1], level);
        SeasonalProfile.Of(z, level, seasons, profile, scratch);
        Dots.AddRepeated(profile, -1, z);

        Span<int> lagSpace = stackalloc int[SeasonalLags.Most];
        var lags = lagSpace[..SeasonalLags.Write(seasons, longest: length * 3 / 5, lagSpace)];
        new Autoregression(lags, [], Lookback.HalfLifeOf(seasons), Shrinkage, Doubt).Continue(work, z, mean);
        Dots.AddRepeated(profile, 1, mean, first: length);
        work.Undo(mean, mean);
    }
}
