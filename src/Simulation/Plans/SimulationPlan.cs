using System.Collections.Immutable;
using Headroom.Domain.Devices;

namespace Headroom.Simulation.Plans;

/// <summary>The hidden demand of a pool: the mean, over the plan, of the devices that would be held if every request started at once.</summary>
public abstract record DemandTarget
{
    private DemandTarget()
    {
    }

    /// <summary>A number of devices.</summary>
    public sealed record InDevices(double Mean) : DemandTarget;

    /// <summary>A multiple of the devices installed, on the plan's mean.</summary>
    public sealed record OfCapacity(double Ratio) : DemandTarget;

    /// <summary>Petaflops at the pool's precision; the catalog must rate the pool's model.</summary>
    public sealed record InPetaflops(double Mean) : DemandTarget;
}

/// <summary>What the plan says of one pool.</summary>
/// <param name="Devices">Used where the center file gives no number of devices; null: derived from the nameplate and the rating, else 64.</param>
/// <param name="GrowthPerMonth">0.2: demand rises by 20 % each 30 days, steadily. Above -1.</param>
public sealed record PoolPlan(PoolId Pool, DemandTarget Demand, int? Devices = null, double GrowthPerMonth = 0);

/// <summary>From local midnight of <paramref name="Day"/> on, arrivals are (1 + <paramref name="Size"/>) times as many.</summary>
/// <param name="Size">Above -1; 0.5 is half as many again.</param>
public sealed record LevelShift(DateOnly Day, double Size);

/// <summary>Devices accepted at local midnight of <paramref name="Day"/>, on new hosts.</summary>
public sealed record DeviceAddition(DateOnly Day, PoolId Pool, int Devices);

/// <summary>How imperfectly telemetry arrives.</summary>
public sealed record TelemetryFaults
{
    /// <summary>Restarts of an exporter per host and day, each a gap of minutes to hours.</summary>
    public double GapsPerHostDay { get; init; } = 0.03;

    /// <summary>Share of host-hours whose rows arrive with the next day's file. 0 to 1.</summary>
    public double LateShare { get; init; } = 0.002;

    /// <summary>Share of rows that arrive twice. 0 to 1.</summary>
    public double DuplicateShare { get; init; } = 0.0005;

    /// <summary>Rows per day with a value no gauge can hold.</summary>
    public int BrokenPerDay { get; init; } = 3;

    /// <summary>Share of devices whose gauge sticks at zero for some days while they work. 0 to 1.</summary>
    public double SilentShare { get; init; } = 0.005;

    /// <summary>Every sample arrives once, in its day, as it was.</summary>
    public static TelemetryFaults None { get; } = new() { GapsPerHostDay = 0, LateShare = 0, DuplicateShare = 0, BrokenPerDay = 0, SilentShare = 0 };
}

