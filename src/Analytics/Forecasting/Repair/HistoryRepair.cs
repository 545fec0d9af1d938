using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.MedianLevel;

namespace Headroom.Analytics.Forecasting.Repair;

/// <summary>What a history shows that will not be so again is set right before it is continued.</summary>
internal static class HistoryRepair
{
    /// <param name="history">Changed in place.</param>
    public static ImmutableArray<HistoryFinding> Apply(double[] history, ForecastSpec spec) =>
        [.. Outages.TakeOut(history, spec), .. LevelShift.Straighten(history, spec)];

    /// <summary>NaN where nothing is known.</summary>
    public static double Median(IEnumerable<double> values) => Median((ReadOnlySpan<double>)[.. values]);

    /// <inheritdoc cref="Median(IEnumerable{double})"/>
    public static double Median(ReadOnlySpan<double> values)
    {
        using var scratch = new Scratch(values.Length);
        var known = scratch.Take(values.Length);
        var count = 0;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                known[count++] = value;
            }
        }

        return count == 0 ? double.NaN : Selection.Median(known[..count]);
    }
}
