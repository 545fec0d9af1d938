using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Reports.Saturation;

/// <summary>Everything the saturation report is made of, gathered by its caller. The report reads nothing else: no store, no clock.</summary>
/// <param name="Center">The version of the center file in force.</param>
/// <param name="Day">The last local day that was looked at; it is over.</param>
/// <param name="Observed">The local days that were looked at, as instants; ends with <paramref name="Day"/>.</param>
/// <param name="AsOf">Only what was recorded by then is in the numbers; <see cref="Instants.Never"/>: everything. Never printed.</param>
/// <param name="Simulated">True when any source is simulated: everything then says SIMULATED.</param>
/// <param name="Pools">As the center file lists them. They are never added.</param>
public sealed record SaturationReportInput(
    CenterDefinition Center, DateOnly Day, Window Observed, long AsOf, bool Simulated, ImmutableArray<PoolSaturation> Pools)
{
    /// <summary>A local day after <see cref="Day"/> by which the backlog is to be cleared; null: nobody asked for one.</summary>
    public DateOnly? ClearBy { get; init; }
}

/// <summary>One pool: the answers, what they are compared with, and where its demand stands.</summary>
/// <param name="Demand">In devices of the pool.</param>
/// <param name="Ledger">Of the last day, firm demand. Unit: device-microseconds. Null: there are neither jobs nor requests.</param>
/// <param name="WaitingSince">Since when the oldest request in the queue could have started; null: nothing waits.</param>
public sealed record PoolSaturation(
    PoolId Pool, DemandAnswer Demand, SaturationAnswer Saturation, PoolCapacity Capacity, LedgerAmounts? Ledger, long? WaitingSince)
{
    /// <summary>Work of the jobs that wait at the end of the last day; null: there is no job log, or it does not say how long they would run.</summary>
    public Backlog? Backlog { get; init; }

    /// <summary>Where its queue comes from.</summary>
    public QueueCauses Causes { get; init; } = QueueCauses.None;

    /// <summary>Mean devices that work could have had, and of them allocated; null: nothing was observed.</summary>
    public (double Installed, double Allocated)? Observed { get; init; }

    /// <summary>What became of jobs that were given up and submitted again; null: none were, or nobody could tell.</summary>
    public RetryEffect? Retries { get; init; }

    /// <summary>Of a young center, where its demand grows to, over usable devices; null: it is not young, or nothing was observed.</summary>
    public CenterRamp? Ramp { get; init; }

    /// <summary>Whose demand it is; empty: there is no job log.</summary>
    public ImmutableArray<DemandPart> Parts { get; init; } = [];

    /// <summary>Applications refused or withdrawn for lack of capacity and still wanted.</summary>
    public ImmutableArray<RequestNote> Lost { get; init; } = [];

    /// <summary>Applications that nobody has decided, letters of intent among them.</summary>
    public ImmutableArray<RequestNote> Open { get; init; } = [];
}

/// <summary>Demand of the recent days by one of its sides.</summary>
/// <param name="Groups">Largest first.</param>
public sealed record DemandPart(DemandDimension Dimension, ImmutableArray<DemandGroup> Groups)
{
    /// <summary>What was approved and not started, and what was refused for lack of capacity, by group. Unit: mean devices. Empty: there are no requests, or they do not say whose they are.</summary>
    public ImmutableDictionary<string, (double Reserved, double Rejected)> Requests { get; init; } = ImmutableDictionary<string, (double Reserved, double Rejected)>.Empty;
}

public enum DemandDimension
{
    Tenant,
    Sector,
    Platform,

    /// <summary>Devices of a job.</summary>
    Gang,
    Priority,
}

/// <summary>What demand is compared with.</summary>
/// <param name="Installed">Mean of the last day. Unit: devices.</param>
/// <param name="PetaflopsPerDevice">Catalog rating at the pool's precision, mean over its devices. Unit: P. Null: a device is not rated, and devices are counted.</param>
/// <param name="Days">Usable devices by local day, oldest first: the mean of each observed day, then a step for each day on which a phase changes it.</param>
public sealed record PoolCapacity(double Installed, double? PetaflopsPerDevice, ImmutableArray<CapacityDay> Days);

/// <param name="Devices">Usable from the local day on, until the next entry.</param>
public readonly record struct CapacityDay(DateOnly Day, double Devices);
