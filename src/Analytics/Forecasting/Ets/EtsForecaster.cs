using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Forecasting.Ets;

/// <summary>Exponential smoothing whose model is chosen by the corrected information criterion of Akaike.</summary>
/// <remarks>
/// Hyndman and Khandakar, Journal of Statistical Software 27 (2008), section 2; R's `forecast::ets`. From several origins the model is chosen
/// at the first and its parameters are fitted again at each. Seasons longer than a day of hours have no seasonal model here: too many states.
/// </remarks>
public sealed class EtsForecaster : IForecaster
{
    private const int LongestSeason = 24;
    private const int LookbackSteps = 1_000;
    private const int LookbackSeasons = 12;
    private const int Warm = 40;

    public string Name => "ets";

    public int NeedsAtLeast(ForecastSpec spec) =>
        spec.Nested.Length > 1 ? int.MaxValue : spec.Seasons[0] <= LongestSeason ? Math.Max(8, (2 * spec.Seasons[0]) + 5) : 8;

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => ForecastFrom(history, [history.Length], spec, mean);

    public void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
    {
        var season = spec.Seasons[0] <= LongestSeason ? spec.Seasons[0] : 1;
        var first = Math.Max(0, lengths[0] - Math.Max(LookbackSteps, LookbackSeasons * season));
        EtsModel? model = null;
        for (var origin = 0; origin < lengths.Length; origin++)
        {
            var known = history[..lengths[origin]];
            var values = known[first..].ToArray();
            var mean = means.Slice(origin * spec.Horizon, spec.Horizon);
            Gaps.Fill(values, season);
            var range = ValueRange.Of(known);
            if (range.Width == 0 || !double.IsFinite(values[0]))
            {
                mean.Fill(Gaps.LastKnown(known));
                continue;
            }

            model = model is null || !model.Fits(values) ? EtsModel.Choose(values, season) : model.Again(values, Warm);
            model.Continue(mean);
            range.Clamp(mean);
        }
    }
}
