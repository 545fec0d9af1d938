namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>Which steps back an autoregression looks at: the last few, and the same place of earlier seasons with its neighbors.</summary>
/// <remarks>For hours (24, 168): 1-3 and 24k-1, 24k, 24k+1 up to the week. For days (7): 1-3, 7, 8, 14, 21, 28, 35.</remarks>
internal static class SeasonalLags
{
    public const int Most = 64;

    private const int Recent = 3;
    private const int LongSeason = 12;
    private const int RepeatsAlone = 5;
    private const int RepeatsAtMost = 12;

    /// <summary>Lags in rising order, none longer than <paramref name="longest"/>.</summary>
    /// <returns>How many lags were written, <see cref="Most"/> or fewer.</returns>
    public static int Write(ReadOnlySpan<int> seasons, int longest, Span<int> lags)
    {
        var count = 0;
        for (var lag = 1; lag <= Recent; lag++)
        {
            Add(lag, longest, lags, ref count);
        }

        var first = seasons[0];
        var repeats = RepeatsOf(seasons);
        for (var k = 1; k <= repeats && first > 1; k++)
        {
            AddPlace(k * first, neighbors: first >= LongSeason, firstRepeat: k == 1, longest, lags, ref count);
        }

        foreach (var season in seasons[1..])
        {
            AddPlace(season, neighbors: true, firstRepeat: true, longest, lags, ref count);
        }

        lags[..count].Sort();
        return count;
    }

    /// <summary>Up to the longest season where that is a whole number of first seasons (days of a week), else a few.</summary>
    private static int RepeatsOf(ReadOnlySpan<int> seasons)
    {
        foreach (var season in seasons[1..])
        {
            if (season % seasons[0] == 0 && season / seasons[0] <= RepeatsAtMost)
            {
                return season / seasons[0];
            }
        }

        return RepeatsAlone;
    }

    private static void AddPlace(int lag, bool neighbors, bool firstRepeat, int longest, Span<int> lags, ref int count)
    {
        if (neighbors)
        {
            Add(lag - 1, longest, lags, ref count);
        }

        Add(lag, longest, lags, ref count);
        if (neighbors || firstRepeat)
        {
            Add(lag + 1, longest, lags, ref count);
        }
    }

    private static void Add(int lag, int longest, Span<int> lags, ref int count)
    {
        if (lag >= 1 && lag <= longest && count < Most && !lags[..count].Contains(lag))
        {
            lags[count++] = lag;
        }
    }
}
