namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>A history made ready for regression from several origins: cut to what still weighs, without gaps, transformed, standardized by what the first origin knows.</summary>
internal readonly ref struct Standardized
{
    private readonly double _unitAtEnd;

    private Standardized(ReadOnlySpan<double> history, int[] lengths, int horizon, Scale scale, double[] z, double unitAtEnd = 1)
    {
        History = history;
        (Lengths, Horizon, Scale, Z, _unitAtEnd) = (lengths, horizon, scale, z, unitAtEnd);
    }

    /// <summary>As observed: NaN is a gap.</summary>
    public ReadOnlySpan<double> History { get; }

    /// <summary>How much of <see cref="History"/> each origin knows.</summary>
    public int[] Lengths { get; }

    public int Horizon { get; }

    public Scale Scale { get; }

    public double[] Z { get; }

    public bool IsConstant => Scale.Deviation == 0;

    public static Standardized Of(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Transform transform)
    {
        var cut = lengths[0] - Lookback.Recent(history[..lengths[0]], spec.Nested.AsSpan()).Length;
        history = history[cut..lengths[^1]];
        var z = history.ToArray();
        Gaps.Fill(z, spec.Nested[0]);
        transform = spec.NonNegative ? transform : Transform.Identity;
        var scale = Scale.Of(z.AsSpan(0, lengths[0] - cut), transform);
        scale = scale.Deviation == 0 ? Scale.Of(z, transform) : scale;
        if (scale.Deviation > 0)
        {
            scale.Forth(z, z);
        }

        var shifted = lengths.ToArray();
        for (var i = 0; i < shifted.Length; i++)
        {
            shifted[i] -= cut;
        }

        return new(history, shifted, spec.Horizon, scale, z);
    }

    /// <summary>The same with one more origin, the end of the history, which is to say what it would say alone.</summary>
    /// <returns>False where the end would see other values: it forgets the beginning, or its own transform is no straight line from that of the first origin.</returns>
    public static bool TryToTheEnd(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Transform transform, out Standardized work)
    {
        work = default;
        var z = history.ToArray();
        if (!double.IsFinite(history[lengths[^1] - 1]) || Lookback.Recent(history, spec.Nested.AsSpan()).Length < history.Length)
        {
            return false;
        }

        Gaps.Fill(z, spec.Nested[0]);
        transform = spec.NonNegative ? transform : Transform.Identity;
        var (first, whole) = (Scale.Of(z.AsSpan(0, lengths[0]), transform), Scale.Of(z, transform));
        var bends = transform == Transform.Log && (first.Offset != whole.Offset || Sums.Least(z) + first.Offset < Math.Max(first.Floor, whole.Floor));
        if (first.Deviation == 0 || first.Transform != whole.Transform || bends)
        {
            return false;
        }

        first.Forth(z, z);
        work = new(history, [.. lengths, history.Length], spec.Horizon, first, z, whole.Deviation * whole.Deviation / (first.Deviation * first.Deviation));
        return true;
    }

    /// <summary>What the first origin takes for the variance of the values, and the end for itself: what penalties are for.</summary>
    public double UnitAt(int origin) => origin == Lengths.Length - 1 ? _unitAtEnd : 1;

    /// <summary>From every origin the last known value.</summary>
    public void Repeat(Span<double> means)
    {
        for (var origin = 0; origin < Lengths.Length; origin++)
        {
            means.Slice(origin * Horizon, Horizon).Fill(Gaps.LastKnown(History[..Lengths[origin]]));
        }
    }

    /// <summary>What a path from this origin may be, in the unit of the history.</summary>
    public ValueRange RangeAt(int origin) => ValueRange.Of(History[..Lengths[origin]]);

    /// <summary>Turns standardized paths into paths in the unit of the history, each within its range.</summary>
    public void Undo(ReadOnlySpan<double> paths, Span<double> means)
    {
        Scale.Back(paths, means);
        for (var origin = 0; origin < Lengths.Length; origin++)
        {
            RangeAt(origin).Clamp(means.Slice(origin * Horizon, Horizon));
        }
    }
}
