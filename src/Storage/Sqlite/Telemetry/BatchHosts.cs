using Headroom.Domain.Telemetry;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>What a batch says of hosts: when each device was seen on which, and by which name it goes there.</summary>
internal static class BatchHosts
{
    /// <summary>To be called before the rows are appended.</summary>
    public static void Hear(Session session, CenterState center, SampleBatch batch, long recorded)
    {
        var spans = new (long First, long Last)[batch.Devices.Count];
        spans.AsSpan().Fill((long.MaxValue, long.MinValue));
        var devices = batch.Device;
        var instants = batch.Instant;
        for (var row = 0; row < devices.Length; row++)
        {
            ref var span = ref spans[devices[row]];
            span = (Math.Min(span.First, instants[row]), Math.Max(span.Last, instants[row]));
        }

        for (var ordinal = 0; ordinal < spans.Length; ordinal++)
        {
            var (device, (first, last)) = (batch.Devices[ordinal], spans[ordinal]);
            if (device.Host is not { } host || first > last)
            {
                continue;
            }

            var name = center.NameOf(device, first);
            if (name != device.Id)
            {
                batch.Rename(ordinal, name);
            }

            SeenOnTable.Hear(session, center.Device(session, name), host, first, last, recorded);
        }
    }
}
