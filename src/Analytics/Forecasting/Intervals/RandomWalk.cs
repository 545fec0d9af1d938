using MathNet.Numerics.Distributions;

namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Widths for a history too short to forecast from its own past: normal steps of the size seen so far, adding up over time.</summary>
/// <param name="StepDeviation">Root mean square of the steps between neighboring known values, in the unit of the history.</param>
internal sealed record RandomWalk(double StepDeviation, BandBasis Basis) : IWidths
{
    public static RandomWalk Of(ReadOnlySpan<double> history)
    {
        var (last, lastAt, squares, steps) = (double.NaN, 0, 0.0, 0);
        for (var i = 0; i < history.Length; i++)
        {
            if (!double.IsFinite(history[i]))
            {
                continue;
            }

            if (double.IsFinite(last))
            {
                squares += (history[i] - last) * (history[i] - last) / (i - lastAt);
                steps++;
            }

            (last, lastAt) = (history[i], i);
        }

        return steps == 0
            ? new(Math.Abs(last), BandBasis.OneValue)
            : new(Math.Sqrt(squares / steps), BandBasis.Differences);
    }

    public double Factor(double level) => Normal.InvCDF(0, 1, (1 + level) / 2);

    public double ScaleAt(int lead) => StepDeviation * Math.Sqrt(lead + 1);
}
