using Headroom.Analytics.Forecasting.SeasonalAutoregression;

namespace Headroom.Analytics.Forecasting.RecentLevel;

/// <summary>The mean of the last round of the longest season, with the first season as far as it explains the history.</summary>
/// <remarks>What is left when nothing else can be known: far ahead, on short or restless histories, it is hard to beat. The mean method of Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 5.2, over a window.</remarks>
public sealed class RecentLevelForecaster : IForecaster
{
    private const int LeastWindow = 8;

    public string Name => "recent-level";

    public bool TellsLevel => true;

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(LeastWindow, 2 * spec.Nested[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        var (season, window) = (spec.Nested[0], Math.Min(history.Length, Math.Max(LeastWindow, spec.Nested[^1])));
        var values = history.ToArray();
        Gaps.Fill(values, season);
        var range = ValueRange.Of(history);
        if (range.Width == 0)
        {
            mean.Fill(Gaps.LastKnown(history));
            return;
        }

        var profile = SeasonalProfile.TakeOut(values, season);
        var level = 0.0;
        foreach (var value in values.AsSpan(values.Length - window))
        {
            level += value / window;
        }

        for (var h = 0; h < mean.Length; h++)
        {
            mean[h] = level + profile[(values.Length + h) % season];
        }

        range.Clamp(mean);
    }
}
