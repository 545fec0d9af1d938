using System.Buffers;
using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting;

/// <summary>How a series is transformed and standardized: z = (transformed - center) / deviation.</summary>
/// <param name="Floor">What the logarithm is taken of at least, in the unit of the history.</param>
/// <param name="Offset">Added before the logarithm is taken, in the unit of the history.</param>
/// <param name="Deviation">0 where the values are all equal.</param>
internal readonly record struct Scale(Transform Transform, double Floor, double Offset, double Center, double Deviation)
{
    private const double FloorShare = 1e-3;

    /// <summary>A least value below this share of the mean is near zero: its logarithm would outweigh all others.</summary>
    private const double NearZero = 0.05;

    /// <summary>Of the mean: what is added then.</summary>
    private const double OffsetShare = 0.1;

    /// <summary>Values that go below zero are not transformed.</summary>
    /// <param name="filled">Without gaps.</param>
    public static Scale Of(ReadOnlySpan<double> filled, Transform transform)
    {
        var (low, high, mean) = (Sums.Least(filled), Sums.Most(filled), Sums.Of(filled) / filled.Length);
        var raw = new Scale(low < 0 ? Transform.Identity : transform, FloorShare * mean, low < NearZero * mean ? OffsetShare * mean : 0, Center: 0, Deviation: 1);
        var transformed = ArrayPool<double>.Shared.Rent(filled.Length);
        var values = transformed.AsSpan(0, filled.Length);
        raw.Forth(filled, values);
        var center = Sums.Of(values) / values.Length;
        var squares = Sums.OfSquares(values, center) / values.Length;
        ArrayPool<double>.Shared.Return(transformed);
        return raw with { Center = center, Deviation = high > low ? Math.Sqrt(squares) : 0 };
    }

    /// <summary>Into standardized units. Values below zero count as zero where there is a transform.</summary>
    public double Forth(double value)
    {
        var transformed = Transform switch
        {
            Transform.Root => Math.Sqrt(Math.Max(0, value)),
            Transform.Log => Math.Log(Math.Max(value + Offset, Floor)),
            _ => value,
        };
        return (transformed - Center) / Deviation;
    }

    /// <param name="z">As long as <paramref name="filled"/>, or the same.</param>
    public void Forth(ReadOnlySpan<double> filled, Span<double> z)
    {
        z = z[..filled.Length];
        var i = 0;
        if (Transform != Transform.Log)
        {
            var (center, deviation) = (Vector256.Create(Center), Vector256.Create(Deviation));
            for (; i + Vector256<double>.Count <= filled.Length; i += Vector256<double>.Count)
            {
                var values = Vector256.Create<double>(filled[i..]);
                values = Transform == Transform.Root ? Vector256.Sqrt(Vector256.Max(Vector256<double>.Zero, values)) : values;
                ((values - center) / deviation).CopyTo(z[i..]);
            }
        }

        for (; i < filled.Length; i++)
        {
            z[i] = Forth(filled[i]);
        }
    }

    public void Back(ReadOnlySpan<double> path, Span<double> mean)
    {
        for (var i = 0; i < mean.Length; i++)
        {
            var value = Center + (path[i] * Deviation);
            mean[i] = Transform switch
            {
                Transform.Root => Math.Max(0, value) * Math.Max(0, value),
                Transform.Log => Math.Max(0, Math.Exp(value) - Offset),
                _ => value,
            };
        }
    }

    /// <summary>The range a path may have, in standardized units: a root or a logarithm must not stretch it.</summary>
    public (double Lowest, double Highest) Bounds(ValueRange range) => (Forth(range.Lowest), Forth(range.Highest));
}
