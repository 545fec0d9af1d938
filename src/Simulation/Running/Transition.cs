using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Fleets;

namespace Headroom.Simulation.Running;

/// <summary>A device enters or leaves service.</summary>
/// <param name="Planned">It leaves for maintenance and not because it failed.</param>
internal readonly record struct Transition(long At, int Device, bool Up, bool Planned)
{
    /// <summary>By time; at one instant devices come before others go.</summary>
    /// <param name="from">Begin of the warm-up.</param>
    public static List<Transition> Of(IEnumerable<SimulatedDevice> devices, long from, Window plan)
    {
        var transitions = new List<Transition>();
        foreach (var device in devices)
        {
            transitions.Add(new(device.Installed.From <= plan.From ? from : device.Installed.From, device.Ordinal, Up: true, Planned: false));
            foreach (var dark in device.Dark)
            {
                var planned = device.Outages.First(o => o.Valid.From == dark.From).Event == InventoryEvent.Maintenance;
                transitions.Add(new(dark.From, device.Ordinal, Up: false, planned));
                if (dark.Until < device.Installed.Until)
                {
                    transitions.Add(new(dark.Until, device.Ordinal, Up: true, Planned: false));
                }
            }
        }

        transitions.Sort((a, b) => (a.At, !a.Up, a.Device).CompareTo((b.At, !b.Up, b.Device)));
        return transitions;
    }
}
