using System.Buffers;

namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>A weighted ridge regression that is solved at several points of one pass: its Gram matrix grows with the rows and is never built again.</summary>
/// <remarks>
/// b = (A'WA + p I)^-1 A'Wy with w = 1/2^(age / half-life). Hoerl and Kennard, Technometrics 12 (1970). Age is counted from the last row:
/// rows enter with the growing weight 2^(t / half-life) and the solution divides by the weight of now.
/// The target stands beside the regressors as the last column. Rows wait until there are enough of them to be added at once.
/// </remarks>
internal sealed class GrowingRidge : IDisposable
{
    private const double Doubled = 1e100;

    /// <summary>Rows that fit into the first cache, with their weighted likes.</summary>
    private const int WaitingAtMost = 32;

    private readonly int _size;
    private readonly int _stride;
    private readonly double _growth;
    private readonly double[] _gram;
    private readonly double[] _rows;
    private readonly double[] _weighted;
    private readonly double[] _centered;
    private readonly double[] _system;
    private int _waiting;
    private double _now = 1;

    /// <param name="size">Regressors; the first is the constant 1 and has no penalty.</param>
    public GrowingRidge(int size, int halfLife)
    {
        _size = size;
        _stride = (size + Products.BlockWidth) / Products.BlockWidth * Products.BlockWidth;
        _growth = Math.Pow(2, 1.0 / halfLife);
        _gram = Cleared(_stride * _stride);
        _rows = Cleared(WaitingAtMost * _stride);
        _weighted = Cleared(WaitingAtMost * _stride);
        _centered = Cleared(Cholesky.LengthOf(size - 1));
        _system = ArrayPool<double>.Shared.Rent(Cholesky.LengthOf(size - 1));
    }

    /// <summary>Where the regressors of the next row are written.</summary>
    public Span<double> Row => _rows.AsSpan(_waiting * _stride, _size);

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
        var row = _rows.AsSpan(_waiting * _stride, _stride);
        row[_size] = target;
        Dots.Scale(row, _now, _weighted.AsSpan(_waiting * _stride, _stride));
        _waiting++;
        if (_waiting == WaitingAtMost || _now > Doubled)
        {
            Take();
        }
    }

    /// <summary>The coefficients as of the last row. The slopes are fitted around <paramref name="centers"/> without a constant; the constant is then the weighted mean of what is left.</summary>
    /// <remarks>A constant that is fitted along lets a slowly returning series drift off; this way it returns to where it has been.</remarks>
    /// <param name="centers">Of the target first, then of each regressor.</param>
    /// <param name="units">Of each regressor without the constant: the variance that its penalty is for.</param>
    /// <param name="shrinkage">Penalty of a slope per row and unit.</param>
    /// <param name="doubt">Times the share that the regression leaves unexplained: a penalty however many rows there are. It keeps short noisy histories from being overfitted.</param>
    /// <param name="coefficients">The constant first.</param>
    /// <returns>False where the system cannot be solved in double precision.</returns>
    public bool TrySolve(ReadOnlySpan<double> centers, ReadOnlySpan<double> units, double shrinkage, double doubt, Span<double> coefficients)
    {
        Take();
        var total = Center(centers);
        if (!TryFactor(units, shrinkage * Rows))
        {
            return false;
        }

        if (doubt > 0)
        {
            var unexplained = total > 0 ? Math.Clamp(1 - (Explained() / total), 0, 1) : 0;
            if (!TryFactor(units, (shrinkage * Rows) + (doubt * unexplained)))
            {
                return false;
            }
        }

        var slopes = coefficients[1..];
        Cholesky.Solve(_system, slopes.Length, slopes);
        var sums = _gram.AsSpan(0, _size + 1);
        coefficients[0] = sums[0] > 0 ? (sums[^1] - Dots.Of(slopes, sums[1..^1])) / sums[0] : 0;
        return true;
    }

    public void Dispose()
    {
        foreach (var rented in (ReadOnlySpan<double[]>)[_gram, _rows, _weighted, _centered, _system])
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static double[] Cleared(int length)
    {
        var rented = ArrayPool<double>.Shared.Rent(length);
        rented.AsSpan(0, length).Clear();
        return rented;
    }

    /// <summary>Adds the rows that wait to the upper half of the Gram matrix.</summary>
    private void Take()
    {
        var stride = (nuint)_stride;
        for (var i = 0; i <= _size && _waiting > 0; i += Products.BlockHeight)
        {
            for (var j = i / Products.BlockWidth * Products.BlockWidth; j < _stride; j += Products.BlockWidth)
            {
                Products.Add(ref _gram[(i * _stride) + j], stride, ref _rows[i], ref _weighted[j], stride, _waiting, sign: 1);
            }
        }

        _waiting = 0;
        if (_now > Doubled)
        {
            Dots.Scale(_gram.AsSpan(0, _stride * _stride), 1 / _now, _gram);
            _now = 1;
        }
    }

    /// <summary>Writes the moments around the centers, as of now and without a penalty, as a system to solve.</summary>
    /// <returns>The square sum of the target.</returns>
    private double Center(ReadOnlySpan<double> centers)
    {
        var (n, by, weight, target) = (_size - 1, 1 / _now, _gram[0], centers[0]);
        var (stride, right) = (Cholesky.StrideOf(n), Cholesky.RightOf(n));
        var sums = _gram.AsSpan(0, _size + 1);
        for (var i = 0; i < n; i++)
        {
            var (center, sum) = (centers[i + 1], sums[i + 1]);
            var gram = _gram.AsSpan((i + 1) * _stride, _size + 1);
            var row = _centered.AsSpan(i * stride, n);
            for (var j = i; j < row.Length; j++)
            {
                var other = centers[j + 1];
                row[j] = by * (gram[j + 1] - (other * sum) - (center * sums[j + 1]) + (center * other * weight));
            }

            _centered[(i * stride) + right] = by * (gram[^1] - (center * sums[^1]) - (target * sum) + (center * target * weight));
        }

        return by * (_gram[(_size * _stride) + _size] - (2 * target * sums[^1]) + (target * target * weight));
    }

    private bool TryFactor(ReadOnlySpan<double> units, double penalty)
    {
        var n = _size - 1;
        var stride = Cholesky.StrideOf(n);
        _centered.AsSpan(0, Cholesky.LengthOf(n)).CopyTo(_system);
        for (var i = 0; i < n; i++)
        {
            _system[(i * stride) + i] += penalty * units[i];
        }

        return Cholesky.TryFactor(_system, n);
    }

    /// <summary>What the slopes explain of the square sum of the target: r'A^-1 r is the square of what the factor made of the right side r.</summary>
    private double Explained()
    {
        var n = _size - 1;
        var (stride, right, explained) = (Cholesky.StrideOf(n), Cholesky.RightOf(n), 0.0);
        for (var i = 0; i < n; i++)
        {
            var part = _system[(i * stride) + right];
            explained += part * part;
        }

        return explained;
    }
}
