using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Operations;

namespace Headroom.Reports.Daily;

/// <summary>How a center ran over a report's period, as pure functions of facts and samples found it.</summary>
/// <param name="Allocation">By pool: seen by the scheduler and by contract.</param>
/// <param name="Pools">By pool: peaks, full hours, outcomes of jobs, room for gangs.</param>
/// <param name="Queues">By pool in which anything waits or started.</param>
/// <param name="Findings">Days of which samples tell; empty: none was kept.</param>
/// <param name="Meters">What energy meters read.</param>
/// <param name="Counts">Tenants of whom only numbers of devices are known.</param>
/// <param name="Changes">What changed in the inventory.</param>
public sealed record OperationsView(
    ImmutableArray<PoolAllocation> Allocation,
    ImmutableArray<PoolOperations> Pools,
    ImmutableArray<QueueState> Queues,
    ImmutableArray<DayFindings> Findings,
    MeteredEnergy Meters,
    ImmutableArray<CountedUse> Counts,
    ImmutableArray<InventoryChange> Changes)
{
    public static OperationsView None { get; } = new([], [], [], [], new(null, null, null), [], []);

    /// <summary>The pool's allocation where a register of reservations and contracts is kept beside its scheduler, or instead of one; else its card-hours tell all.</summary>
    public AllocationSums? ByContract(PoolId pool) => Allocation.FirstOrDefault(entry => entry.Pool == pool)?.Weighed is { Contract: not null } sums ? sums : null;

    public PoolOperations? Of(PoolId pool) => Pools.FirstOrDefault(entry => entry.Pool == pool);
}

/// <param name="Peak">Null: no step of five minutes is known well enough, or none was kept.</param>
/// <param name="Saturation">Hours that were full while work waited.</param>
/// <param name="Outcomes">Null: no job held anything.</param>
/// <param name="Room">Null: nothing was installed.</param>
public sealed record PoolOperations(PoolId Pool, PeakUse? Peak, SaturationHours Saturation, JobOutcomes? Outcomes, GangRoom? Room);
