using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>Where a device stood: from acceptance, a move or a swap until the next.</summary>
public sealed record Placement(Window Valid, string? Host, string? Slot, string? Model, PoolId Pool);

/// <summary>Who held a device, or a slice of it. Where two want more than there is, jobs come before reservations and contracts, then the earlier start, then the lesser id.</summary>
/// <param name="JobId">Of the job, reservation or contract; empty where nobody named it.</param>
public sealed record Holding(Window Valid, TenantId Tenant, string JobId)
{
    public AllocationKind Kind { get; init; } = AllocationKind.Job;

    /// <summary>The slice, in parts per million of the device: 1 to 1,000,000.</summary>
    public int SharePpm { get; init; } = AllocationFact.Whole;

    /// <summary>Of the job whose id it is; empty: nobody said which. Clusters number their jobs each for itself.</summary>
    public string Cluster { get; init; } = "";

    public bool IsByScheduler => Kind == AllocationKind.Job;
}

/// <summary>Everything the accountant needs to know of one device, besides its samples.</summary>
/// <param name="Placements">Ordered and disjoint: the installed time.</param>
/// <param name="Down">A set: failed or in repair.</param>
/// <param name="Maintenance">A set: planned, with a record. Down wins where both hold.</param>
/// <param name="AllocationKnown">A set: when a feed would have told of an allocation of this device; not while a job runs in its pool that names no devices.</param>
/// <param name="Holdings">Ordered by start; of jobs, reservations and contracts.</param>
public sealed record DeviceHistory(
    DeviceId Device,
    ImmutableArray<Placement> Placements,
    ImmutableArray<Window> Down,
    ImmutableArray<Window> Maintenance,
    ImmutableArray<Window> AllocationKnown,
    ImmutableArray<Holding> Holdings)
{
    /// <summary>A set: when the register of reservations and contracts would have told of one on this device.</summary>
    public ImmutableArray<Window> ContractKnown { get; init; } = [];

    /// <summary>True: a scheduler's feed tells of allocation, and <see cref="AllocationKnown"/> is its time; false: that of the register of contracts, if there is one.</summary>
    public bool HasScheduler { get; init; } = true;
}
