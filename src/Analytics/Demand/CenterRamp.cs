using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.RampUp;
using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Demand;

/// <summary>How young centers have filled up: the level demand grows to, how fast, and when the growth is steepest. Medians and spreads of logarithms.</summary>
/// <param name="Level">Demand over capacity in the end.</param>
/// <param name="Speed">Of a logistic or Gompertz curve, p + q of a Bass curve. Unit: per month.</param>
/// <param name="Middle">Months from the opening to the steepest growth.</param>
/// <param name="Sisters">Centers it was learned from; 0: it is only an assumption.</param>
public sealed record RampPrior(RampParameter Level, RampParameter Speed, RampParameter Middle, int Sisters)
{
    private const int FewestMonths = 6;
    private const double LeastSpread = 0.2;

    /// <summary>How much a center may differ from its sisters, beside how they differ: as one more of them.</summary>
    private const double Weight = 1;

    /// <summary>Where no other center is known. Sizes after Sultan, Farley and Lehmann, Journal of Marketing Research 27 (1990).</summary>
    public static RampPrior Assumed { get; } = new(new(1.5, 0.6), new(0.35, 0.7), new(8, 0.7), 0);

    /// <param name="sisters">Of each center, demand over capacity by month from its opening, oldest first; those with fewer than six months say nothing.</param>
    public static RampPrior Of(IEnumerable<IReadOnlyList<double>> sisters)
    {
        ArgumentNullException.ThrowIfNull(sisters);
        var curves = sisters.Where(months => months.Count >= FewestMonths).Select(months => CenterRamp.Of([.. months.Select(month => new RampMonth(month, false))], Assumed, 0, seed: 1)).ToList();
        return curves.Count == 0
            ? Assumed
            : new(Pooled(Assumed.Level, curves, curve => curve.Level), Pooled(Assumed.Speed, curves, curve => curve.Speed), Pooled(Assumed.Middle, curves, curve => curve.Middle), curves.Count);
    }

    private static RampParameter Pooled(RampParameter assumed, List<CenterRamp> curves, Func<CenterRamp, RampParameter> of)
    {
        var logs = curves.Select(curve => Math.Log(of(curve).Median)).ToList();
        var mean = (logs.Sum() + (Weight * Math.Log(assumed.Median))) / (logs.Count + Weight);
        var spread = (logs.Sum(log => (log - mean) * (log - mean)) + (Weight * assumed.Spread * assumed.Spread)) / (logs.Count + Weight);
        return new(Math.Exp(mean), Math.Max(LeastSpread, Math.Sqrt(spread)));
    }
}

/// <param name="Median">Above 0.</param>
/// <param name="Spread">Standard deviation of its logarithm.</param>
public readonly record struct RampParameter(double Median, double Spread)
{
    private const double Normal90 = 1.2815515655446004;

    public double Low80 => Median * Math.Exp(-Normal90 * Spread);

    public double High80 => Median * Math.Exp(Normal90 * Spread);
}

/// <summary>One month of a young center.</summary>
/// <param name="Demand">Over capacity; 0 or more.</param>
/// <param name="AtLeast">True: the center was full, and demand was at least this.</param>
public readonly record struct RampMonth(double Demand, bool AtLeast);

/// <summary>A young center fills up: what the months so far say of the level it grows to, beside what other centers said before.</summary>
/// <remarks>
/// Logistic, Gompertz and Bass curves in equal parts with lognormal priors, by importance sampling: curves drawn from the prior, then three times again around those that explain the months well, weighted by how well they do.
/// A full month only says that demand was at least that. Before growth slows down the level is not identified: then the posterior is the prior.
/// </remarks>
public sealed record CenterRamp(RampPrior Prior, RampParameter Level, RampParameter Speed, RampParameter Middle, ImmutableArray<(double Low80, double Median, double High80)> Ahead)
{
    /// <summary>Of each shape.</summary>
    private const int Draws = 2_000;

    /// <summary>Months scatter around the curve by this much, in logarithms.</summary>
    private const double Noise = 0.15;

    private const double Tiny = 1e-6;

    /// <summary>Times that the curves to be weighted are drawn again around those that explained the months well.</summary>
    private const int Rounds = 3;

    /// <summary>Below this ratio of spreads the months have said nothing of the level.</summary>
    private const double Learned = 1.3;

    /// <summary>Spread of the level before the months over that after them.</summary>
    public double PriorToPosterior => Prior.Level.Spread / Math.Max(Tiny, Level.Spread);

    /// <summary>True: what is said of the level is what other centers, or an assumption, say; not this one.</summary>
    public bool IsPrior => PriorToPosterior < Learned;

    /// <param name="months">From the opening, oldest first.</param>
    /// <param name="ahead">Months after the last.</param>
    public static CenterRamp Of(IReadOnlyList<RampMonth> months, RampPrior prior, int ahead, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(prior);
        var random = new SplitMix(seed);
        var (curves, weights) = (new List<RampCurve>(), new List<double>());
        foreach (var shape in Enum.GetValues<GrowthShape>())
        {
            var (from, logs) = (RampProposal.Of(prior), new List<(RampCurve Curve, double Log)>());
            for (var round = 0; round <= Rounds; round++)
            {
                logs.Clear();
                for (var draw = 0; draw < Draws; draw++)
                {
                    var (curve, log) = from.Draw(shape, random);
                    logs.Add((curve, RampProposal.Of(prior).LogDensity(curve) - log + months.Index().Sum(month => LogLikelihood(month.Item, curve.At(month.Index + 0.5)))));
                }

                from = round < Rounds ? RampProposal.Fitted(logs, prior) : from;
            }

            curves.AddRange(logs.Select(entry => entry.Curve));
            weights.AddRange(logs.Select(entry => entry.Log));
        }

        var best = weights.Max();
        for (var draw = 0; draw < weights.Count; draw++)
        {
            weights[draw] = Math.Exp(weights[draw] - best);
        }

        RampParameter Posterior(Func<RampCurve, double> of) => Fitted([.. curves.Select(of)], [.. weights]);
        return new(
            prior,
            Posterior(curve => curve.Level),
            Posterior(curve => curve.Speed),
            Posterior(curve => curve.Middle),
            [
                .. Enumerable.Range(0, ahead).Select(step =>
                {
                    var values = curves.Select(curve => curve.At(months.Count + step + 0.5)).ToArray();
                    var keys = weights.ToArray();
                    Array.Sort(values, keys);
                    return (Quantile(values, keys, 0.1), Quantile(values, keys, 0.5), Quantile(values, keys, 0.9));
                }),
            ]);
    }

    private static double LogLikelihood(RampMonth month, double expected)
    {
        var z = Math.Log((month.Demand + Tiny) / (expected + Tiny)) / Noise;
        return month.AtLeast ? Math.Log(Math.Max(double.Epsilon, MathNet.Numerics.Distributions.Normal.CDF(0, 1, -z))) : -z * z / 2;
    }

    private static RampParameter Fitted(double[] values, double[] weights)
    {
        var (sum, mean, square) = (0.0, 0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var log = Math.Log(values[i]);
            (sum, mean, square) = (sum + weights[i], mean + (weights[i] * log), square + (weights[i] * log * log));
        }

        mean /= sum;
        return new(Math.Exp(mean), Math.Sqrt(Math.Max(0, (square / sum) - (mean * mean))));
    }

    private static double Quantile(double[] values, double[] weights, double share)
    {
        var left = share * weights.Sum();
        var i = 0;
        for (; i < values.Length - 1 && left > weights[i]; i++)
        {
            left -= weights[i];
        }

        return values[i];
    }
}
