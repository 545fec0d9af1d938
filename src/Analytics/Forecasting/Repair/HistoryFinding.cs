namespace Headroom.Analytics.Forecasting.Repair;

/// <param name="From">The first step concerned, 0 for the oldest value.</param>
/// <param name="Steps">How many steps are concerned.</param>
/// <param name="Size">Of a level shift: what the level moved by, in the unit of the history; of an outage 0.</param>
public sealed record HistoryFinding(FindingKind Kind, int From, int Steps, double Size);

public enum FindingKind
{
    /// <summary>Near zero for a while, where neither before nor after was: taken as a gap.</summary>
    Outage,

    /// <summary>The last few days stand at a level that the past never left so suddenly: the history before them was moved there.</summary>
    LevelShift,
}
