using Headroom.Analytics.Forecasting.Ets;

namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Takes every season out by robust loess, continues what is left by exponential smoothing without season, and repeats the last round of each season.</summary>
/// <remarks>Bandara, Hyndman and Bergmeir, arXiv:2107.13462; R's `forecast::mstl` (seasonal windows 7 + 4i, two rounds) with robust weights, and `stlf` with ETS.</remarks>
public sealed class MstlForecaster : IForecaster
{
    private const int Rounds = 1;
    private const int LookbackSeasons = 5;
    private const int LookbackSteps = 700;
    private const int SmoothedSteps = 400;
    private const int Warm = 30;

    public string Name => "mstl";

    public int NeedsAtLeast(ForecastSpec spec) => spec.Nested[0] == 1 ? int.MaxValue : Math.Max(8, (2 * spec.Nested[0]) + 3);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => ForecastFrom(history, [history.Length], spec, mean);

    public void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
    {
        EtsModel? model = null;
        for (var origin = 0; origin < lengths.Length; origin++)
        {
            var known = history[..lengths[origin]];
            var mean = means.Slice(origin * spec.Horizon, spec.Horizon);
            var kept = Math.Max(LookbackSteps, LookbackSeasons * spec.Nested[^1]);
            var recent = known.Length > kept && Gaps.CountKnown(known[^kept..]) > 0 ? known[^kept..] : known;
            var range = ValueRange.Of(recent);
            var values = recent.ToArray();
            Gaps.Fill(values, spec.Nested[0]);
            var scale = Scale.Of(values, spec.NonNegative ? Transform.Root : Transform.Identity);
            if (scale.Deviation == 0)
            {
                mean.Fill(Gaps.LastKnown(known));
                continue;
            }

            scale.Forth(values, values);
            var seasons = Seasons(values, spec);
            var rest = values[^Math.Min(values.Length, SmoothedSteps)..];
            model = model is null ? EtsModel.Choose(rest, season: 1, form => form.Error == EtsError.Additive) : model.Refit(rest, Warm);
            model.Continue(mean);
            for (var i = 0; i < seasons.Length; i++)
            {
                var last = seasons[i].AsSpan(values.Length - spec.Nested[i]);
                for (var h = 0; h < mean.Length; h++)
                {
                    mean[h] += last[h % last.Length];
                }
            }

            scale.Back(mean, mean);
            range.Clamp(mean);
        }
    }

    /// <summary>Takes the seasons that fit twice out of the values and returns them, the first season first.</summary>
    private static double[][] Seasons(double[] values, ForecastSpec spec)
    {
        var count = 0;
        while (count < spec.Nested.Length && 2 * spec.Nested[count] < values.Length)
        {
            count++;
        }

        var seasons = new double[count][];
        var trend = new double[values.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < count; i++)
            {
                Shift(values, seasons[i] ??= new double[values.Length], +1);
                new Stl(spec.Nested[i], seasonWindow: 11 + (4 * i), inner: 1, outer: 1).Split(values, seasons[i], trend);
                Shift(values, seasons[i], -1);
            }
        }

        return seasons;
    }

    private static void Shift(double[] values, double[] by, int sign)
    {
        for (var t = 0; t < values.Length; t++)
        {
            values[t] += sign * by[t];
        }
    }
}
