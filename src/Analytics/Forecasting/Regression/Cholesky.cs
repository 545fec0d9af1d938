namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>Solves small symmetric positive definite systems in place. Source: Golub and Van Loan, Matrix Computations (4th ed.), section 4.2.</summary>
internal static class Cholesky
{
    /// <param name="matrix">size x size, row by row; its lower half is read and replaced by the factor.</param>
    /// <param name="right">The right side; replaced by the solution.</param>
    /// <returns>False where the matrix is not positive definite in double precision; then nothing in the spans means anything.</returns>
    public static bool TrySolve(Span<double> matrix, int size, Span<double> right)
    {
        for (var j = 0; j < size; j++)
        {
            var rowJ = matrix.Slice(j * size, size);
            var pivot = rowJ[j] - Dots.Of(rowJ[..j], rowJ[..j]);
            if (!(pivot > 0) || !double.IsFinite(pivot))
            {
                return false;
            }

            rowJ[j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < size; i++)
            {
                var rowI = matrix.Slice(i * size, size);
                rowI[j] = (rowI[j] - Dots.Of(rowI[..j], rowJ[..j])) / rowJ[j];
            }
        }

        for (var i = 0; i < size; i++)
        {
            var row = matrix.Slice(i * size, size);
            right[i] = (right[i] - Dots.Of(row[..i], right[..i])) / row[i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            var sum = right[i];
            for (var k = i + 1; k < size; k++)
            {
                sum -= matrix[(k * size) + i] * right[k];
            }

            right[i] = sum / matrix[(i * size) + i];
        }

        return true;
    }
}
