using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

/// <summary>Whom the labels of a line speak of.</summary>
/// <param name="Id">Null: nothing to make an id of.</param>
/// <param name="IsLocal">The id is unique on its host only.</param>
/// <param name="Slice">Null: the whole card.</param>
/// <param name="Share">Of the slice, in parts of <see cref="SliceMapping.Whole"/>. Null: not known.</param>
internal sealed record LabeledDevice(string? Id, bool IsLocal, string? Host, string? Slot, string? Model, string? Slice, int? Share);

/// <summary>What one page said of one gauge of one device or slice.</summary>
internal struct GaugeReading
{
    public GaugeOutcome Outcome;
    public int Value;
    public double? Timestamp;
    public long Line;

    /// <summary>The text at fault; null while all is well.</summary>
    public string? Fault;

    /// <summary>One value copied to several pods counts once: the largest. A good one settles a bad one.</summary>
    public void Merge(GaugeReading other)
    {
        if (Outcome == GaugeOutcome.Absent
            || (other.Outcome == GaugeOutcome.Good && (Outcome != GaugeOutcome.Good || other.Value > Value)))
        {
            this = other;
        }
    }
}

/// <summary>One device on one page; its gauges are in the order of the mapping.</summary>
internal sealed class DeviceReading(LabeledDevice device, int gauges)
{
    private static readonly SortedDictionary<string, (int? Share, GaugeReading[] Gauges)> NoSlices = new(StringComparer.Ordinal);

    private SortedDictionary<string, (int? Share, GaugeReading[] Gauges)>? _slices;

    public LabeledDevice Device { get; set; } = device;

    public GaugeReading[] Card { get; } = new GaugeReading[gauges];

    /// <summary>By their ids. Most cards have none.</summary>
    public IReadOnlyDictionary<string, (int? Share, GaugeReading[] Gauges)> Slices => _slices ?? NoSlices;

    public bool HasSlices => _slices is not null;

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
