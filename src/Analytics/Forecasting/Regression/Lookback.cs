namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>How far back an autoregression looks.</summary>
internal static class Lookback
{
    private const int HalfLifeSteps = 400;
    private const int HalfLivesKept = 10;

    /// <summary>Steps after which a value weighs half; never less than two of the longest season.</summary>
    public static int HalfLifeOf(ReadOnlySpan<int> seasons) => Math.Max(HalfLifeSteps, 2 * seasons[^1]);

    /// <summary>What still weighs more than a thousandth, and the lags before it. If nothing of that is known, everything.</summary>
    public static ReadOnlySpan<double> Recent(ReadOnlySpan<double> history, ReadOnlySpan<int> seasons)
    {
        var kept = (HalfLivesKept * HalfLifeOf(seasons)) + (2 * seasons[^1]);
        return kept < history.Length && Gaps.CountKnown(history[^kept..]) > 0 ? history[^kept..] : history;
    }
}
