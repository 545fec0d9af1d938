using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

/// <summary>Whom the labels of a line speak of.</summary>
/// <param name="Id">Null: nothing to make an id of.</param>
/// <param name="IsLocal">The id is unique on its host only.</param>
/// <param name="Slice">Null: the whole card.</param>
/// <param name="Share">Of the slice, in parts of <see cref="SliceMapping.Whole"/>. Null: not known.</param>
internal sealed record LabeledDevice(string? Id, bool IsLocal, string? Host, string? Slot, string? Model, string? Slice, int? Share);

/// <summary>What one page said of one gauge of one device or slice.</summary>
/// <remarks>Tens of thousands of them are at hand: their fields lie closely.</remarks>
internal struct GaugeReading
{
    public GaugeOutcome Outcome;
    public int Value;
    public long Line;

    /// <summary>The text at fault; null while all is well.</summary>
    public string? Fault;

    private double _timestamp;
    private bool _hasTimestamp;

    /// <summary>As it is written; null: it is not.</summary>
    public double? Timestamp
    {
        readonly get => _hasTimestamp ? _timestamp : null;
        set => (_hasTimestamp, _timestamp) = (value.HasValue, value.GetValueOrDefault());
    }

    /// <summary>One value copied to several pods counts once: the largest. A good one settles a bad one.</summary>
    public void Merge(GaugeReading other)
    {
        if (Outcome == GaugeOutcome.Absent
            || (other.Outcome == GaugeOutcome.Good && (Outcome != GaugeOutcome.Good || other.Value > Value)))
        {
            this = other;
        }
    }

    /// <summary>As <see cref="Merge"/>, of a good value without a time of its own.</summary>
    public void MergeGood(int value, long line)
    {
        if (Outcome != GaugeOutcome.Good || value > Value)
        {
            (Outcome, Value, Line, Fault, _hasTimestamp) = (GaugeOutcome.Good, value, line, null, false);
        }
    }
}

/// <summary>One device on one page; its gauges are in the order of the mapping.</summary>
internal class DeviceReading(LabeledDevice device, int gauges)
{
    private static readonly SortedDictionary<string, (int? Share, GaugeReading[] Gauges)> NoSlices = new(StringComparer.Ordinal);

    private SortedDictionary<string, (int? Share, GaugeReading[] Gauges)>? _slices;

    public LabeledDevice Device { get; set; } = device;

    public GaugeReading[] Card { get; } = new GaugeReading[gauges];

    /// <summary>By their ids. Most cards have none.</summary>
    public IReadOnlyDictionary<string, (int? Share, GaugeReading[] Gauges)> Slices => _slices ?? NoSlices;

    public bool HasSlices => _slices is not null;

    /// <summary>Forgets what was read: it is of another device, or of another instant, from now on.</summary>
    public void Begin(LabeledDevice device)
    {
        (Device, _slices) = (device, null);
        Card.AsSpan().Clear();
    }

    public ref GaugeReading At(LabeledDevice device, int gauge)
    {
        if (device.Slice is null)
        {
            return ref Card[gauge];
        }

        _slices ??= new(StringComparer.Ordinal);
        if (!_slices.TryGetValue(device.Slice, out var slice))
        {
            _slices.Add(device.Slice, slice = (device.Share, new GaugeReading[Card.Length]));
        }

        return ref slice.Gauges[gauge];
    }

    /// <summary>Takes over the slices of a reading that turned out to be of the same card.</summary>
    public void Join(DeviceReading other)
    {
        foreach (var (id, slice) in other.Slices)
        {
            (_slices ??= new(StringComparer.Ordinal)).TryAdd(id, slice);
        }
    }
}
