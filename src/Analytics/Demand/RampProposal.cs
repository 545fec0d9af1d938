using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.RampUp;
using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Demand;

/// <summary>Where curves are drawn from: logarithms of their parameters, normal and going together, a fifth of them from the prior. Population Monte Carlo: Cappe and others, Journal of Computational and Graphical Statistics 13 (2004).</summary>
/// <param name="Root">Of the covariance (Cholesky), lower triangle.</param>
internal sealed record RampProposal(double[] Mean, double[,] Root, RampProposal? Prior)
{
    private const double FromPrior = 0.2;

    /// <summary>A little wider than what was found.</summary>
    private const double Wider = 1.5;

    private const double Least = 1e-4;
    private const int Size = 3;

    public static RampProposal Of(RampPrior prior) => new(
        [Math.Log(prior.Level.Median), Math.Log(prior.Speed.Median), Math.Log(prior.Middle.Median)],
        new[,] { { prior.Level.Spread, 0, 0 }, { 0, prior.Speed.Spread, 0 }, { 0, 0, prior.Middle.Spread } },
        null);

    public static RampProposal Fitted(List<(RampCurve Curve, double Log)> logs, RampPrior prior)
    {
        var best = logs.Max(entry => entry.Log);
        var sum = logs.Sum(entry => Math.Exp(entry.Log - best));
        var (mean, square) = (new double[Size], new double[Size, Size]);
        foreach (var (curve, log) in logs)
        {
            var weight = Math.Exp(log - best) / sum;
            for (var i = 0; i < Size; i++)
            {
                mean[i] += weight * curve.Logs[i];
            }
        }

        foreach (var (curve, log) in logs)
        {
            var weight = Wider * Math.Exp(log - best) / sum;
            for (var i = 0; i < Size; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    square[i, j] += weight * (curve.Logs[i] - mean[i]) * (curve.Logs[j] - mean[j]);
                }
            }
        }

        return new(mean, RootOf(square), Of(prior));
    }

    public (RampCurve Curve, double LogDensity) Draw(GrowthShape shape, SplitMix random)
    {
        if (Prior is { } prior && random.Share() < FromPrior)
        {
            var (other, _) = prior.Draw(shape, random);
            return (other, LogDensity(other));
        }

        double[] normal = [random.Normal(), random.Normal(), random.Normal()];
        var at = new double[Size];
        for (var i = 0; i < Size; i++)
        {
            at[i] = Mean[i];
            for (var j = 0; j <= i; j++)
            {
                at[i] += Root[i, j] * normal[j];
            }
        }

        var curve = new RampCurve(shape, Math.Exp(at[0]), Math.Exp(at[1]), Math.Exp(at[2]));
        return (curve, LogDensity(curve));
    }

    public double LogDensity(RampCurve curve)
    {
        var own = Own(curve);
        return Prior is null ? own : Math.Log(((1 - FromPrior) * Math.Exp(own)) + (FromPrior * Math.Exp(Prior.Own(curve))) + double.Epsilon);
    }

    private double Own(RampCurve curve)
    {
        var (log, z) = (0.0, new double[Size]);
        for (var i = 0; i < Size; i++)
        {
            z[i] = curve.Logs[i] - Mean[i];
            for (var j = 0; j < i; j++)
            {
                z[i] -= Root[i, j] * z[j];
            }

            z[i] /= Root[i, i];
            log -= (z[i] * z[i] / 2) + Math.Log(Root[i, i]);
        }

        return log;
    }

    private static double[,] RootOf(double[,] square)
    {
        var root = new double[Size, Size];
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = square[i, j];
                for (var k = 0; k < j; k++)
                {
                    rest -= root[i, k] * root[j, k];
                }

                root[i, j] = i == j ? Math.Sqrt(Math.Max(Least, rest)) : rest / root[j, j];
            }
        }

        return root;
    }
}

/// <summary>One way in which a young center may fill up.</summary>
/// <param name="Middle">Months to the steepest growth.</param>
internal readonly record struct RampCurve(GrowthShape Shape, double Level, double Speed, double Middle)
{
    // Bass grows steepest after log(q/p) / (p + q); with p + q = speed that fixes both.
    private GrowthCurve Growth => Shape == GrowthShape.Bass
        ? new(Shape, Level, Speed / (1 + Math.Exp(-Speed * Middle)), Speed * Middle)
        : new(Shape, Level, Speed, Middle);

    public ImmutableArray<double> Logs => [Math.Log(Level), Math.Log(Speed), Math.Log(Middle)];

    public double At(double month) => Growth.At(month);
}
