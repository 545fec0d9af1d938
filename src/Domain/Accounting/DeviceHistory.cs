using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>Where a device stood: from acceptance, a move or a swap until the next.</summary>
public sealed record Placement(Window Valid, string? Host, string? Slot, string? Model, PoolId Pool);

/// <summary>Who held a device. Where two overlap, the earlier start has it, then the lesser job id.</summary>
public sealed record Holding(Window Valid, TenantId Tenant, string JobId);

/// <summary>Everything the accountant needs to know of one device, besides its samples.</summary>
/// <param name="Placements">Ordered and disjoint: the installed time.</param>
/// <param name="Down">A set: failed or in repair.</param>
/// <param name="Maintenance">A set: planned, with a record. Down wins where both hold.</param>
/// <param name="AllocationKnown">A set: when a feed would have told of an allocation of this device; not while a job runs in its pool that names no devices.</param>
/// <param name="Holdings">Ordered by start.</param>
public sealed record DeviceHistory(
    DeviceId Device,
    ImmutableArray<Placement> Placements,
    ImmutableArray<Window> Down,
    ImmutableArray<Window> Maintenance,
    ImmutableArray<Window> AllocationKnown,
    ImmutableArray<Holding> Holdings);
