namespace Headroom.Analytics.Demand;

/// <summary>A regression of what is wanted on what is known of each hour, where some hours show only that it was at least the capacity.</summary>
/// <remarks>
/// Type I Tobit by expectation and maximization: y = min(x b + e, c), e normal. Tobin, Econometrica 26 (1958); Amemiya, Advanced Econometrics (1985), 10.4.
/// With z = (c - x b) / s and l = phi(z) / (1 - Phi(z)), a censored hour is expected at x b + s l, with variance s^2 (1 + z l - l^2).
/// Only where those who find no place go elsewhere: in a queue they come back, and are counted twice.
/// </remarks>
internal sealed class CensoredLevel
{
    private const int Iterations = 500;
    private const double Converged = 1e-9;
    private const double Tiny = 1e-12;
    private const double Ridge = 1e-9;

    private readonly double[] _beta;

    private CensoredLevel(double[] beta, double sigma) => (_beta, Sigma) = (beta, sigma);

    /// <summary>Standard deviation of what is wanted around its course.</summary>
    public double Sigma { get; }

    public ReadOnlySpan<double> Coefficients => _beta;

    /// <param name="rows">What is known of each hour; the first of each is 1.</param>
    /// <param name="values">What was seen.</param>
    /// <param name="censored">True: what was wanted is at least what was seen.</param>
    public static CensoredLevel Fit(double[][] rows, double[] values, bool[] censored)
    {
        var width = rows[0].Length;
        var gram = Factor(rows, width);
        var beta = Solve(gram, rows, values);
        var sigma = Math.Sqrt(Math.Max(Tiny, values.Index().Average(value => Square(value.Item - Dot(rows[value.Index], beta)))));
        var expected = (double[])values.Clone();
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var variance = 0.0;
            for (var i = 0; i < values.Length; i++)
            {
                if (censored[i])
                {
                    var mean = Dot(rows[i], beta);
                    var z = (values[i] - mean) / sigma;
                    var l = Hazard(z);
                    expected[i] = mean + (sigma * l);
                    variance += sigma * sigma * Math.Max(0, 1 + (z * l) - (l * l));
                }
            }

            var next = Solve(gram, rows, expected);
            for (var i = 0; i < values.Length; i++)
            {
                variance += Square(expected[i] - Dot(rows[i], next));
            }

            var moved = Math.Abs(Math.Sqrt(variance / values.Length) - sigma) + next.Zip(beta).Max(pair => Math.Abs(pair.First - pair.Second));
            (beta, sigma) = (next, Math.Sqrt(Math.Max(Tiny, variance / values.Length)));
            if (moved <= Converged * (1 + sigma))
            {
                break;
            }
        }

        return new(beta, sigma);
    }

    /// <summary>Mean, 10th and 90th percentile of what was wanted in an hour that showed only that it was at least <paramref name="seen"/>.</summary>
    public (double Mean, double Low, double High) Beyond(double[] row, double seen)
    {
        var mean = Dot(row, _beta);
        var z = (seen - mean) / Sigma;
        double At(double share) => mean + (Sigma * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, Math.Min(1 - Tiny, Below(z) + (share * (1 - Below(z))))));
        return (mean + (Sigma * Hazard(z)), Math.Max(seen, At(0.1)), Math.Max(seen, At(0.9)));
    }

    private static double Below(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);

    /// <summary>phi(z) / (1 - Phi(z)); far out by its asymptote.</summary>
    private static double Hazard(double z) => z > 8 ? z + (1 / z) : Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) / (1 - Below(z));

    private static double[] Solve(double[][] factor, double[][] rows, double[] values)
    {
        var width = factor.Length;
        var right = new double[width];
        for (var i = 0; i < values.Length; i++)
        {
            for (var j = 0; j < width; j++)
            {
                right[j] += rows[i][j] * values[i];
            }
        }

        for (var j = 0; j < width; j++)
        {
            for (var k = 0; k < j; k++)
            {
                right[j] -= factor[j][k] * right[k];
            }

            right[j] /= factor[j][j];
        }

        for (var j = width - 1; j >= 0; j--)
        {
            for (var k = j + 1; k < width; k++)
            {
                right[j] -= factor[k][j] * right[k];
            }

            right[j] /= factor[j][j];
        }

        return right;
    }

    /// <summary>Cholesky factor of X'X.</summary>
    private static double[][] Factor(double[][] rows, int width)
    {
        var gram = new double[width][];
        for (var j = 0; j < width; j++)
        {
            gram[j] = new double[width];
            for (var k = 0; k <= j; k++)
            {
                foreach (var row in rows)
                {
                    gram[j][k] += row[j] * row[k];
                }
            }

            gram[j][j] += Ridge * rows.Length;
        }

        for (var j = 0; j < width; j++)
        {
            for (var k = 0; k <= j; k++)
            {
                for (var m = 0; m < k; m++)
                {
                    gram[j][k] -= gram[j][m] * gram[k][m];
                }

                gram[j][k] = j == k ? Math.Sqrt(gram[j][j]) : gram[j][k] / gram[k][k];
            }
        }

        return gram;
    }

    private static double Dot(double[] row, double[] beta)
    {
        var sum = 0.0;
        for (var i = 0; i < row.Length; i++)
        {
            sum += row[i] * beta[i];
        }

        return sum;
    }

    private static double Square(double value) => value * value;
}
