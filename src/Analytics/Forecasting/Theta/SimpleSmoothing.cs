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
    private const double Least = 1e-4;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    public static SimpleSmoothing Fit(ReadOnlySpan<double> values)
    {
        var (best, error, place) = (default(SimpleSmoothing), double.PositiveInfinity, 0);
        for (var k = 0; k <= GridSteps; k++)
        {
            var fitted = With(GridAt(k), values, out var squares);
            (best, error, place) = squares < error ? (fitted, squares, k) : (best, error, place);
        }

        var (low, high) = (GridAt(Math.Max(0, place - 1)), GridAt(Math.Min(GridSteps, place + 1)));
        for (var section = 0; section < Sections; section++)
        {
            var (left, right) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
            var (lower, upper) = (With(left, values, out var leftError), With(right, values, out var rightError));
            (best, error) = leftError < error ? (lower, leftError) : (best, error);
            (best, error) = rightError < error ? (upper, rightError) : (best, error);
            (low, high) = leftError < rightError ? (low, right) : (left, high);
        }

        return best;
    }

    private static double GridAt(int k) => Math.Max(Least, (double)k * k / (GridSteps * GridSteps));

    private static SimpleSmoothing With(double alpha, ReadOnlySpan<double> values, out double squares)
    {
        // Level and error are those of a start at the first value; a start one unit higher lowers each error by `left`.
        var (level, left, cross, lefts) = (values[0], 1.0, 0.0, 0.0);
        squares = 0;
        foreach (var value in values)
        {
            var error = value - level;
            squares += error * error;
            cross += error * left;
            lefts += left * left;
            level += alpha * error;
            left *= 1 - alpha;
        }

        var shift = cross / lefts;
        squares -= shift * cross;
        return new(alpha, level + (left * shift));
    }
}
