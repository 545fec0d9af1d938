using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Forecasting.Mstl;

/// <summary>Tricube weights of the neighbors of a place, with their products with the distance and its square.</summary>
internal sealed class LoessKernel
{
    private readonly int _at;
    private readonly double[] _weights;
    private readonly double[] _firsts;
    private readonly double[] _seconds;
    private readonly double[] _line;
    private readonly double _spread;

    /// <param name="at">The place, counted from the first neighbor; may lie one step outside.</param>
    /// <param name="span">How many neighbors.</param>
    /// <param name="reach">The distance at which the weight ends, in steps.</param>
    public LoessKernel(int at, int span, double reach)
    {
        _at = at;
        (_weights, _firsts, _seconds, _line) = (new double[span], new double[span], new double[span], new double[span]);
        var (total, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < span; i++)
        {
            var share = Math.Abs(i - at) / Math.Max(1, reach);
            var rest = 1 - (share * share * share);
            _weights[i] = share > 0.999 ? 0 : share <= 0.001 ? 1 : rest * rest * rest;
            _firsts[i] = _weights[i] * (i - at);
            _seconds[i] = _firsts[i] * (i - at);
            (total, first, second) = (total + _weights[i], first + _firsts[i], second + _seconds[i]);
        }

        // A line fitted to values that are all trusted is itself a weighted sum of them.
        var center = first / total;
        var square = second - (center * first);
        _spread = Math.Sqrt(square / total);
        for (var i = 0; i < span; i++)
        {
            _line[i] = (_weights[i] / total) - (center * (_firsts[i] - (center * _weights[i])) / square);
        }
    }

    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The neighbor at the place, or next to it.</summary>
    public int Nearest => Math.Clamp(_at, 0, _weights.Length - 1);

    /// <summary>The height, at the place, of a line through the neighbors; where none is trusted, the nearest value.</summary>
    /// <param name="trust">As many as neighbors; empty for 1.</param>
    /// <param name="leastSpread">Neighbors that spread less carry no line but a mean. Unit: steps.</param>
    public double Line(ReadOnlySpan<double> values, ReadOnlySpan<double> trust, double leastSpread)
    {
        if (trust.IsEmpty && _spread > leastSpread)
        {
            return Dots.Of(_line, values);
        }

        var sums = Sum(values, trust.IsEmpty ? Ones(values.Length) : trust);
        if (sums.Total <= 0)
        {
            return values[Nearest];
        }

        var center = sums.First / sums.Total;
        var square = sums.Second - (center * sums.First);
        var slope = Math.Sqrt(square / sums.Total) > leastSpread ? (sums.Cross - (center * sums.Values)) / square : 0;
        return (sums.Values / sums.Total) - (slope * center);
    }

    private static double[] Ones(int length)
    {
        var ones = new double[length];
        Array.Fill(ones, 1);
        return ones;
    }

    private Sums Sum(ReadOnlySpan<double> values, ReadOnlySpan<double> trust)
    {
        var (total, first, second, height, cross) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var whole = _weights.Length / 4 * 4;
        ref var weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref var firsts = ref MemoryMarshal.GetArrayDataReference(_firsts);
        ref var seconds = ref MemoryMarshal.GetArrayDataReference(_seconds);
        ref var heights = ref MemoryMarshal.GetReference(values[.._weights.Length]);
        ref var trusts = ref MemoryMarshal.GetReference(trust[.._weights.Length]);
        for (nuint i = 0; i < (nuint)whole; i += 4)
        {
            var (by, value) = (Vector256.LoadUnsafe(ref trusts, i), Vector256.LoadUnsafe(ref heights, i));
            var weight = Vector256.LoadUnsafe(ref weights, i) * by;
            var along = Vector256.LoadUnsafe(ref firsts, i) * by;
            total += weight;
            first += along;
            second += Vector256.LoadUnsafe(ref seconds, i) * by;
            height += weight * value;
            cross += along * value;
        }

        var sums = new Sums(Vector256.Sum(total), Vector256.Sum(first), Vector256.Sum(second), Vector256.Sum(height), Vector256.Sum(cross));
        for (var i = whole; i < _weights.Length; i++)
        {
            var (weight, along) = (_weights[i] * trust[i], _firsts[i] * trust[i]);
            sums = new(sums.Total + weight, sums.First + along, sums.Second + (_seconds[i] * trust[i]), sums.Values + (weight * values[i]), sums.Cross + (along * values[i]));
        }

        return sums;
    }

    /// <summary>Weights, and their products with distance, its square, value, and distance times value.</summary>
    private readonly record struct Sums(double Total, double First, double Second, double Values, double Cross);
}
