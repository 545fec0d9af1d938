using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>A weighted ridge regression that is solved at several points of one pass: its Gram matrix grows row by row and is never built again.</summary>
/// <remarks>
/// b = (A'WA + p I)^-1 A'Wy with w = 1/2^(age / half-life). Hoerl and Kennard, Technometrics 12 (1970). Age is counted from the last row:
/// rows enter with the growing weight 2^(t / half-life) and the solution divides by the weight of now.
/// The order of summation does not depend on the machine: four lanes everywhere.
/// </remarks>
internal sealed class GrowingRidge
{
    private const double Doubled = 1e100;

    private readonly int _size;
    private readonly int _stride;
    private readonly double _growth;
    private readonly double[] _gram;
    private readonly double[] _moments;
    private readonly double[] _row;
    private double _now = 1;
    private double _squares;

    /// <param name="size">Regressors; the first is the constant 1 and has no penalty.</param>
    public GrowingRidge(int size, int halfLife)
    {
        _size = size;
        _stride = (size + 3) / 4 * 4;
        _growth = Math.Pow(2, 1.0 / halfLife);
        _gram = new double[_stride * _stride];
        _moments = new double[_stride];
        _row = new double[_stride];
    }

    /// <summary>Where the regressors of the next row are written.</summary>
    public Span<double> Row => _row.AsSpan(0, _size);

    /// <summary>Rows that counted.</summary>
    public int Rows { get; private set; }

    /// <summary>Adds what is in <see cref="Row"/>; a target that is not finite only lets time pass.</summary>
    public void Add(double target)
    {
        _now *= _growth;
        if (!double.IsFinite(target))
        {
            return;
        }

        Rows++;
        _squares += _now * target * target;
        ref var row = ref MemoryMarshal.GetArrayDataReference(_row);
        ref var gram = ref MemoryMarshal.GetArrayDataReference(_gram);
        ref var moments = ref MemoryMarshal.GetArrayDataReference(_moments);
        var target4 = Vector256.Create(_now * target);
        for (nuint j = 0; j < (nuint)_stride; j += 4)
        {
            (Vector256.LoadUnsafe(ref moments, j) + (target4 * Vector256.LoadUnsafe(ref row, j))).StoreUnsafe(ref moments, j);
        }

        for (nuint i = 0; i < (nuint)_size; i++)
        {
            var weighted = Vector256.Create(_now * _row[i]);
            var start = i * (nuint)_stride;
            for (nuint j = 0; j <= i; j += 4)
            {
                (Vector256.LoadUnsafe(ref gram, start + j) + (weighted * Vector256.LoadUnsafe(ref row, j))).StoreUnsafe(ref gram, start + j);
            }
        }

        if (_now > Doubled)
        {
            Shrink();
        }
    }

    /// <summary>The coefficients as of the last row. The slopes are fitted around <paramref name="centers"/> without a constant; the constant is then the weighted mean of what is left.</summary>
    /// <remarks>A constant that is fitted along lets a slowly returning series drift off; this way it returns to where it has been.</remarks>
    /// <param name="centers">Of the target first, then of each regressor.</param>
    /// <param name="shrinkage">Penalty of a slope per row.</param>
    /// <param name="doubt">Times the share that the regression leaves unexplained: a penalty however many rows there are. It keeps short noisy histories from being overfitted.</param>
    /// <param name="coefficients">The constant first.</param>
    /// <returns>False where the system cannot be solved in double precision.</returns>
    public bool TrySolve(ReadOnlySpan<double> centers, double shrinkage, double doubt, Span<double> coefficients)
    {
        var slopes = coefficients[1..];
        if (!TrySlopes(centers, shrinkage * Rows, slopes, out var unexplained)
            || (doubt > 0 && !TrySlopes(centers, (shrinkage * Rows) + (doubt * unexplained), slopes, out _)))
        {
            return false;
        }

        var (weight, constant) = (_gram[0], _moments[0]);
        for (var i = 0; i < slopes.Length; i++)
        {
            constant -= slopes[i] * _gram[(i + 1) * _stride];
        }

        coefficients[0] = weight > 0 ? constant / weight : 0;
        return true;
    }

    private bool TrySlopes(ReadOnlySpan<double> centers, double penalty, Span<double> slopes, out double unexplained)
    {
        var (n, by, weight) = (slopes.Length, 1 / _now, _gram[0]);
        Span<double> matrix = stackalloc double[n * n];
        Span<double> moments = stackalloc double[n];
        for (var i = 0; i < n; i++)
        {
            var (center, sum) = (centers[i + 1], _gram[(i + 1) * _stride]);
            for (var j = 0; j <= i; j++)
            {
                var other = centers[j + 1];
                matrix[(i * n) + j] = by * (_gram[((i + 1) * _stride) + j + 1] - (other * sum) - (center * _gram[(j + 1) * _stride]) + (center * other * weight));
            }

            matrix[(i * n) + i] += penalty;
            slopes[i] = by * (_moments[i + 1] - (center * _moments[0]) - (centers[0] * sum) + (center * centers[0] * weight));
        }

        slopes.CopyTo(moments);
        var solved = Cholesky.TrySolve(matrix, n, slopes);
        var total = by * (_squares - (2 * centers[0] * _moments[0]) + (centers[0] * centers[0] * weight));
        unexplained = total > 0 ? Math.Clamp(1 - (Dots.Of(slopes, moments) / total), 0, 1) : 0;
        return solved;
    }

    private void Shrink()
    {
        Dots.Scale(_gram, 1 / _now, _gram);
        Dots.Scale(_moments, 1 / _now, _moments);
        _squares /= _now;
        _now = 1;
    }
}
