using Headroom.Domain.Centers;
using Headroom.Domain.Devices;

namespace Headroom.Simulation.Plans;

/// <summary>The plans of the demo. Figures marked published are the centers' own; all else is assumed.</summary>
internal static class DemoPlans
{
    private const ulong Seed = 20_211_218;

    public static SimulationPlan For(CenterDefinition center) => center.Id.Value switch
    {
        "wuhan" => Wuhan(center),
        "qingdao" => Qingdao(center),
        _ => Other(center),
    };

    // Published 2021-09-24: real demand above 200P on 100P, taken as 200P; in operation since May 2021 and full at once;
    // the 35 days of telemetry end with the day of the claim "daily use above 90 %".
    private static SimulationPlan Wuhan(CenterDefinition center) => new()
    {
        From = center.Opened ?? new DateOnly(2021, 5, 31),
        Opens = true,
        TelemetryFrom = new(2021, 11, 14),
        Until = new(2021, 12, 19),
        Seed = Seed,
        Pools =
        [
            .. center.Pools.Select(pool => pool.Precision == Precision.Fp16
                ? new PoolPlan(pool.Id, new DemandTarget.InPetaflops(200), Devices: 400)
                : new PoolPlan(pool.Id, new DemandTarget.OfCapacity(0.7), Devices: 680)),
        ],
    };

    // Published: planned to be saturated by the end of 2022. Demand passes capacity in the last weeks.
    private static SimulationPlan Qingdao(CenterDefinition center) => new()
    {
        From = new(2022, 11, 27),
        Until = new(2023, 1, 1),
        Seed = Seed + 1,
        Pools = [.. center.Pools.Select(pool => new PoolPlan(pool.Id, new DemandTarget.OfCapacity(0.8), Devices: 128, GrowthPerMonth: 0.6))],
    };

    private static SimulationPlan Other(CenterDefinition center) => new()
    {
        From = new(2022, 11, 27),
        Until = new(2023, 1, 1),
        Seed = Seed + 2,
        Pools = [.. center.Pools.Select(pool => new PoolPlan(pool.Id, new DemandTarget.OfCapacity(0.9), GrowthPerMonth: 0.1))],
    };
}
