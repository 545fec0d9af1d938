namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Who else is or was in a device's slot: two devices are never in one, so a newcomer ends the time of those before it.</summary>
internal sealed class SlotNeighbors(Session session, CenterState center)
{
    private ILookup<(string Host, string Slot), long>? _inventory;

    /// <summary>Other devices that sightings or the inventory ever placed in the slot of <paramref name="device"/>.</summary>
    public IEnumerable<long> Of(DeviceEntry device)
    {
        if (device.Host.Text is not { } host || device.Slot.Text is not { } slot)
        {
            return [];
        }

        _inventory ??= Inventory();
        return center.Devices
            .Where(other => other.Host.Text == host && other.Slot.Text == slot)
            .Select(other => other.Id)
            .Concat(_inventory[(host, slot)])
            .Where(other => other != device.Id)
            .Distinct()
            .ToArray();
    }

    private ILookup<(string Host, string Slot), long> Inventory()
    {
        var slots = new List<(string Host, string Slot, long Device)>();
        using var reader = session.Read(
            """
            SELECT f.content ->> '$.host', f.content ->> '$.slot', d.id
            FROM fact f JOIN device d ON d.center = f.center AND d.name = f.content ->> '$.device'
            WHERE f.center = @1 AND f.kind = 0 AND f.content ->> '$.slot' IS NOT NULL AND f.content ->> '$.host' IS NOT NULL
            """,
            center.Id);
        while (reader.Read())
        {
            slots.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return slots.ToLookup(entry => (entry.Host, entry.Slot), entry => entry.Device);
    }
}
