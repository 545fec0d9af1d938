using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting.Repair;

/// <summary>What a history shows that will not be so again is set right before it is continued.</summary>
internal static class HistoryRepair
{
    /// <param name="history">Changed in place.</param>
    public static ImmutableArray<HistoryFinding> Apply(double[] history, ForecastSpec spec) =>
        [.. Outages.TakeOut(history, spec), .. LevelShift.Straighten(history, spec)];

    /// <summary>NaN where nothing is known.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite)];
        Array.Sort(sorted);
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
