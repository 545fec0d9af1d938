using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Simulation.Fleets;

public enum DeviceMaker
{
    Ascend,
    Nvidia,

    /// <summary>A CPU node: no gauge, no page.</summary>
    Node,
}

/// <summary>A time out of service.</summary>
/// <param name="Event"><see cref="InventoryEvent.Down"/>, <see cref="InventoryEvent.Repair"/> or <see cref="InventoryEvent.Maintenance"/>.</param>
public sealed record Outage(InventoryEvent Event, Window Valid, string Reason);

/// <summary>A card or node of the simulated center. Instants are whole seconds.</summary>
/// <param name="Ordinal">Its place in <see cref="Fleet.Devices"/>.</param>
/// <param name="Host">The place of its host in <see cref="Fleet.Hosts"/>.</param>
/// <param name="Installed">From acceptance until it is swapped for another; open while it stays.</param>
/// <param name="Outages">By start. Down and repair follow each other; maintenance may overlap both.</param>
/// <param name="Dark">The outages as an ordered set: it neither runs a job nor reports.</param>
/// <param name="RatedDeciwatts">Unit: 0.1 W.</param>
/// <param name="Silent">While its gauge sticks at zero; empty for most devices.</param>
public sealed record SimulatedDevice(
    int Ordinal,
    DeviceId Id,
    int Host,
    int Slot,
    Window Installed,
    ImmutableArray<Outage> Outages,
    ImmutableArray<Window> Dark,
    DeviceMaker Maker,
    int RatedDeciwatts,
    int MemoryMib,
    Window Silent)
{
    public bool IsUpAt(long instant) => Installed.Contains(instant) && !WindowSet.Contains(Dark, instant);
}

/// <param name="Pool">The place of its pool in <see cref="Fleet.Pools"/>.</param>
/// <param name="Devices">Ordinals of all that ever sat in it, by slot, then by time.</param>
/// <param name="Gaps">While its exporter does not answer; an ordered set.</param>
public sealed record SimulatedHost(int Ordinal, string Name, int Pool, ImmutableArray<int> Devices, ImmutableArray<Window> Gaps);

/// <param name="Model">As the center file names it; null: not known.</param>
/// <param name="Capacity">Mean number of devices installed over the plan.</param>
/// <param name="Devices">Installed when the plan begins.</param>
public sealed record SimulatedPool(PoolId Id, string? Model, bool HasGauge, int DevicesPerHost, int Devices, double Capacity, double MeanDemand);

/// <summary>Everything that can run a job.</summary>
public sealed record Fleet(ImmutableArray<SimulatedPool> Pools, ImmutableArray<SimulatedHost> Hosts, ImmutableArray<SimulatedDevice> Devices)
{
    public SimulatedHost HostOf(SimulatedDevice device) => Hosts[device.Host];

    public SimulatedPool PoolOf(SimulatedDevice device) => Pools[Hosts[device.Host].Pool];
}
