using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Simulation.Demand;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Gauges;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Running;

namespace Headroom.Simulation;

/// <summary>Makes a believable center from a center file and a plan.</summary>
public static class Simulator
{
    /// <summary>Decides all that happens: devices, outages, requests, who ran where and when. Telemetry is made later, while it is read.</summary>
    /// <param name="catalog">Ratings, memory and power of the models; what it lacks is taken as 300 W and 32 GiB.</param>
    /// <exception cref="InvalidPlanException">The plan holds a value outside of its range, or demand in P for a pool that is not rated.</exception>
    public static SimulatedCenter Run(CenterDefinition center, SimulationPlan plan, CardCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(center);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(catalog);
        plan.Check();

        var clock = center.Clock();
        var window = new Window(clock.Day(plan.From).From, clock.Day(plan.Until).From);
        var fleet = new FleetBuilder(center, plan, catalog, clock).Build();
        var requests = new RequestGenerator(center, plan, clock, fleet).Generate();
        var warm = plan.Opens ? window.From : window.From - (plan.WarmUpDays * Micros.PerDay);
        var attempts = Enumerable.Range(0, fleet.Pools.Length)
            .SelectMany(pool => new PoolRunner(fleet, pool, requests.Where(request => request.Pool == pool), warm, window).Run())
            .Where(attempt => attempt.Ended is not { } ended || ended > window.From)
            .OrderBy(attempt => attempt.Submitted).ThenBy(attempt => attempt.JobId, StringComparer.Ordinal)
            .ToImmutableArray();
        return new(center, plan, clock, fleet, requests, attempts, new GaugeModel(fleet, attempts, plan.Seed));
    }
}
