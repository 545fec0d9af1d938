using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Storage.Sqlite.Facts;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>A center as the writer knows it; dropped and read anew whenever a transaction fails.</summary>
internal sealed class CenterState
{
    private readonly Dictionary<string, DeviceEntry> _devices = new(StringComparer.Ordinal);

    private CenterState(long id) => Id = id;

    public long Id { get; }

    public long StagedRows { get; set; }

    public long StagedBatches { get; set; }

    // Cards whose name one host keeps, by a person's word.
    private readonly Dictionary<string, SettlementFact> _kept = new(StringComparer.Ordinal);

    public IEnumerable<DeviceEntry> Devices => _devices.Values;

    /// <summary>The number of a center, or null when nothing was ever recorded of it.</summary>
    public static long? Find(Session session, CenterId center) => (long?)session.Scalar("SELECT id FROM center WHERE name = @1", center.Value);

    /// <summary>The number of a center; a new one where there is none.</summary>
    public static long FindOrAdd(Session session, CenterId center) =>
        Find(session, center) ?? session.Insert("INSERT INTO center (name) VALUES (@1)", center.Value);

    public static CenterState Load(Session session, CenterId center, OpenSamplesCache open)
    {
        var state = new CenterState(FindOrAdd(session, center));
        var byId = new Dictionary<long, DeviceEntry>();
        using (var reader = session.Read(
            """
            SELECT d.id, d.name, s.recorded_micros, s.first_micros, s.last_micros,
                   s.host, s.host_micros, s.slot, s.slot_micros, s.model, s.model_micros, s.pool, s.pool_micros
            FROM device d
            LEFT JOIN sighting s ON s.device = d.id AND s.recorded_micros = (SELECT MAX(n.recorded_micros) FROM sighting n WHERE n.device = d.id)
            WHERE d.center = @1
            """,
            state.Id))
        {
            while (reader.Read())
            {
                var entry = DeviceEntry.Load(reader);
                state._devices.Add(entry.Name, entry);
                byId.Add(entry.Id, entry);
            }
        }

        foreach (var settlement in FactReader.SettlementsOf(session, state.Id))
        {
            state.Hear(settlement);
        }

        open.Use(session, state.Id, samples =>
        {
            foreach (var (device, rows) in samples.ByDevice)
            {
                byId[device].First = Math.Min(byId[device].First, rows.First);
                byId[device].Last = Math.Max(byId[device].Last, rows.Last);
            }

            return 0;
        });
        SeenOnTable.Load(session, state.Id, byId);
        LabeledHoldings.Load(state, FactReader.LabeledOf(session, state.Id));
        using (var reader = session.Read("SELECT COUNT(*), COALESCE(SUM(rows), 0) FROM staged WHERE center = @1", state.Id))
        {
            reader.Read();
            (state.StagedBatches, state.StagedRows) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        return state;
    }

    /// <summary>Who holds devices by their labels, as of the last sample that told.</summary>
    public Dictionary<string, HeldState> Held { get; } = new(StringComparer.Ordinal);

    /// <summary>Hosts whose exporter names holders: a device of theirs without one is free.</summary>
    public HashSet<string> LabeledHosts { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether names of cards may depend on their host.</summary>
    public bool HasKeptNames => _kept.Count > 0;

    /// <summary>Takes in what a person decided.</summary>
    public void Hear(SettlementFact settlement)
    {
        if (settlement is { Other: null, Holds: true })
        {
            _kept[settlement.Device.Value] = settlement;
        }
        else if (settlement.Other is null)
        {
            _kept.Remove(settlement.Device.Value);
        }
    }

    /// <summary>The name that samples go by.</summary>
    /// <param name="first">Their earliest instant. Unit: microseconds since the Unix epoch.</param>
    public string NameOf(in DeviceSighting sighting, long first) =>
        sighting.Host is { } host && _kept.TryGetValue(sighting.Id, out var settled) && settled.Host != host && first >= settled.From
            ? SettlementFact.NameOn(sighting.Id, host)
            : sighting.Id;

    public DeviceEntry Device(Session session, string name)
    {
        if (!_devices.TryGetValue(name, out var entry))
        {
            entry = new(session.Insert("INSERT INTO device (center, name) VALUES (@1, @2)", Id, name), name);
            _devices.Add(name, entry);
        }

        return entry;
    }
}
