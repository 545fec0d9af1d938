namespace Headroom.Analytics.Forecasting;

/// <summary>Gaps of a history: values that are not finite.</summary>
internal static class Gaps
{
    /// <summary>A gap up to this many steps is bridged by a line; a longer one repeats the season.</summary>
    private const int LineUpTo = 2;

    /// <exception cref="ArgumentException">Not one known value.</exception>
    public static double LastKnown(ReadOnlySpan<double> history)
    {
        for (var i = history.Length - 1; i >= 0; i--)
        {
            if (double.IsFinite(history[i]))
            {
                return history[i];
            }
        }

        throw new ArgumentException("A history without a single known value has no continuation.", nameof(history));
    }

    public static int CountKnown(ReadOnlySpan<double> history)
    {
        var known = 0;
        foreach (var value in history)
        {
            known += double.IsFinite(value) ? 1 : 0;
        }

        return known;
    }

    /// <summary>Replaces gaps in place: short ones by a line, longer ones by the season before, else by the nearest known value.</summary>
    /// <remarks>Serves as input of lags only: a filled value is never a target to fit or an actual to score against.</remarks>
    public static void Fill(Span<double> history, int season)
    {
        var next = 0;
        for (var i = 0; i < history.Length; i++)
        {
            if (double.IsFinite(history[i]))
            {
                continue;
            }

            for (next = Math.Max(next, i + 1); next < history.Length && !double.IsFinite(history[next]); next++)
            {
            }

            FillOne(history, i, next, season);
        }
    }

    /// <param name="next">The next known place, or the length of the history. Everything before <paramref name="place"/> is filled unless nothing was known.</param>
    private static void FillOne(Span<double> history, int place, int next, int season)
    {
        var hasNext = next < history.Length;
        if (place == 0)
        {
            if (!hasNext)
            {
                return;
            }

            history[0] = history[next];
        }
        else if (hasNext && next - place <= LineUpTo)
        {
            history[place] = history[place - 1] + ((history[next] - history[place - 1]) / (next - place + 1));
        }
        else
        {
            history[place] = history[Math.Max(0, place - season)];
        }
    }
}
