namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>Solves small symmetric positive definite systems in place: A = R'R, R upper triangular. Source: Golub and Van Loan, Matrix Computations (4th ed.), section 4.2, four rows at a time.</summary>
/// <remarks>A system is a matrix whose upper half is read, row by row, with its right side as one more column: factoring the matrix then solves the first of the two triangular systems on the way.</remarks>
internal static class Cholesky
{
    /// <summary>The column of the right side; columns between the matrix and it are zero.</summary>
    public static int RightOf(int size) => Padded(size);

    /// <summary>From one row of a system to the next.</summary>
    public static int StrideOf(int size) => (Padded(size) + Products.BlockWidth) / Products.BlockWidth * Products.BlockWidth;

    /// <summary>How many values a system takes.</summary>
    public static int LengthOf(int size) => Padded(size) * StrideOf(size);

    /// <param name="system">Replaced by R and, as the right side, by R'^-1 times it.</param>
    /// <returns>False where the matrix is not positive definite in double precision; then nothing in the span means anything.</returns>
    public static bool TryFactor(Span<double> system, int size)
    {
        var (padded, stride) = (Padded(size), StrideOf(size));
        for (var i = size; i < padded; i++)
        {
            system.Slice(i * stride, stride).Clear();
            system[(i * stride) + i] = 1;
        }

        for (var i = 0; i < padded; i += Products.BlockHeight)
        {
            var from = i / Products.BlockWidth * Products.BlockWidth;
            for (var j = from; j < stride && i > 0; j += Products.BlockWidth)
            {
                Products.Add(ref system[(i * stride) + j], (nuint)stride, ref system[i], ref system[j], (nuint)stride, rows: i, sign: -1);
            }

            for (var row = i; row < i + Products.BlockHeight; row++)
            {
                if (!TryFinish(system, stride, i, row, from))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <param name="factored">As <see cref="TryFactor"/> left it.</param>
    public static void Solve(ReadOnlySpan<double> factored, int size, Span<double> solution)
    {
        var (right, stride) = (RightOf(size), StrideOf(size));
        for (var i = size - 1; i >= 0; i--)
        {
            var row = factored.Slice(i * stride, stride);
            solution[i] = (row[right] - Dots.Of(row[(i + 1)..size], solution[(i + 1)..size])) / row[i];
        }
    }

    /// <summary>Takes the rows of its own block out of a row, from which those of earlier blocks are taken already, and divides by the root of its pivot.</summary>
    private static bool TryFinish(Span<double> system, int stride, int block, int row, int from)
    {
        var mine = system.Slice(row * stride, stride);
        for (var other = block; other < row; other++)
        {
            var theirs = system.Slice(other * stride, stride);
            Dots.AddScaled(theirs[from..], -theirs[row], mine[from..]);
        }

        if (!(mine[row] > 0) || !double.IsFinite(mine[row]))
        {
            return false;
        }

        Dots.Scale(mine[from..], 1 / Math.Sqrt(mine[row]), mine[from..]);
        return true;
    }

    private static int Padded(int size) => (size + Products.BlockHeight - 1) / Products.BlockHeight * Products.BlockHeight;
}
