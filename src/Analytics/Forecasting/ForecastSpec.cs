using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.YearAgo;

namespace Headroom.Analytics.Forecasting;

/// <summary>What is asked of a forecast.</summary>
public sealed record ForecastSpec
{
    /// <summary>The levels printed where none are asked for.</summary>
    public static readonly ImmutableArray<double> DefaultLevels = [0.5, 0.8, 0.95];

    /// <param name="horizon">Steps ahead, 1 or more.</param>
    /// <param name="seasons">Lengths in steps, rising (24, 168 for hours); 1 alone means no season.</param>
    /// <exception cref="ArgumentException">A horizon below 1, no season, or seasons that do not rise from 1 or more.</exception>
    public ForecastSpec(int horizon, params ImmutableArray<int> seasons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (seasons.IsDefaultOrEmpty || seasons[0] < 1)
        {
            throw new ArgumentException("Seasons are lengths of 1 step or more; say 1 where there is none.", nameof(seasons));
        }

        for (var i = 1; i < seasons.Length; i++)
        {
            if (seasons[i] <= seasons[i - 1])
            {
                throw new ArgumentException($"Season {seasons[i]} does not come after {seasons[i - 1]}; seasons rise.", nameof(seasons));
            }
        }

        Horizon = horizon;
        Seasons = seasons;
        var nested = 1;
        while (nested < seasons.Length && seasons[nested] % seasons[nested - 1] == 0)
        {
            nested++;
        }

        Nested = seasons[..nested];
    }

    /// <summary>Those of the usual seasons that a history shows: each twice; a year that holds no whole number of the season before it, once and some weeks. 1 alone where it shows none.</summary>
    /// <param name="usual">Rising.</param>
    public static ImmutableArray<int> Shown(ImmutableArray<int> usual, int length)
    {
        ImmutableArray<int> shown = [.. usual.Where(season => 2 * season <= length)];
        if (shown.IsEmpty)
        {
            return [1];
        }

        var year = usual.Length > shown.Length ? usual[shown.Length] : 0;
        return year % shown[^1] != 0 && YearAgoEffect.NeedsAtLeast(year, shown[^1]) <= length ? [.. shown, year] : shown;
    }

    public int Horizon { get; }

    public ImmutableArray<int> Seasons { get; }

    /// <summary>The first seasons, as far as each is a whole number of the one before: what can be told place by place. A year of days is not among them.</summary>
    public ImmutableArray<int> Nested { get; }

    /// <summary>Neither the mean nor a bound goes below zero.</summary>
    public bool NonNegative { get; init; }

    /// <summary>Shares of future values that each band should hold, each in (0, 1), rising.</summary>
    /// <exception cref="ArgumentException">A level outside (0, 1), or levels that do not rise.</exception>
    public ImmutableArray<double> Levels
    {
        get;
        init
        {
            for (var i = 0; i < value.Length; i++)
            {
                if (value[i] is not (> 0 and < 1) || (i > 0 && value[i] <= value[i - 1]))
                {
                    throw new ArgumentException($"Level {value[i]} is not above the one before it and inside (0, 1).", nameof(value));
                }
            }

            field = value;
        }
    } = DefaultLevels;
}
