using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Facts;

public enum JobState
{
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
    Timeout,
    NodeFail,
    Preempted,
    Requeued,

    /// <summary>Over, and the log does not say how.</summary>
    Unknown,
}

/// <summary>One attempt of one job, as far as it is known. Instants: microseconds since the Unix epoch; null: has not happened.</summary>
/// <param name="Devices">At least 1: cards (or nodes) asked for.</param>
/// <param name="DeviceIds">The devices it ran on; empty where only their number is known.</param>
/// <param name="Requested">Requested wall time. Unit: microseconds. Null: not known.</param>
public sealed record JobFact(
    string Cluster,
    string JobId,
    TenantId Tenant,
    long Submitted,
    long? Eligible,
    long? Started,
    long? Ended,
    int Devices,
    JobState State,
    PoolId? Pool,
    string? Model,
    ImmutableArray<DeviceId> DeviceIds,
    string? Priority,
    bool Preemptible,
    long? Requested,
    string? AttemptOf)
{
    public int Revision { get; init; }

    /// <summary>As its owner named it, behind the owner's name where it is known; null: not known. A job that is given up and submitted again has another id and the same name.</summary>
    public string? Name { get; init; }

    /// <summary>The number format it computes in, where it declares one; null: not said.</summary>
    public Precision? Precision { get; init; }

    /// <summary>When it held its devices; null when it never started. Open while it runs.</summary>
    public Window? Run => Started is { } start ? new Window(start, Ended ?? Instants.Never) : null;

    /// <summary>0 while it waits, 1 while it runs, 2 when it is over: a later stage replaces an earlier one, whichever arrives first.</summary>
    public int Progress => Ended is not null ? 2 : Started is not null ? 1 : 0;

    /// <summary>The job as it stood at <paramref name="known"/>: who looks back at a past day knows no later start or end.</summary>
    public JobFact KnownBy(long known)
    {
        var started = Started < known ? Started : null;
        var ended = Ended <= known ? Ended : null;
        return this with { Started = started, Ended = ended, State = ended is not null ? State : started is not null ? JobState.Running : JobState.Pending };
    }

    public bool Equals(JobFact? other) => other is not null
        && (Cluster, JobId, Tenant, Submitted, Eligible, Started, Ended) == (other.Cluster, other.JobId, other.Tenant, other.Submitted, other.Eligible, other.Started, other.Ended)
        && (Devices, State, Pool, Model, Priority, Preemptible, Requested) == (other.Devices, other.State, other.Pool, other.Model, other.Priority, other.Preemptible, other.Requested)
        && (AttemptOf, Name, Revision, Precision) == (other.AttemptOf, other.Name, other.Revision, other.Precision)
        && DeviceIds.SequenceEqual(other.DeviceIds);

    public override int GetHashCode() => HashCode.Combine(Cluster, JobId, Submitted, Started, Ended, State);
}
