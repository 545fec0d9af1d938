using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>Inner products whose order of summation does not depend on the machine: four lanes everywhere, products that are not rounded before they are added.</summary>
internal static class Dots
{
    public static double Of(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var length = left.Length;
        right = right[..length];
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right);

        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        nuint i = 0;
        for (; i + 8 <= (nuint)length; i += 8)
        {
            even = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), even);
            odd = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i + 4), Vector256.LoadUnsafe(ref b, i + 4), odd);
        }

        var lanes = even + odd;
        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (var rest = (int)i; rest < length; rest++)
        {
            sum += left[rest] * right[rest];
        }

        return sum;
    }

    /// <param name="scaled">As long as <paramref name="values"/>, or the same.</param>
    public static void Scale(ReadOnlySpan<double> values, double by, Span<double> scaled)
    {
        scaled = scaled[..values.Length];
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(scaled);
        var four = Vector256.Create(by);
        nuint i = 0;
        for (; i + 4 <= (nuint)values.Length; i += 4)
        {
            (Vector256.LoadUnsafe(ref from, i) * four).StoreUnsafe(ref to, i);
        }

        for (var rest = (int)i; rest < values.Length; rest++)
        {
            scaled[rest] = values[rest] * by;
        }
    }

    /// <summary>Adds a multiple of a profile that repeats to values.</summary>
    /// <param name="first">The place of the first value in the profile; may be beyond its end.</param>
    public static void AddRepeated(ReadOnlySpan<double> profile, double by, Span<double> to, int first = 0)
    {
        var place = first % profile.Length;
        while (!to.IsEmpty)
        {
            var count = Math.Min(to.Length, profile.Length - place);
            AddScaled(profile.Slice(place, count), by, to[..count]);
            to = to[count..];
            place = 0;
        }
    }

    /// <summary>Adds a multiple of some values to others.</summary>
    public static void AddScaled(ReadOnlySpan<double> values, double by, Span<double> to)
    {
        to = to[..values.Length];
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var into = ref MemoryMarshal.GetReference(to);
        var four = Vector256.Create(by);
        nuint i = 0;
        for (; i + 4 <= (nuint)values.Length; i += 4)
        {
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref from, i), four, Vector256.LoadUnsafe(ref into, i)).StoreUnsafe(ref into, i);
        }

        for (var rest = (int)i; rest < values.Length; rest++)
        {
            to[rest] += values[rest] * by;
        }
    }
}
