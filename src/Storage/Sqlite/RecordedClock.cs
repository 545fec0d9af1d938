using Headroom.Domain.Time;

namespace Headroom.Storage.Sqlite;

/// <summary>Recorded times of a store: strictly rising, whatever the machine's clock does.</summary>
internal static class RecordedClock
{
    /// <summary>The recorded time of a batch: a document, samples, facts.</summary>
    public static long NextBatch(Session session, TimeProvider clock)
    {
        var recorded = Next(session, clock);
        session.Execute("UPDATE store SET batch_micros = @1", recorded);
        return recorded;
    }

    /// <summary>The recorded time of something that no number is made of.</summary>
    public static long Next(Session session, TimeProvider clock)
    {
        var last = (long)session.Scalar("SELECT recorded_micros FROM store")!;
        var recorded = Math.Max(clock.Now(), last == long.MinValue ? last : last + 1);
        session.Execute("UPDATE store SET recorded_micros = @1", recorded);
        return recorded;
    }

    /// <summary>Recorded time of the newest batch; the least long in a store without any.</summary>
    public static long NewestBatch(Session session) => (long)session.Scalar("SELECT batch_micros FROM store")!;
}
