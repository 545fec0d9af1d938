using MathNet.Numerics.Distributions;

namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Turns past errors into half-widths: a scale per lead times a quantile of the errors in units of that scale.</summary>
/// <remarks>
/// Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), section 4.2, with scaled absolute errors as in Lei et al., JASA 113 (2018).
/// The scale that an error is measured by leaves its own origin out; otherwise every error shrinks itself and the bands come out too narrow.
/// </remarks>
internal sealed class SplitConformal : IWidths
{
    /// <summary>Leads on each side whose errors are pooled into the scale of a lead.</summary>
    private const int SmoothingReach = 6;

    /// <summary>A lead is never taken for more than this much surer than the average lead.</summary>
    private const double LeastScaleShare = 0.05;

    private const int FewestOrigins = 4;
    private const int FewestScores = 12;
    private const double UsualLevel = 0.8;

    private readonly double[] _scale;
    private readonly double[] _scores;
    private readonly double _independent;

    private SplitConformal(double[] scale, double[] scores, double independent)
    {
        _scale = scale;
        _scores = scores;
        _independent = independent;
    }

    /// <param name="season">In steps: the scale rises from one season ahead to the next.</param>
    /// <returns>Null where too little could be scored for a quantile to mean anything.</returns>
    public static SplitConformal? Calibrate(PastErrors past, int season)
    {
        var leads = past.Horizon;
        var (sums, counts) = (new double[past.Origins + 1, leads], new int[past.Origins + 1, leads]);
        var origins = 0;
        for (var origin = 0; origin < past.Origins; origin++)
        {
            origins += Smooth(past.Of(origin), origin, past.Origins, sums, counts) ? 1 : 0;
        }

        if (origins < FewestOrigins)
        {
            return null;
        }

        var least = LeastScaleShare * past.MeanAbsolute();
        var scores = new List<double>(past.Origins * leads);
        for (var origin = 0; origin < past.Origins; origin++)
        {
            var errors = past.Of(origin);
            for (var lead = 0; lead < leads; lead++)
            {
                var others = counts[past.Origins, lead] - counts[origin, lead];
                if (double.IsFinite(errors[lead]) && others > 0)
                {
                    var scale = Math.Max(least, (sums[past.Origins, lead] - sums[origin, lead]) / others);
                    scores.Add(scale > 0 ? Math.Abs(errors[lead]) / scale : 0);
                }
            }
        }

        if (scores.Count < FewestScores)
        {
            return null;
        }

        scores.Sort();
        var widths = Scale(sums, counts, past.Origins, leads, least);
        RisingScale.Enforce(widths, season);
        return new(widths, [.. scores], past.Independent);
    }

    public BandBasis Basis => BandBasis.PastErrors;

    public double Factor(double level)
    {
        var rank = (int)Math.Ceiling((_scores.Length + 1) * level);
        return Widening(level) * _scores[Math.Min(rank, _scores.Length) - 1];
    }

    public double ScaleAt(int lead) => _scale[lead];

    /// <summary>Adds one origin's absolute errors, pooled over neighboring leads, to its own row and to the row of all. False where it has none.</summary>
    private static bool Smooth(ReadOnlySpan<double> errors, int origin, int all, double[,] sums, int[,] counts)
    {
        var any = false;
        for (var lead = 0; lead < errors.Length; lead++)
        {
            for (var near = Math.Max(0, lead - SmoothingReach); near <= Math.Min(errors.Length - 1, lead + SmoothingReach); near++)
            {
                if (double.IsFinite(errors[near]))
                {
                    sums[origin, lead] += Math.Abs(errors[near]);
                    counts[origin, lead]++;
                    any = true;
                }
            }

            sums[all, lead] += sums[origin, lead];
            counts[all, lead] += counts[origin, lead];
        }

        return any;
    }

    /// <summary>Origins that share what they are scored on agree with each other more than with the future, and few of them have not seen the tails.</summary>
    /// <remarks>
    /// The first factor fades faster than the 1 + 1/n of a mean, since leaving the own origin out already pays for most of it.
    /// The second is how much further out the quantile of Student's t with 2n degrees of freedom lies than the normal one, relative to the same at 80 %. Measured with bench/forecast.
    /// </remarks>
    private double Widening(double level) =>
        Math.Sqrt(1 + (1 / (_independent * _independent))) * Math.Max(1, Tail(level, 2 * _independent) / Tail(UsualLevel, 2 * _independent));

    private static double Tail(double level, double freedom) =>
        StudentT.InvCDF(0, 1, freedom, (1 + level) / 2) / Normal.InvCDF(0, 1, (1 + level) / 2);

    /// <summary>Leads that no origin reached widen with the square root of time, as a random walk does.</summary>
    private static double[] Scale(double[,] sums, int[,] counts, int all, int leads, double least)
    {
        var scale = new double[leads];
        var reached = -1;
        for (var lead = 0; lead < leads; lead++)
        {
            if (counts[all, lead] > 0)
            {
                scale[lead] = Math.Max(least, sums[all, lead] / counts[all, lead]);
                reached = lead;
            }
            else
            {
                scale[lead] = reached < 0 ? least : scale[reached] * Math.Sqrt((lead + 1.0) / (reached + 1.0));
            }
        }

        return scale;
    }
}
