using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting;

/// <summary>What all values of a span have in common. The order of summation does not depend on the machine: four lanes everywhere.</summary>
internal static class Sums
{
    private const int Lanes = 4;

    public static double Of(ReadOnlySpan<double> values)
    {
        var (lanes, i) = (Vector256<double>.Zero, 0);
        for (; i + Lanes <= values.Length; i += Lanes)
        {
            lanes += Vector256.Create<double>(values[i..]);
        }

        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }

    public static double OfSquares(ReadOnlySpan<double> values, double center)
    {
        var (lanes, around, i) = (Vector256<double>.Zero, Vector256.Create(center), 0);
        for (; i + Lanes <= values.Length; i += Lanes)
        {
            var off = Vector256.Create<double>(values[i..]) - around;
            lanes += off * off;
        }

        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (; i < values.Length; i++)
        {
            sum += (values[i] - center) * (values[i] - center);
        }

        return sum;
    }

    /// <summary>The least finite value; infinity where there is none.</summary>
    public static double Least(ReadOnlySpan<double> values)
    {
        var (none, i) = (Vector256.Create(double.PositiveInfinity), 0);
        var lanes = none;
        for (; i + Lanes <= values.Length; i += Lanes)
        {
            var four = Vector256.Create<double>(values[i..]);
            lanes = Vector256.Min(lanes, Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(four), none), four, none));
        }

        var least = Math.Min(Math.Min(lanes[0], lanes[1]), Math.Min(lanes[2], lanes[3]));
        for (; i < values.Length; i++)
        {
            least = double.IsFinite(values[i]) ? Math.Min(least, values[i]) : least;
        }

        return least;
    }

    /// <summary>The greatest finite value; minus infinity where there is none.</summary>
    public static double Most(ReadOnlySpan<double> values)
    {
        var (limit, none, i) = (Vector256.Create(double.PositiveInfinity), Vector256.Create(double.NegativeInfinity), 0);
        var lanes = none;
        for (; i + Lanes <= values.Length; i += Lanes)
        {
            var four = Vector256.Create<double>(values[i..]);
            lanes = Vector256.Max(lanes, Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(four), limit), four, none));
        }

        var most = Math.Max(Math.Max(lanes[0], lanes[1]), Math.Max(lanes[2], lanes[3]));
        for (; i < values.Length; i++)
        {
            most = double.IsFinite(values[i]) ? Math.Max(most, values[i]) : most;
        }

        return most;
    }
}
