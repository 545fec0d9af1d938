using System.Diagnostics;

namespace Headroom.Domain.Telemetry;

/// <summary>What telemetry says of a device beside its gauges. Null: not said.</summary>
/// <param name="Id">The device's own id.</param>
/// <param name="Pool">The partition the feed names; a hint, since the pool is a dated fact of the inventory.</param>
public readonly record struct DeviceSighting(string Id, string? Host, string? Slot, string? Model, string? Pool);

/// <summary>Samples as columns, thousands per batch: one row is one device at one instant with every gauge we keep.</summary>
/// <remarks>Grows; rows are in the order of arrival, duplicates included. Not safe for two threads.</remarks>
public sealed class SampleBatch
{
    private readonly Dictionary<DeviceSighting, int> _ordinals = new(ById.Instance);
    private readonly List<DeviceSighting> _devices = [];
    private int[] _device;
    private long[] _instant;
    private readonly int[][] _values = new int[TelemetryMetrics.All.Length][];

    public SampleBatch(int capacity = 4_096)
    {
        _device = new int[capacity];
        _instant = new long[capacity];
        for (var column = 0; column < _values.Length; column++)
        {
            _values[column] = new int[capacity];
        }
    }

    public int Count { get; private set; }

    /// <summary>Higher wins where two values meet at one (device, metric, instant).</summary>
    public int Revision { get; init; }

    public IReadOnlyList<DeviceSighting> Devices => _devices;

    /// <summary>Per row the ordinal of its device in <see cref="Devices"/>.</summary>
    public ReadOnlySpan<int> Device => _device.AsSpan(0, Count);

    /// <summary>Per row the instant. Unit: microseconds since the Unix epoch.</summary>
    public ReadOnlySpan<long> Instant => _instant.AsSpan(0, Count);

    /// <summary>Per row the value of one gauge, in its stored unit, or <see cref="TelemetryMetrics.Missing"/>.</summary>
    public ReadOnlySpan<int> Values(TelemetryMetric metric) => _values[metric.Column].AsSpan(0, Count);

    /// <summary>The ordinal of a device in this batch; a new one for a sighting not seen before.</summary>
    public int Ordinal(in DeviceSighting sighting)
    {
        if (!_ordinals.TryGetValue(sighting, out var ordinal))
        {
            ordinal = _devices.Count;
            _devices.Add(sighting);
            _ordinals.Add(sighting, ordinal);
        }

        return ordinal;
    }

    /// <summary>Adds one row and returns its index; every gauge starts as missing.</summary>
    public int Add(int device, long instant)
    {
        Debug.Assert((uint)device < (uint)_devices.Count, "a row names a device of this batch");
        if (Count == _instant.Length)
        {
            Grow();
        }

        _device[Count] = device;
        _instant[Count] = instant;
        foreach (var column in _values)
        {
            column[Count] = TelemetryMetrics.Missing;
        }

        return Count++;
    }

    public void Set(int row, TelemetryMetric metric, int value) => _values[metric.Column][row] = value;

    /// <summary>Forgets the rows and keeps the devices, for the next page.</summary>
    public void Clear() => Count = 0;

    /// <summary>Forgets rows and devices, and keeps the room they took.</summary>
    public void Reset()
    {
        Count = 0;
        _devices.Clear();
        _ordinals.Clear();
    }

    private void Grow()
    {
        var capacity = _instant.Length * 2;
        Array.Resize(ref _device, capacity);
        Array.Resize(ref _instant, capacity);
        for (var column = 0; column < _values.Length; column++)
        {
            Array.Resize(ref _values[column], capacity);
        }
    }

    /// <summary>Sightings of one id are few: what else they say need not be hashed.</summary>
    private sealed class ById : IEqualityComparer<DeviceSighting>
    {
        public static readonly ById Instance = new();

        public bool Equals(DeviceSighting x, DeviceSighting y) => x == y;

        public int GetHashCode(DeviceSighting obj) => obj.Id.GetHashCode(StringComparison.Ordinal);
    }
}
