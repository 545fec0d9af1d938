using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting;

/// <summary>A level with repeating profiles around it: seasons are taken out one by one, the level is foretold from what is left, and all is put together again.</summary>
internal static class LevelWithSeasons
{
    /// <summary>A season of which fewer are known is none.</summary>
    private const int LeastSeasons = 4;

    /// <param name="takeOut">Takes a season of so many steps out of the values and gives its profile.</param>
    /// <param name="level">Of values without seasons, for so many steps ahead.</param>
    public static void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean, Func<double[], int, double[]> takeOut, Func<double[], int, double> level)
    {
        var range = ValueRange.Of(history);
        var values = history.ToArray();
        Gaps.Fill(values, spec.Nested[0]);
        var scale = Scale.Of(values, spec.NonNegative ? Transform.Root : Transform.Identity);
        if (scale.Deviation == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
            return;
        }

        scale.Forth(values, values);
        mean.Clear();
        for (var i = 0; i < spec.Nested.Length && LeastSeasons * spec.Nested[i] <= values.Length; i++)
        {
            if (spec.Nested[i] > 1)
            {
                var profile = takeOut(values, spec.Nested[i]);
                Dots.AddRepeated(profile, 1, mean, first: values.Length);
            }
        }

        var middle = level(values, mean.Length);
        for (var h = 0; h < mean.Length; h++)
        {
            mean[h] += middle;
        }

        scale.Back(mean, mean);
        range.Clamp(mean);
    }
}
