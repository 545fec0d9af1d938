using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting.Ssa;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix.</summary>
/// <remarks>Householder tridiagonalization and implicit QL with shifts: Golub and Van Loan, Matrix Computations (4th ed.), sections 8.3.1 and 8.3.3; Martin and Wilkinson, Numerische Mathematik 12 (1968). All by rows.</remarks>
internal static class SymmetricEigen
{
    private const int MostTurns = 60;

    /// <param name="matrix">All of it, row by row; replaced by the eigenvectors, one in each row, in no order.</param>
    /// <returns>The eigenvalues, in the order of the rows.</returns>
    public static double[] Of(double[][] matrix)
    {
        var n = matrix.Length;
        var (diagonal, beside, vectors) = (new double[n], new double[n], new double[n][]);
        for (var i = 0; i < n; i++)
        {
            vectors[i] = new double[n];
            vectors[i][i] = 1;
        }

        Tridiagonalize(matrix, diagonal, beside);
        // What is left in the rows of the matrix are the mirrors, each as long as the rest of its row.
        for (var k = n - 3; k >= 0; k--)
        {
            var mirror = matrix[k].AsSpan(k + 1);
            var size = Dots.Of(mirror, mirror);
            for (var i = k + 1; i < n && size > 0; i++)
            {
                var row = vectors[i].AsSpan(k + 1);
                Dots.AddScaled(mirror, -2 * Dots.Of(row, mirror) / size, row);
            }
        }

        Diagonalize(diagonal, beside, vectors);
        vectors.CopyTo(matrix, 0);
        return diagonal;
    }

    /// <summary>Mirrors the matrix, row after row, until nothing is left but the diagonal and what stands beside it.</summary>
    private static void Tridiagonalize(double[][] matrix, double[] diagonal, double[] beside)
    {
        var n = matrix.Length;
        var products = new double[n];
        for (var k = 0; k < n - 1; k++)
        {
            diagonal[k] = matrix[k][k];
            var mirror = matrix[k].AsSpan(k + 1);
            var length = Math.Sqrt(Dots.Of(mirror, mirror));
            beside[k] = mirror.Length == 1 ? mirror[0] : mirror[0] > 0 ? -length : length;
            if (mirror.Length == 1 || length == 0)
            {
                continue;
            }

            mirror[0] -= beside[k];
            var by = 2 / Dots.Of(mirror, mirror);
            var along = products.AsSpan(k + 1);
            for (var i = k + 1; i < n; i++)
            {
                along[i - k - 1] = by * Dots.Of(matrix[i].AsSpan(k + 1), mirror);
            }

            Dots.AddScaled(mirror, -by / 2 * Dots.Of(mirror, along), along);
            for (var i = k + 1; i < n; i++)
            {
                var row = matrix[i].AsSpan(k + 1);
                Dots.AddScaled(along, -mirror[i - k - 1], row);
                Dots.AddScaled(mirror, -along[i - k - 1], row);
            }
        }

        diagonal[^1] = matrix[^1][^1];
    }

    /// <summary>Turns what stands beside the diagonal away, from the first row on.</summary>
    private static void Diagonalize(double[] diagonal, double[] beside, double[][] vectors)
    {
        for (var first = 0; first < diagonal.Length; first++)
        {
            for (var turns = 0; turns < MostTurns; turns++)
            {
                var last = first;
                while (last < diagonal.Length - 1 && !IsNothing(beside[last], beside: Math.Abs(diagonal[last]) + Math.Abs(diagonal[last + 1])))
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                Turn(diagonal, beside, vectors, first, last);
            }
        }
    }

    private static bool IsNothing(double value, double beside) => Math.Abs(value) + beside == beside;

    /// <summary>One implicit step of QL on the rows from the first to the last, shifted by the eigenvalue of the first two that is nearer.</summary>
    private static void Turn(double[] diagonal, double[] beside, double[][] vectors, int first, int last)
    {
        var half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
        var shifted = diagonal[last] - diagonal[first] + (beside[first] / (half + Math.CopySign(Math.Sqrt((half * half) + 1), half)));
        var (sin, cos, moved) = (1.0, 1.0, 0.0);
        for (var i = last - 1; i >= first; i--)
        {
            var (far, near) = (sin * beside[i], cos * beside[i]);
            var length = Math.Sqrt((far * far) + (shifted * shifted));
            beside[i + 1] = length;
            if (length == 0)
            {
                diagonal[i + 1] -= moved;
                beside[last] = 0;
                return;
            }

            (sin, cos) = (far / length, shifted / length);
            shifted = diagonal[i + 1] - moved;
            var turned = ((diagonal[i] - shifted) * sin) + (2 * cos * near);
            moved = sin * turned;
            diagonal[i + 1] = shifted + moved;
            shifted = (cos * turned) - near;
            Rotate(vectors[i], vectors[i + 1], sin, cos);
        }

        diagonal[first] -= moved;
        (beside[first], beside[last]) = (shifted, 0);
    }

    private static void Rotate(double[] low, double[] high, double sin, double cos)
    {
        ref var a = ref MemoryMarshal.GetArrayDataReference(low);
        ref var b = ref MemoryMarshal.GetArrayDataReference(high);
        var (sines, cosines) = (Vector256.Create(sin), Vector256.Create(cos));
        nuint i = 0;
        for (; i + 4 <= (nuint)low.Length; i += 4)
        {
            var (one, other) = (Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i));
            ((cosines * one) - (sines * other)).StoreUnsafe(ref a, i);
            ((sines * one) + (cosines * other)).StoreUnsafe(ref b, i);
        }

        for (var rest = (int)i; rest < low.Length; rest++)
        {
            (low[rest], high[rest]) = ((cos * low[rest]) - (sin * high[rest]), (sin * low[rest]) + (cos * high[rest]));
        }
    }
}
