using System.Buffers;

namespace Headroom.Analytics.Forecasting;

/// <summary>Room for intermediate values, given back when done with: what is made again for every origin of every series would keep the collector busy.</summary>
/// <param name="length">Of all that will be taken.</param>
internal ref struct Scratch(int length) : IDisposable
{
    private readonly double[] _rented = ArrayPool<double>.Shared.Rent(length);
    private int _taken;

    /// <summary>Holds what it held before.</summary>
    public Span<double> Take(int length)
    {
        var taken = _rented.AsSpan(_taken, length);
        _taken += length;
        return taken;
    }

    public Span<double> TakeCleared(int length)
    {
        var taken = Take(length);
        taken.Clear();
        return taken;
    }

    public readonly void Dispose() => ArrayPool<double>.Shared.Return(_rented);
}
