namespace Headroom.Analytics.Demand;

/// <summary>One way in which demand may move, and what the days leave possible of its line.</summary>
/// <param name="LogWeight">How well it explains the days, beside the others.</param>
/// <param name="Variance">Of a day's scatter, as a share of the level, squared.</param>
/// <param name="Freedom">Of what <paramref name="Variance"/> is known from.</param>
/// <param name="Level">Of the line on the last day.</param>
/// <param name="Growth">Of the line, a day.</param>
internal readonly record struct CourseLaw(CourseFilter Filter, double LogWeight, double Variance, double Freedom, double Level, double Growth, double GrowthVariance)
{
    public bool Grows => GrowthVariance > 0;

    /// <summary>By how much the level is less where growth is one more.</summary>
    public double LevelPerGrowth => Filter.LevelAt(1) - Filter.LevelAt(0);

    /// <summary>Of the level where growth is known, over <see cref="Variance"/>.</summary>
    public double LevelVariance => 1 / Filter.LevelInformation;

    /// <summary>The wave of the last day around a line.</summary>
    public double Wave(double level, double growth) => Filter.State - (level * Filter.LevelState) - (growth * Filter.GrowthState);
}
