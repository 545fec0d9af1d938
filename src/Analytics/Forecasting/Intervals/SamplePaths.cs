namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Futures that may come, all of one horizon. Lead by lead they spread as the bands say; along the horizon they hang together as past errors did.</summary>
public sealed class SamplePaths
{
    private readonly double[] _values;

    internal SamplePaths(int horizon, double[] values)
    {
        Horizon = horizon;
        _values = values;
    }

    public int Horizon { get; }

    public int Count => _values.Length / Horizon;

    /// <summary>One value per step ahead, in the unit of the history.</summary>
    /// <param name="path">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<double> Of(int path) => _values.AsSpan(path * Horizon, Horizon);

    /// <summary>The same times a power of two.</summary>
    internal SamplePaths Times(int exponent) =>
        new(Horizon, Array.ConvertAll(_values, value => Math.Clamp(Math.ScaleB(value, exponent), -double.MaxValue, double.MaxValue)));
}
