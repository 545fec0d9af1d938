using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>A record of the inventory that begins in a window, or an outage that ends in it with the device back in service.</summary>
/// <param name="Word">As cells name it: <c>failed</c>, <c>repaired</c>, ...</param>
internal sealed record PlainChange(string Word, DeviceId Device, NamedRow Row)
{
    public static List<PlainChange> Of(IEnumerable<InventoryFact> inventory, PlainFleet fleet, Window window)
    {
        var (changes, seen) = (new List<PlainChange>(), new HashSet<(string, long, DeviceId, Stay, string?)>());
        foreach (var fact in inventory)
        {
            if (!fleet.Devices.TryGetValue(fact.Device, out var device))
            {
                continue;
            }

            // A retired device stood where it stood until then.
            Add(fact, device, WordOf(fact.Event), fact.Valid.From, fact.Event == InventoryEvent.Retired ? fact.Valid.From - 1 : fact.Valid.From);
            if (fact.Event is InventoryEvent.Down or InventoryEvent.Repair && device.Down.All(down => !down.Contains(fact.Valid.Until)))
            {
                Add(fact, device, "repaired", fact.Valid.Until, fact.Valid.Until);
            }
        }

        return changes;

        // Two records of one thing are one change.
        void Add(InventoryFact fact, PlainDevice device, string word, long at, long placed)
        {
            if (window.Contains(at) && device.StayAt(placed) is { } stay && seen.Add((word, at, fact.Device, stay with { From = 0, Until = 0, Slot = null }, fact.Reason)))
            {
                changes.Add(new(word, fact.Device, new($"{fact.Device} {fact.Event}", fact.Valid.From, fact.Valid.Until == Instants.Never ? null : fact.Valid.Until, 1, MetricUnit.Count)));
            }
        }
    }

    private static string WordOf(InventoryEvent record) => record switch
    {
        InventoryEvent.Down or InventoryEvent.Repair => "failed",
        InventoryEvent.Maintenance => "maintained",
        _ => record.ToString().ToLowerInvariant(),
    };
}
