namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Past instants from which a forecast is made again, to see how far it would have been off.</summary>
internal static class RollingOrigins
{
    public const int Most = 10;

    private const int WorthASeasonalGrid = 4;
    private const int VeryShort = 48;

    /// <summary>Steps that are kept back to score on: the horizon, but no more than a third of the history, or a sixth of a very short one.</summary>
    public static int LeftToScore(int length, int horizon) => Math.Clamp(length / (length < VeryShort ? 6 : 3), 1, horizon);

    /// <summary>History lengths, rising. All leave a whole horizon to score where the history is long enough, else what there is.</summary>
    /// <remarks>A whole number of seasons apart and from the end where that fits, so that a lead meets the same place of the season as it will.</remarks>
    /// <param name="needs">The shortest history worth forecasting from.</param>
    /// <returns>Empty where nothing is left to score.</returns>
    public static int[] Choose(int length, int horizon, int season, int needs)
    {
        var shortest = Math.Max(needs, (2 * length / 5) + 1);
        var latest = length - horizon;
        if (latest - shortest < WorthASeasonalGrid - 1)
        {
            shortest = Math.Min(shortest, needs);
            latest = Math.Max(Math.Max(latest, length - LeftToScore(length, horizon)), Math.Min(length - 1, shortest + WorthASeasonalGrid));
        }

        var room = latest - shortest;
        if (room < 0)
        {
            return [];
        }

        var spacing = Math.Max(1, room / (Most - 1));
        if (room >= (WorthASeasonalGrid - 1) * season)
        {
            var upToHorizon = (horizon + season - 1) / season * season;
            spacing = Math.Clamp(spacing / season * season, season, upToHorizon);
        }

        var count = Math.Min(Most, (room / spacing) + 1);
        var lengths = new int[count];
        for (var i = 0; i < count; i++)
        {
            lengths[i] = latest - ((count - 1 - i) * spacing);
        }

        return lengths;
    }
}
