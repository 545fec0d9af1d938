namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Turns past errors into half-widths: a scale per lead times a quantile of the errors in units of that scale.</summary>
/// <remarks>
/// Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), section 4.2, with scaled absolute errors as in Lei et al., JASA 113 (2018).
/// The scale that an error is measured by leaves its own origin out; otherwise every error shrinks itself and the bands come out too narrow.
/// Origin after origin the width then follows what the band held: quantile tracking on a logarithmic scale, Angelopoulos, Candès and Tibshirani, Conformal PID Control (2023), after
/// the adaptive intervals of Gibbs and Candès (2021).
/// A series has few independent origins, so its quantile is drawn towards the usual one, that of exponential absolute errors (Laplace): k of n + k parts, k = 6. Measured with bench/forecast.
/// </remarks>
internal sealed class SplitConformal : IWidths
{
    /// <summary>Leads on each side whose errors are pooled into the scale of a lead.</summary>
    private const int SmoothingReach = 6;

    /// <summary>A lead is never taken for more than this much surer than the average lead.</summary>
    private const double LeastScaleShare = 0.05;

    private const int FewestOrigins = 4;
    private const int FewestScores = 12;

    /// <summary>Of the scale of a lead: what a line through the errors of all leads lends to it.</summary>
    private const double ShareOfLine = 0.3;

    /// <summary>The usual quantile counts for this many independent origins.</summary>
    private const double UsualOrigins = 6;

    /// <summary>The level by which the width is tracked, and how far it follows: an origin that was all outside widens by a sixth.</summary>
    private const double TrackedLevel = 0.8;

    private const double Following = 0.2;
    private const double MostFollowed = 0.4;

    private readonly double[] _scale;
    private readonly double[] _scores;
    private readonly double _independent;
    private readonly double _followed;

    /// <param name="scores">In order of time, those of an origin together.</param>
    /// <param name="until">By origin, where its scores end.</param>
    private SplitConformal(double[] scale, double[] scores, List<int> until, double independent)
    {
        _scale = scale;
        _scores = (double[])scores.Clone();
        Array.Sort(_scores);
        _independent = independent;
        _followed = 1;
        _followed = Math.Exp(Follow(scores, until, Factor(TrackedLevel)));
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
        var lines = Array.ConvertAll([.. Enumerable.Range(0, past.Origins)], origin => ErrorLine.Of(past.Of(origin)));
        var all = lines.Aggregate((one, other) => one.With(other, +1));
        var (scores, until) = (new List<double>(past.Origins * leads), new List<int>(past.Origins));
        for (var origin = 0; origin < past.Origins; origin++)
        {
            var errors = past.Of(origin);
            var line = all.With(lines[origin], -1).Fitted();
            for (var lead = 0; lead < leads; lead++)
            {
                var others = counts[past.Origins, lead] - counts[origin, lead];
                if (double.IsFinite(errors[lead]) && others > 0)
                {
                    var near = (sums[past.Origins, lead] - sums[origin, lead]) / others;
                    var scale = Math.Max(least, Shared(near, line.At(lead)));
                    scores.Add(scale > 0 ? Math.Abs(errors[lead]) / scale : 0);
                }
            }

            until.Add(scores.Count);
        }

        if (scores.Count < FewestScores)
        {
            return null;
        }

        var widths = Scale(sums, counts, past.Origins, leads, least, all.Fitted());
        RisingScale.Enforce(widths, season);
        return new(widths, [.. scores], until, past.Independent);
    }

    public BandBasis Basis => BandBasis.PastErrors;

    public double Factor(double level)
    {
        var rank = (int)Math.Ceiling((_scores.Length + 1) * level);
        var own = _scores[Math.Min(rank, _scores.Length) - 1];
        var trust = _independent / (_independent + UsualOrigins);
        return _followed * Widening * Math.Pow(own, trust) * Math.Pow(-Math.Log(1 - level), 1 - trust);
    }

    public double ScaleAt(int lead) => _scale[lead];

    /// <summary>The logarithm of what the width is multiplied by after the last origin.</summary>
    private static double Follow(ReadOnlySpan<double> scores, List<int> until, double factor)
    {
        var (followed, from) = (0.0, 0);
        foreach (var end in until)
        {
            var (outside, width) = (0, factor * Math.Exp(followed));
            foreach (var score in scores[from..end])
            {
                outside += score > width ? 1 : 0;
            }

            followed += end > from ? Following * (((double)outside / (end - from)) - (1 - TrackedLevel)) : 0;
            followed = Math.Clamp(followed, -MostFollowed, MostFollowed);
            from = end;
        }

        return followed;
    }

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

    /// <summary>Origins that share what they are scored on agree with each other more than with the future.</summary>
    /// <remarks>It fades faster than the 1 + 1/n of a mean, since leaving the own origin out already pays for most of it.</remarks>
    private double Widening => Math.Sqrt(1 + (1 / (_independent * _independent)));

    private static double Shared(double near, double line) => ((1 - ShareOfLine) * near) + (ShareOfLine * line);

    /// <summary>Leads that no origin reached widen with the square root of time, as a random walk does.</summary>
    private static double[] Scale(double[,] sums, int[,] counts, int all, int leads, double least, ErrorLine.Line line)
    {
        var scale = new double[leads];
        var reached = -1;
        for (var lead = 0; lead < leads; lead++)
        {
            if (counts[all, lead] > 0)
            {
                scale[lead] = Math.Max(least, Shared(sums[all, lead] / counts[all, lead], line.At(lead)));
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
