using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>What happened to a device.</summary>
public enum DeviceEvent
{
    Installed,
    Retired,
    Moved,

    /// <summary>It went out of order.</summary>
    Failed,

    /// <summary>An outage or repair ended, and it is still installed.</summary>
    Repaired,

    /// <summary>A planned time out of service began.</summary>
    Maintained,
}

/// <param name="At">Unit: microseconds since the Unix epoch.</param>
/// <param name="Reason">As the record has it; null: not said.</param>
public sealed record InventoryChange(DeviceEvent Event, long At, DeviceId Device, PoolId Pool, string? Host, string? Model, string? Reason);

/// <summary>What changed in an inventory.</summary>
public static class InventoryChanges
{
    /// <summary>Ordered by event, pool, host, device and time.</summary>
    public static ImmutableArray<InventoryChange> Of(IEnumerable<InventoryFact> inventory, IEnumerable<DeviceHistory> histories, Window window)
    {
        var devices = histories.ToDictionary(history => history.Device);
        var changes = new HashSet<InventoryChange>();
        foreach (var fact in inventory)
        {
            if (!devices.TryGetValue(fact.Device, out var history))
            {
                continue;
            }

            if (window.Contains(fact.Valid.From) && Find(history, fact.Event == InventoryEvent.Retired ? fact.Valid.From - 1 : fact.Valid.From) is { } place)
            {
                changes.Add(new(EventOf(fact.Event), fact.Valid.From, fact.Device, place.Pool, place.Host, place.Model, fact.Reason));
            }

            if (fact.Event is InventoryEvent.Down or InventoryEvent.Repair && window.Contains(fact.Valid.Until)
                && !history.Down.Any(down => down.Contains(fact.Valid.Until)) && Find(history, fact.Valid.Until) is { } back)
            {
                changes.Add(new(DeviceEvent.Repaired, fact.Valid.Until, fact.Device, back.Pool, back.Host, back.Model, fact.Reason));
            }
        }

        return
        [
            .. changes
                .OrderBy(change => change.Event)
                .ThenBy(change => change.Pool.Value, StringComparer.Ordinal)
                .ThenBy(change => change.Host, StringComparer.Ordinal)
                .ThenBy(change => change.Device.Value, StringComparer.Ordinal)
                .ThenBy(change => change.At),
        ];
    }

    private static DeviceEvent EventOf(InventoryEvent inventory) => inventory switch
    {
        InventoryEvent.Installed => DeviceEvent.Installed,
        InventoryEvent.Retired => DeviceEvent.Retired,
        InventoryEvent.Moved => DeviceEvent.Moved,
        InventoryEvent.Down or InventoryEvent.Repair => DeviceEvent.Failed,
        InventoryEvent.Maintenance => DeviceEvent.Maintained,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Placement? Find(DeviceHistory history, long instant) => history.Placements.FirstOrDefault(placement => placement.Valid.Contains(instant));
}
