using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Headroom.Domain.Time;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>When a device was seen on which host, of devices that were seen on several: two at once are a question for a person. Rows are added at most once an hour.</summary>
internal static class SeenOnTable
{
    /// <param name="device">As it was before the samples.</param>
    public static void Hear(Session session, DeviceEntry device, string host, long first, long last, long recorded)
    {
        if (SpansOf(device, host) is not { } hosts)
        {
            return;
        }

        var known = hosts.TryGetValue(host, out var span);
        if (!known || HasMovedBack(hosts, host, span, first))
        {
            span = new(first, last, null);
        }

        hosts[host] = span with { First = Math.Min(span.First, first), Last = Math.Max(span.Last, last) };
        if (hosts.Count > 1)
        {
            foreach (var (name, seen) in hosts.Where(entry => entry.Value.Kept is not { } kept || entry.Value.Last - kept >= Micros.PerHour).ToArray())
            {
                session.Execute(
                    "INSERT OR REPLACE INTO seen_on (device, host, recorded_micros, first_micros, last_micros) VALUES (@1, @2, @3, @4, @5)", device.Id, name, recorded, seen.First, seen.Last);
                hosts[name] = seen with { Kept = seen.Last };
            }
        }
    }

    // Null: it is on the one host that it was always on, which is so nearly always.
    private static Dictionary<string, HostSpan>? SpansOf(DeviceEntry device, string host)
    {
        if (device.Hosts is null && device.Host.Text is null)
        {
            return device.Hosts = new(StringComparer.Ordinal);
        }

        device.Hosts ??= device.Host.Text == host ? null : new(StringComparer.Ordinal) { [device.Host.Text!] = default };
        if (device.Hosts is not { Count: 1 } single)
        {
            return device.Hosts;
        }

        if (device.First <= device.Last)
        {
            single[single.Keys.First()] = new(device.First, device.Last, null);
        }

        return single.ContainsKey(host) && device.First <= device.Last ? null : single;
    }

    /// <summary>Fills in what is known of devices, by their numbers; the host that was said last goes on to the last sample.</summary>
    public static void Load(Session session, long center, IReadOnlyDictionary<long, DeviceEntry> devices)
    {
        foreach (var (device, spans) in Read(session, center, Instants.Never))
        {
            var entry = devices[device];
            entry.Hosts = spans.ToDictionary(seen => seen.Host, seen => new HostSpan(seen.First, seen.Last, seen.Last), StringComparer.Ordinal);
            if (entry.Host.Text is { } host && entry.First <= entry.Last)
            {
                ref var span = ref CollectionsMarshal.GetValueRefOrAddDefault(entry.Hosts, host, out var known);
                span = known ? span with { Last = Math.Max(span.Last, entry.Last) } : new(entry.First, entry.Last, null);
            }
        }
    }

    /// <summary>By number of the device, each by host.</summary>
    public static Dictionary<long, ImmutableArray<SeenOnHost>> Read(Session session, long center, long asOf)
    {
        var rows = new List<(long Device, SeenOnHost Seen)>();
        using (var reader = session.Read(
            """
            SELECT s.device, s.host, s.first_micros, s.last_micros
            FROM seen_on s JOIN device d ON d.id = s.device
            WHERE d.center = @1
              AND s.recorded_micros = (SELECT MAX(n.recorded_micros) FROM seen_on n WHERE n.device = s.device AND n.host = s.host AND n.recorded_micros <= @2)
            ORDER BY s.device, s.host
            """,
            center,
            asOf))
        {
            while (reader.Read())
            {
                rows.Add((reader.GetInt64(0), new(reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3))));
            }
        }

        return rows.GroupBy(row => row.Device, row => row.Seen).ToDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    // It was elsewhere for long, and came back after that: no two at once.
    private static bool HasMovedBack(Dictionary<string, HostSpan> hosts, string host, HostSpan span, long first) =>
        hosts.Where(entry => entry.Key != host).Select(entry => entry.Value.Last).DefaultIfEmpty(long.MinValue).Max() is var elsewhere
        && first > elsewhere && elsewhere > span.Last && elsewhere - span.Last > Micros.PerHour;
}
