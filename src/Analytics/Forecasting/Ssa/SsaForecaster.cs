using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting.Ssa;

/// <summary>Singular spectrum analysis: the strongest patterns of the lagged vectors are the signal, and a linear recurrence continues it.</summary>
/// <remarks>
/// Golyandina and Zhigljavsky, Singular Spectrum Analysis for Time Series (2013), sections 2.1 and 3.1: y[t] = sum R[i] y[t-i], R = sum of pi_k U_k' / (1 - nu^2), pi_k the last
/// component of the k-th eigenvector, U_k' the others, nu^2 the sum of pi_k^2. Rank by Wax and Kailath, IEEE Transactions ASSP 33 (1985). What ML.NET's `ForecastBySsa` does.
/// Alone it loses to an autoregression on hourly loads; in the pool it helps, because it errs differently.
/// </remarks>
public sealed class SsaForecaster(SsaOptions options) : IForecaster
{
    private const double Undetermined = 0.98;
    private const int WindowUpTo = 48;

    public SsaForecaster()
        : this(new SsaOptions())
    {
    }

    public string Name => "ssa";

    public int NeedsAtLeast(ForecastSpec spec) => Math.Max(12, 3 * spec.Seasons[0]);

    public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => ForecastFrom(history, [history.Length], spec, mean);

    /// <remarks>The patterns that the first origin knows serve all: each continues its own last window.</remarks>
    public void ForecastFrom(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Span<double> means)
    {
        var (vectors, rank, recurrence) = (Array.Empty<double[]>(), 0, Array.Empty<double>());
        for (var origin = 0; origin < lengths.Length; origin++)
        {
            var mean = means.Slice(origin * spec.Horizon, spec.Horizon);
            var known = Known(history[..lengths[origin]]);
            var (low, width) = (ValueRange.Of(known).Low, ValueRange.Of(known).Width);
            if (width == 0)
            {
                mean.Fill(Gaps.LastKnown(known));
                continue;
            }

            // Between 0 and 1: the same digits for every unit of the history.
            var values = known.ToArray();
            Gaps.Fill(values, spec.Nested[0]);
            for (var t = 0; t < values.Length; t++)
            {
                values[t] = (values[t] - low) / width;
            }

            if (vectors.Length == 0)
            {
                var window = Math.Clamp(options.WindowSize ?? Math.Clamp(2 * spec.Nested[0], 8, WindowUpTo), 2, Math.Max(2, values.Length / 3));
                vectors = Vectors(values, window, out var strengths);
                rank = Math.Clamp(options.Rank ?? Rank(strengths, values.Length - window + 1, options.MaxRank ?? (window / 2)), 1, window - 1);
                recurrence = Recurrence(vectors, ref rank);
            }

            Continue(Signal(values, vectors, rank), recurrence, mean);
            for (var h = 0; h < mean.Length; h++)
            {
                mean[h] = low + (width * mean[h]);
            }
        }
    }

    private ReadOnlySpan<double> Known(ReadOnlySpan<double> history) =>
        options.TrainSize is { } size && size < history.Length && Gaps.CountKnown(history[^size..]) > 0 ? history[^size..] : history;

    private void Continue(double[] signal, double[] recurrence, Span<double> path)
    {
        for (var h = 0; h < path.Length; h++)
        {
            var next = Dots.Of(recurrence, signal.AsSpan(signal.Length - recurrence.Length));
            next = double.IsNaN(next) ? 0.5 : Math.Clamp(next, -options.MaxGrowth, 1 + options.MaxGrowth);
            Array.Copy(signal, 1, signal, 0, signal.Length - 1);
            signal[^1] = next;
            path[h] = next;
        }
    }

    /// <summary>Eigenvectors of the lag covariance, the strongest first.</summary>
    private static double[][] Vectors(double[] values, int window, out double[] strengths)
    {
        var lagged = values.Length - window + 1;
        var covariance = new double[window][];
        for (var i = 0; i < window; i++)
        {
            covariance[i] = new double[window];
            covariance[i][0] = covariance[0][i] = Dots.Of(values.AsSpan(i, lagged), values.AsSpan(0, lagged)) / lagged;
        }

        // One step along a diagonal, one product enters the sum and one leaves it.
        for (var i = 1; i < window; i++)
        {
            for (var j = 1; j <= i; j++)
            {
                var (entering, leaving) = (values[i - 1 + lagged] * values[j - 1 + lagged], values[i - 1] * values[j - 1]);
                covariance[i][j] = covariance[j][i] = covariance[i - 1][j - 1] + ((entering - leaving) / lagged);
            }
        }

        var found = SymmetricEigen.Of(covariance);
        Array.Sort(found, covariance);
        Array.Reverse(found);
        Array.Reverse(covariance);
        strengths = Array.ConvertAll(found, strength => Math.Max(0, strength));
        return covariance;
    }

    /// <summary>The rank with the least description length: what is left should be equally strong in all directions.</summary>
    private static int Rank(double[] strengths, int samples, int most)
    {
        var (best, least) = (1, double.PositiveInfinity);
        var (logs, sum) = (new double[strengths.Length + 1], new double[strengths.Length + 1]);
        for (var k = strengths.Length - 1; k > 0; k--)
        {
            var strength = Math.Max(strengths[k], 1e-15 * strengths[0]);
            (logs[k], sum[k]) = (logs[k + 1] + Math.Log(strength), sum[k + 1] + strength);
        }

        for (var rank = 1; rank <= most && rank < strengths.Length; rank++)
        {
            var rest = strengths.Length - rank;
            var length = (samples * ((rest * Math.Log(sum[rank] / rest)) - logs[rank])) + (0.5 * rank * ((2 * strengths.Length) - rank) * Math.Log(samples));
            (best, least) = length < least ? (rank, length) : (best, least);
        }

        return best;
    }

    private double[] Recurrence(double[][] vectors, ref int rank)
    {
        double Uncertainty(int upTo) => vectors.Take(upTo).Sum(u => u[^1] * u[^1]);
        while (rank > 1 && Uncertainty(rank) > (options.ShouldStabilize ? Undetermined : 1 - 1e-9))
        {
            rank--;
        }

        var recurrence = new double[vectors.Length - 1];
        var share = Math.Max(1e-9, 1 - Uncertainty(rank));
        for (var k = 0; k < rank; k++)
        {
            for (var i = 0; i < recurrence.Length; i++)
            {
                recurrence[i] += vectors[k][^1] * vectors[k][i] / share;
            }
        }

        return recurrence;
    }

    /// <summary>The last window of the signal: lagged vectors projected on the strong patterns, averaged along the diagonals.</summary>
    private static double[] Signal(double[] values, double[][] vectors, int rank)
    {
        var window = vectors.Length;
        var (signal, counts, projected) = (new double[window], new int[window], new double[window]);
        for (var back = 0; back < window && values.Length - window - back >= 0; back++)
        {
            var lagged = values.AsSpan(values.Length - window - back, window);
            Array.Clear(projected);
            for (var k = 0; k < rank; k++)
            {
                var along = Dots.Of(vectors[k], lagged);
                Dots.AddScaled(vectors[k].AsSpan(back), along, projected.AsSpan(back));
            }

            for (var i = back; i < window; i++)
            {
                signal[i - back] += projected[i];
                counts[i - back]++;
            }
        }

        for (var i = 0; i < window; i++)
        {
            signal[i] /= counts[i];
        }

        return signal;
    }
}
