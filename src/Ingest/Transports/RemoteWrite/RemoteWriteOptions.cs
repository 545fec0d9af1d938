namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Bounds of remote write, and what is said of all it brings.</summary>
public sealed record RemoteWriteOptions
{
    /// <summary>A larger body is refused. Unit: bytes.</summary>
    public int LargestBody { get; init; } = 16 << 20;

    /// <summary>A body that declares more than this, unpacked, is refused before anything is allocated for it. Unit: bytes.</summary>
    public int LargestContent { get; init; } = 64 << 20;

    /// <summary>Requests in memory at one time; others wait. At least 1.</summary>
    public int MostAtOnce { get; init; } = 4;

    /// <summary>A request that waits longer for its turn is told to come again.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>When a request that could not be stored may come again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How the store and reports name the sender.</summary>
    public string Source { get; init; } = "remote-write";

    /// <summary>True: everything made from it says SIMULATED.</summary>
    public bool Simulated { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
