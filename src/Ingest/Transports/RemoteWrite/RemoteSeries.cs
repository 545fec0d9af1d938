using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>A series that is a gauge of ours.</summary>
/// <param name="Gauge">Its place in <see cref="ExporterMapping.Gauges"/>.</param>
/// <param name="Key">Equal for all series of one device.</param>
internal sealed record RemoteSeries(ExporterMapping Mapping, int Gauge, LabeledDevice Device, string Key)
{
    public GaugeMapping Mapped { get; } = Mapping.Gauges[Gauge];

    public bool IsUse { get; } = Mapping.Gauges[Gauge].Gauge == TelemetryMetrics.Utilization;

    /// <summary>A slice that is named by its slot alone: whose slot that is, other series tell.</summary>
    public bool IsLocalSlice { get; } = Device is { IsLocal: true, Slice: not null, Slot: not null, Host: not null };

    /// <summary>What is at hand of its device; null: not looked up yet. Of the one that joins it.</summary>
    public JoinedDevice? Joined { get; set; }

    public static string KeyOf(ExporterMapping mapping, string id) => $"{mapping.Name}\n{id}";
}

/// <summary>One sample of a gauge of ours.</summary>
/// <param name="ValueBits">Of the double: a stale marker is one certain NaN.</param>
/// <param name="Milliseconds">Since the Unix epoch; any number a sender made up.</param>
internal readonly record struct RemoteSample(RemoteSeries Series, long ValueBits, long Milliseconds)
{
    private const long StaleBits = 0x7ff0_0000_0000_0002;

    /// <summary>The series ends here.</summary>
    public bool IsStale => ValueBits == StaleBits;

    public double Value => BitConverter.Int64BitsToDouble(ValueBits);
}

/// <summary>Knows series by the bytes of their labels, once they were read.</summary>
internal sealed class SeriesTable
{
    private const int MostKnown = 1 << 17;

    /// <summary>Of labels. Unit: bytes.</summary>
    private const int MostBytes = 128 << 20;

    private readonly CenterDefinition _center;
    private readonly KeyTable _names = new();
    private readonly List<(ExporterMapping Mapping, int Gauge)> _gauges = [];
    private readonly KeyTable _keys = new();
    private readonly List<RemoteSeries> _series = [];

    public SeriesTable(CenterDefinition center)
    {
        _center = center;
        foreach (var mapping in TelemetryFormats.Exporters)
        {
            for (var gauge = 0; gauge < mapping.Gauges.Length; gauge++)
            {
                _names.Add(Encoding.UTF8.GetBytes(mapping.Gauges[gauge].Metric), default, default);
                _gauges.Add((mapping, gauge));
            }
        }
    }

    /// <summary>Whether a series said that its exporter is simulated: a Prometheus passes no comments on, but every series.</summary>
    public bool SawSimulation { get; private set; }

    /// <summary>Whether a series ever was of a slice that is named by its slot alone.</summary>
    public bool HasLocalSlices { get; private set; }

    /// <summary>Whether a metric is a gauge of ours, or says something of its source.</summary>
    public bool IsWanted(ReadOnlySpan<byte> name) => _names.Find(name, default, default) >= 0 || name.SequenceEqual("headroom_simulated"u8);

    /// <summary>The series that came after this one the last time, where the message begins with exactly its labels; null: look it up.</summary>
    /// <param name="message">A TimeSeries.</param>
    /// <param name="length">Of its labels.</param>
    public RemoteSeries? Guess(ReadOnlySpan<byte> message, out int length)
    {
        var guess = _keys.Guess(message, out length);
        return guess >= 0 && !HasLabels(message[length..]) ? _series[guess] : null;
    }

    /// <summary>The series of these labels; null: not a gauge of ours.</summary>
    /// <param name="name">The label <c>__name__</c>.</param>
    /// <param name="key">The bytes of all labels.</param>
    public RemoteSeries? Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key)
    {
        var metric = _names.Find(name, default, default);
        if (metric < 0)
        {
            SawSimulation |= name.SequenceEqual("headroom_simulated"u8);
            return null;
        }

        var known = _keys.Find(key, default, default);
        if (known >= 0)
        {
            return _series[known];
        }

        if (_keys.Count >= MostKnown || _keys.Bytes > MostBytes)
        {
            _keys.Clear();
            _series.Clear();
        }

        var (mapping, gauge) = _gauges[metric];
        var labels = new SeriesLabels(key, _center);
        var device = DeviceNaming.Of(mapping, in labels, sourceHost: null);
        var series = new RemoteSeries(mapping, gauge, device, RemoteSeries.KeyOf(mapping, device.Id ?? "\0" + labels.ButTheName()));
        _keys.Add(key, default, default);
        _series.Add(series);
        HasLocalSlices |= series.IsLocalSlice;
        return series;
    }

    private static bool HasLabels(ReadOnlySpan<byte> rest)
    {
        var fields = new ProtoReader(rest);
        while (fields.Next())
        {
            if (fields.Field == SeriesLabels.LabelField)
            {
                return true;
            }
        }

        return false;
    }
}
