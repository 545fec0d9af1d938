using Headroom.Analytics.Forecasting.Ets;
using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Forecasting.DampedTrend;

/// <summary>Exponential smoothing of level and slope, the slope losing a share each step: y[T+h] = level + (phi + ... + phi^h) slope.</summary>
/// <remarks>Gardner and McKenzie, Management Science 31 (1985); fitted as ETS(A,Ad,N) on the series without its season. On square roots, between growth by amounts and by shares.</remarks>
public sealed class DampedTrendForecaster : IForecaster
{
    private static readonly EtsForm Form = new(EtsError.Additive, EtsTrend.Damped, EtsSeason.None);

    private const int LookbackSteps = 1_000;
    private const int LookbackSeasons = 12;
    private const int Warm = 40;

    public string Name => "damped-trend";

    public int NeedsAtLeast(ForecastSpec spec) => spec.Nested.Length > 1 ? int.MaxValue : Math.Max(6, 2 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => ForecastFrom(history, [history.Length], spec, mean);

    public void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
    {
        var season = spec.Nested[0];
        var first = Math.Max(0, lengths[0] - Math.Max(LookbackSteps, LookbackSeasons * season));
        EtsModel? model = null;
        for (var origin = 0; origin < lengths.Length; origin++)
        {
            var known = history[..lengths[origin]];
            var mean = means.Slice(origin * spec.Horizon, spec.Horizon);
            var z = known[first..].ToArray();
            Gaps.Fill(z, season);
            var scale = Scale.Of(z, spec.NonNegative ? Transform.Root : Transform.Identity);
            if (!(scale.Deviation > 0))
            {
                mean.Fill(Gaps.LastKnown(known));
                continue;
            }

            scale.Forth(z, z);
            var profile = SeasonalProfile.TakeOut(z, season);
            model = model is null ? EtsModel.Fixed(z, Form, season: 1) : model.Refit(z, Warm);
            model.Continue(mean);
            for (var h = 0; h < mean.Length; h++)
            {
                mean[h] += profile[(z.Length + h) % season];
            }

            scale.Back(mean, mean);
            ValueRange.Of(known).Clamp(mean);
        }
    }
}
