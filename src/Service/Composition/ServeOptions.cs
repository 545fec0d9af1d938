using System.ComponentModel.DataAnnotations;

namespace Headroom.Service.Composition;

/// <summary>The bounds of a running service. Bound from the section <c>Serve</c> of the configuration (environment: <c>HEADROOM_Serve__NAME</c>).</summary>
internal sealed class ServeOptions
{
    /// <summary>Bodies taken at once. Range: 1 to 64.</summary>
    [Range(1, 64)]
    public int IngestAtOnce { get; set; } = 4;

    /// <summary>Bodies that wait for their turn; one more is told to come back. Range: 0 to 1000.</summary>
    [Range(0, 1000)]
    public int IngestWaiting { get; set; } = 16;

    /// <summary>When to come back. Unit: seconds. Range: 1 to 600.</summary>
    [Range(1, 600)]
    public int RetryAfterSeconds { get; set; } = 5;

    /// <summary>The largest telemetry body; it is streamed, whatever its size. Unit: bytes.</summary>
    [Range(1, long.MaxValue)]
    public long LargestTelemetryBytes { get; set; } = 4L << 30;

    /// <summary>The largest body of records; its facts are in memory together. Unit: bytes.</summary>
    [Range(1, long.MaxValue)]
    public long LargestRecordsBytes { get; set; } = 256L << 20;

    /// <summary>How often card-hours are brought up to what was received. Unit: seconds. Range: 1 to 86,400.</summary>
    [Range(1, 86_400)]
    public int AccountEverySeconds { get; set; } = 600;

    /// <summary>How long after the start retention is first looked at. Unit: seconds. Range: 0 to 86,400.</summary>
    [Range(0, 86_400)]
    public int RetainAfterSeconds { get; set; } = 900;

    /// <summary>How often retention is looked at. Unit: hours. Range: 1 to 720.</summary>
    [Range(1, 720)]
    public int RetainEveryHours { get; set; } = 24;

    /// <summary>How old numbers of a running day may be on a page. Unit: seconds. Range: 0 to 3600.</summary>
    [Range(0, 3600)]
    public int RunningDayForSeconds { get; set; } = 10;

    /// <summary>How long a stop waits for what is being received. Unit: seconds. Range: 1 to 600.</summary>
    [Range(1, 600)]
    public int StopWithinSeconds { get; set; } = 6;
}
