using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting.Theta;

/// <summary>Simple exponential smoothing with the factor and the first level of least squared one-step error.</summary>
/// <remarks>
/// Brown (1959); the estimate of R's `ses`. For a given factor the errors are linear in the first level, so that its best value is a quotient of sums
/// and the search is over one number: a grid, then golden sections around its best place.
/// </remarks>
/// <param name="Level">After the last value.</param>
internal readonly record struct SimpleSmoothing(double Alpha, double Level)
{
    private const int GridSteps = 12;
    private const int Sections = 8;

    /// <summary>A grid of 13 in whole vectors.</summary>
    private const int Lanes = 16;

    private const double Least = 1e-4;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    public static SimpleSmoothing Fit(ReadOnlySpan<double> values)
    {
        Span<double> tried = stackalloc double[Lanes];
        Span<double> errors = stackalloc double[Lanes];
        Span<double> levels = stackalloc double[Lanes];
        for (var k = 0; k < tried.Length; k++)
        {
            tried[k] = GridAt(k);
        }

        With(tried, values, errors, levels);
        var place = 0;
        for (var k = 1; k <= GridSteps; k++)
        {
            place = errors[k] < errors[place] ? k : place;
        }

        var (best, error) = (new SimpleSmoothing(tried[place], levels[place]), errors[place]);
        var (low, high) = (GridAt(Math.Max(0, place - 1)), GridAt(Math.Min(GridSteps, place + 1)));
        for (var section = 0; section < Sections; section++)
        {
            (tried[0], tried[1]) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
            With(tried[..Vector256<double>.Count], values, errors, levels);
            for (var k = 0; k < 2; k++)
            {
                (best, error) = errors[k] < error ? (new(tried[k], levels[k]), errors[k]) : (best, error);
            }

            (low, high) = errors[0] < errors[1] ? (low, tried[1]) : (tried[0], high);
        }

        return best;
    }

    private static double GridAt(int k) => Math.Max(Least, Math.Min(1, (double)k * k / (GridSteps * GridSteps)));

    /// <summary>Several factors at once, each in a lane of its own: one alone waits for itself from step to step.</summary>
    /// <param name="alphas">Whole vectors.</param>
    /// <param name="squares">Of the errors, by factor.</param>
    /// <param name="levels">After the last value, by factor.</param>
    private static void With(ReadOnlySpan<double> alphas, ReadOnlySpan<double> values, Span<double> squares, Span<double> levels)
    {
        for (var from = 0; from < alphas.Length; from += Vector256<double>.Count)
        {
            var alpha = Vector256.Create<double>(alphas[from..]);
            var kept = Vector256<double>.One - alpha;

            // Level and error are those of a start at the first value; a start one unit higher lowers each error by `left`.
            var (level, left) = (Vector256.Create(values[0]), Vector256<double>.One);
            var (sum, cross, lefts) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
            foreach (var value in values)
            {
                var four = Vector256.Create(value);
                var error = four - level;
                sum = Vector256.FusedMultiplyAdd(error, error, sum);
                cross = Vector256.FusedMultiplyAdd(error, left, cross);
                lefts = Vector256.FusedMultiplyAdd(left, left, lefts);
                level = Vector256.FusedMultiplyAdd(kept, level, alpha * four);
                left *= kept;
            }

            var shift = cross / lefts;
            (sum - (shift * cross)).CopyTo(squares[from..]);
            (level + (left * shift)).CopyTo(levels[from..]);
        }
    }
}