/// <summary>Which days to simulate, and how. The same plan, center and catalog give the same bytes on any machine.</summary>
public sealed record SimulationPlan
{
    /// <summary>First local day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The local day after the last one.</summary>
    public required DateOnly Until { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Pools that are not named here have demand of 0.7 of their capacity.</summary>
    public ImmutableArray<PoolPlan> Pools { get; init; } = [];

    /// <summary>Time between two samples of a device. Unit: seconds; a divisor of one hour.</summary>
    public int PeriodSeconds { get; init; } = 60;

    public LevelShift? Shift { get; init; }

    public ImmutableArray<DeviceAddition> Additions { get; init; } = [];

    public TelemetryFaults Faults { get; init; } = new();

    /// <summary>Failures per 1,000 device-days.</summary>
    public double FailuresPerThousandDeviceDays { get; init; } = 2;

    /// <summary>Share of failures after which another device sits in the slot. 0 to 1.</summary>
    public double SwapShare { get; init; } = 0.15;

    /// <summary>Days between two planned maintenance windows of a host; 0: none.</summary>
    public int MaintenanceEveryDays { get; init; } = 90;

    /// <summary>Share of requests that give up after an exponential patience; the rest wait for as long as it takes. 0 to 1.</summary>
    public double LeaveShare { get; init; } = 0.8;

    /// <summary>Unit: hours.</summary>
    public double MeanPatienceHours { get; init; } = 24;

    /// <summary>Days that are simulated before <see cref="From"/> and not shown, so that the center is as full as it should be from the first hour.</summary>
    public int WarmUpDays { get; init; } = 14;

    /// <summary>The center opens on <see cref="From"/>: nothing runs before it, and who asked in the warm-up and has not given up waits at its door.</summary>
    public bool Opens { get; init; }

    /// <summary>First local day with telemetry, on which the plan's demand is reached in the mean too; null: <see cref="From"/>. Records tell of all days.</summary>
    public DateOnly? TelemetryFrom { get; init; }

    /// <summary>First local day with telemetry.</summary>
    public DateOnly FirstTelemetry => TelemetryFrom ?? From;

    /// <summary>The plan of the demo for a shipped center, or the same kind of plan for any other: 35 days ending with 2022.</summary>
    public static SimulationPlan Demo(Domain.Centers.CenterDefinition center) => DemoPlans.For(center);

    /// <summary>What a pool that the plan does not name gets.</summary>
    public PoolPlan For(PoolId pool) => Pools.FirstOrDefault(p => p.Pool == pool) ?? new(pool, new DemandTarget.OfCapacity(0.7));

    /// <exception cref="InvalidPlanException">A value outside of its range.</exception>
    internal void Check()
    {
        Require(From < Until, "From comes before Until");
        Require(FirstTelemetry >= From && FirstTelemetry < Until, "telemetry begins on a day of the plan");
        Require(PeriodSeconds > 0 && 3_600 % PeriodSeconds == 0, "PeriodSeconds divides one hour");
        Require(IsShare(SwapShare) && IsShare(LeaveShare), "SwapShare and LeaveShare are 0 to 1");
        Require(IsShare(Faults.LateShare) && IsShare(Faults.DuplicateShare) && IsShare(Faults.SilentShare), "LateShare, DuplicateShare and SilentShare are 0 to 1");
        Require(Faults.GapsPerHostDay is >= 0 and <= 24 && Faults.BrokenPerDay >= 0, "GapsPerHostDay is 0 to 24 and BrokenPerDay is not negative");
        Require(FailuresPerThousandDeviceDays is >= 0 and <= 1_000, "FailuresPerThousandDeviceDays is 0 to 1,000");
        Require(MaintenanceEveryDays >= 0 && WarmUpDays >= 0 && MeanPatienceHours > 0, "MaintenanceEveryDays and WarmUpDays are not negative, MeanPatienceHours is positive");
        Require(Shift is null or { Size: > -1 and < 100 }, "the size of a level shift is above -1 and below 100");
        Require(Additions.All(a => a.Devices > 0 && a.Day > From && a.Day < Until), "an addition has devices and a day after From and before Until");
        Require(Pools.All(p => p.GrowthPerMonth is > -1 and < 10 && p.Devices is null or > 0), "GrowthPerMonth is above -1 and below 10, Devices is positive");
        Require(Pools.All(p => Mean(p.Demand) is >= 0 and < 1e6), "demand is 0 or more");
    }

    private static double Mean(DemandTarget target) => target switch
    {
        DemandTarget.InDevices devices => devices.Mean,
        DemandTarget.OfCapacity capacity => capacity.Ratio,
        DemandTarget.InPetaflops petaflops => petaflops.Mean,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new InvalidPlanException(rule);
        }
    }
}

/// <summary>A plan that cannot be simulated; the message is the rule it breaks.</summary>
public sealed class InvalidPlanException(string rule) : Exception($"The plan cannot be simulated; it should hold that {rule}.");
