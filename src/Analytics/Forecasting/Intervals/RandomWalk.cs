using MathNet.Numerics.Distributions;

namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Widths for a history too short to forecast from its own past: normal steps of the size seen so far, adding up over time.</summary>
/// <param name="StepDeviation">Root mean square of the steps between neighboring known values, in the unit of the history.</param>
internal readonly record struct RandomWalk(double StepDeviation, BandBasis Basis)
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

    /// <summary>By lead, 0 is the first step ahead.</summary>
    public Func<int, double> HalfWidths(double level)
    {
        var factor = Normal.InvCDF(0, 1, (1 + level) / 2) * StepDeviation;
        return lead => factor * Math.Sqrt(lead + 1);
    }
}
