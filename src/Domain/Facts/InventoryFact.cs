using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Facts;

public enum InventoryEvent
{
    /// <summary>Accepted into service. It counts from here, until it is retired.</summary>
    Installed,

    Retired,

    /// <summary>Another host, slot or pool from here on.</summary>
    Moved,

    /// <summary>Out of order.</summary>
    Down,

    /// <summary>Out of order and being mended: still installed.</summary>
    Repair,

    /// <summary>Taken out of service by plan, with a record.</summary>
    Maintenance,
}

/// <summary>One dated fact of the inventory. Valid in <see cref="Valid"/>; the end is <see cref="Instants.Never"/> while it holds.</summary>
/// <param name="Host">Null: as before.</param>
/// <param name="Slot">The place on the host; two devices are never in one slot at a time. Null: not known.</param>
/// <param name="Model">As the feed writes it; null: as before.</param>
/// <param name="Pool">Null: as before.</param>
public sealed record InventoryFact(
    DeviceId Device,
    InventoryEvent Event,
    Window Valid,
    string? Host,
    string? Slot,
    string? Model,
    PoolId? Pool,
    string? Reason)
{
    public int Revision { get; init; }
}
