using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>What devices of one exporter have in common: how their rows are made, and readings that may be used again.</summary>
internal sealed class JoinedExporter(ExporterMapping mapping)
{
    private const int MostIdle = 4_096;
    private readonly Stack<JoinedInstant> _idle = [];

    public ExporterMapping Mapping => mapping;

    public DeviceRows Rows { get; } = new(mapping);

    public JoinedInstant Lend(JoinedDevice device, LabeledDevice labeled, long milliseconds)
    {
        if (!_idle.TryPop(out var joined))
        {
            return new(device, labeled, mapping.Gauges.Length, milliseconds);
        }

        joined.Begin(device, labeled, milliseconds);
        return joined;
    }

    /// <summary>Nobody holds it any more.</summary>
    public void TakeBack(JoinedInstant joined)
    {
        if (_idle.Count < MostIdle)
        {
            _idle.Push(joined);
        }
    }
}

/// <summary>A device whose readings of the last minutes are at hand.</summary>
internal sealed class JoinedDevice(JoinedExporter exporter, ExpectedUse expected)
{
    private readonly Dictionary<long, JoinedInstant> _instants = [];
    private JoinedInstant? _latest;
    private long _newest = long.MinValue;

    public JoinedExporter Exporter => exporter;

    public ExpectedUse Expected => expected;

    /// <summary>Another one has taken its place.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Null: nothing is at hand of that instant.</summary>
    public JoinedInstant? Find(long milliseconds) =>
        _latest is not null && _latest.Milliseconds == milliseconds ? _latest
        : milliseconds > _newest ? null
        : _instants.GetValueOrDefault(milliseconds);

    public JoinedInstant Add(LabeledDevice labeled, long milliseconds)
    {
        var joined = exporter.Lend(this, labeled, milliseconds);
        _instants.Add(milliseconds, joined);
        (_latest, _newest) = (joined, Math.Max(_newest, milliseconds));
        return joined;
    }

    public void Forget(JoinedInstant joined)
    {
        _instants.Remove(joined.Milliseconds);
        _latest = _latest == joined ? null : _latest;
        exporter.TakeBack(joined);
    }
}

/// <summary>One device at one instant, as far as requests have told.</summary>
internal sealed class JoinedInstant(JoinedDevice device, LabeledDevice labeled, int gauges, long milliseconds) : DeviceReading(labeled, gauges)
{
    public JoinedDevice Owner { get; private set; } = device;

    public long Milliseconds { get; private set; } = milliseconds;

    /// <summary>The first line of the request that last brought a part.</summary>
    public long TouchedAt { get; set; }

    /// <summary>The utilization of the row as it was made last.</summary>
    public int Use { get; set; } = TelemetryMetrics.Missing;

    /// <summary>How often the utilization of the row became another one.</summary>
    public int Corrections { get; set; }

    /// <summary>Forgets what it was, and is of another device and instant from now on.</summary>
    public void Begin(JoinedDevice device, LabeledDevice labeled, long milliseconds)
    {
        (Owner, Milliseconds, TouchedAt, Use, Corrections) = (device, milliseconds, 0, TelemetryMetrics.Missing, 0);
        Begin(labeled);
    }
}
