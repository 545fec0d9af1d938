using Headroom.Domain.Time;

namespace Headroom.Ingest.Tests.Transports.RemoteWrite;

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class StandingClock(long now) : TimeProvider
{
    public long Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Instants.ToDateTime(Now);
}
