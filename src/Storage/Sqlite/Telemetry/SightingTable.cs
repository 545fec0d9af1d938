using Headroom.Domain.Telemetry;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>What telemetry said of devices, as it came to be known: a row per change and UTC day.</summary>
internal static class SightingTable
{
    public static void Add(Session session, DeviceEntry device, long recorded)
    {
        session.Execute(
            """
            INSERT OR REPLACE INTO sighting (device, recorded_micros, first_micros, last_micros, host, host_micros, slot, slot_micros, model, model_micros, pool, pool_micros)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12)
            """,
            device.Id,
            recorded,
            device.First,
            device.Last,
            device.Host.Text,
            device.Host.At,
            device.Slot.Text,
            device.Slot.At,
            device.Model.Text,
            device.Model.At,
            device.Pool.Text,
            device.Pool.At);
        (device.SightingRecorded, device.SightingLast) = (recorded, device.Last);
    }

    /// <summary>Brings the last sample of the newest row up to date: done when samples are sealed.</summary>
    public static void UpdateLast(Session session, DeviceEntry device)
    {
        if (device.SightingRecorded is { } recorded && device.SightingLast < device.Last)
        {
            session.Execute("UPDATE sighting SET last_micros = @3 WHERE device = @1 AND recorded_micros = @2", device.Id, recorded, device.Last);
            device.SightingLast = device.Last;
        }
    }

    /// <summary>Devices that telemetry named by <paramref name="asOf"/>, ordered by id; first and last sample to the UTC day where later ones were recorded since.</summary>
    public static List<SightedDevice> Read(Session session, long center, long asOf, OpenSamplesCache open)
    {
        var devices = new List<(long Id, DeviceEntry Entry)>();
        using (var reader = session.Read(
            """
            SELECT d.id, d.name, s.recorded_micros, s.first_micros, s.last_micros,
                   s.host, s.host_micros, s.slot, s.slot_micros, s.model, s.model_micros, s.pool, s.pool_micros
            FROM device d JOIN sighting s ON s.device = d.id
            WHERE d.center = @1
              AND s.recorded_micros = (SELECT MAX(n.recorded_micros) FROM sighting n WHERE n.device = d.id AND n.recorded_micros <= @2)
            """,
            center,
            asOf))
        {
            while (reader.Read())
            {
                devices.Add((reader.GetInt64(0), DeviceEntry.Load(reader)));
            }
        }

        var unsealed = open.Use(session, center, samples => samples.Days
            .Where(pair => pair.Value.FirstRecorded <= asOf)
            .GroupBy(pair => pair.Key.Device)
            .ToDictionary(group => group.Key, group => (First: group.Min(day => day.Value.First), Last: group.Max(day => day.Value.Last))));
        var hosts = SeenOnTable.Read(session, center, asOf);
        return
        [
            .. devices
                .Select(device => unsealed.TryGetValue(device.Id, out var span)
                    ? new SightedDevice(device.Entry.Sighting, Math.Min(device.Entry.First, span.First), Math.Max(device.Entry.Last, span.Last)) { Hosts = hosts.GetValueOrDefault(device.Id, []) }
                    : new SightedDevice(device.Entry.Sighting, device.Entry.First, device.Entry.Last) { Hosts = hosts.GetValueOrDefault(device.Id, []) })
                .OrderBy(device => device.Sighting.Id, StringComparer.Ordinal),
        ];
    }
}
