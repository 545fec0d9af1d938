using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>A device whose readings of the last minutes are at hand.</summary>
internal sealed class JoinedDevice(ExpectedUse expected)
{
    private readonly Dictionary<long, JoinedInstant> _instants = [];
    private JoinedInstant? _latest;

    public ExpectedUse Expected { get; } = expected;

    /// <summary>Another one has taken its place.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Null: nothing is at hand of that instant.</summary>
    public JoinedInstant? Find(long milliseconds) =>
        _latest is not null && _latest.Milliseconds == milliseconds ? _latest : _instants.GetValueOrDefault(milliseconds);

    public void Add(JoinedInstant joined)
    {
        _instants.Add(joined.Milliseconds, joined);
        _latest = joined;
    }

    public void Forget(JoinedInstant joined)
    {
        _instants.Remove(joined.Milliseconds);
        _latest = _latest == joined ? null : _latest;
    }
}

/// <summary>One device at one instant, as far as requests have told.</summary>
internal sealed class JoinedInstant(ExporterMapping mapping, DeviceReading reading, JoinedDevice device, long milliseconds)
{
    public ExporterMapping Mapping { get; } = mapping;

    public DeviceReading Reading { get; } = reading;

    public JoinedDevice Device { get; } = device;

    public long Milliseconds { get; } = milliseconds;

    /// <summary>The first line of the request that last brought a part.</summary>
    public long TouchedAt { get; set; }

    /// <summary>The utilization of the row as it was made last.</summary>
    public int Use { get; set; } = TelemetryMetrics.Missing;

    /// <summary>How often the utilization of the row became another one.</summary>
    public int Corrections { get; set; }
}
