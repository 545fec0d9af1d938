using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>Sums of products of columns over rows, which Gram matrices and their factors are made of. The order of summation does not depend on the machine.</summary>
internal static class Products
{
    /// <summary>Matrices that go in and out have rows of whole blocks.</summary>
    public const int BlockWidth = 8;

    public const int BlockHeight = 4;

    /// <summary>Adds, for four columns on the left and eight on the right, the sum over all rows of left times right to a block of four rows of eight.</summary>
    /// <remarks>Eight sums stay in registers: each value that is read serves several of them.</remarks>
    /// <param name="into">The first value of the block.</param>
    /// <param name="intoStride">From a row of the block to the next.</param>
    /// <param name="left">The first of the four columns, first row.</param>
    /// <param name="right">The first of the eight columns, first row.</param>
    /// <param name="stride">From a row of left and right to the next.</param>
    /// <param name="sign">1 adds, -1 subtracts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ref double into, nuint intoStride, ref double left, ref double right, nuint stride, int rows, double sign)
    {
        var (a, b, c, d) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var (e, f, g, h) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        for (var row = 0; row < rows; row++)
        {
            var (low, high) = (Vector256.LoadUnsafe(ref right), Vector256.LoadUnsafe(ref right, 4));
            var first = Vector256.Create(left);
            a = Vector256.FusedMultiplyAdd(first, low, a);
            e = Vector256.FusedMultiplyAdd(first, high, e);
            var second = Vector256.Create(Unsafe.Add(ref left, 1));
            b = Vector256.FusedMultiplyAdd(second, low, b);
            f = Vector256.FusedMultiplyAdd(second, high, f);
            var third = Vector256.Create(Unsafe.Add(ref left, 2));
            c = Vector256.FusedMultiplyAdd(third, low, c);
            g = Vector256.FusedMultiplyAdd(third, high, g);
            var fourth = Vector256.Create(Unsafe.Add(ref left, 3));
            d = Vector256.FusedMultiplyAdd(fourth, low, d);
            h = Vector256.FusedMultiplyAdd(fourth, high, h);
            left = ref Unsafe.Add(ref left, stride);
            right = ref Unsafe.Add(ref right, stride);
        }

        var by = Vector256.Create(sign);
        Store(ref into, by * a, by * e);
        Store(ref Unsafe.Add(ref into, intoStride), by * b, by * f);
        Store(ref Unsafe.Add(ref into, 2 * intoStride), by * c, by * g);
        Store(ref Unsafe.Add(ref into, 3 * intoStride), by * d, by * h);
    }

    private static void Store(ref double into, Vector256<double> low, Vector256<double> high)
    {
        (Vector256.LoadUnsafe(ref into) + low).StoreUnsafe(ref into);
        (Vector256.LoadUnsafe(ref into, 4) + high).StoreUnsafe(ref into, 4);
    }
}
