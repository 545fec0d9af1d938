using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Facts;

public enum RequestState
{
    /// <summary>Not decided.</summary>
    Pending,

    /// <summary>Granted, and not yet in use.</summary>
    Approved,

    Rejected,

    /// <summary>The applicant gave up.</summary>
    Withdrawn,

    /// <summary>A service or contract in force: its devices are held.</summary>
    Running,

    Completed,
}

/// <summary>One application or contract for capacity, as far as it is known. Instants: microseconds since the Unix epoch.</summary>
/// <param name="Pool">Null: not said.</param>
/// <param name="Devices">At least 1: cards (or nodes) asked for.</param>
/// <param name="WantedFrom">When it could start; null: not said, and taken as <paramref name="Submitted"/>.</param>
/// <param name="WantedTo">Null: open-ended.</param>
/// <param name="Decided">When the last state was decided; null: it is pending, or nobody said.</param>
/// <param name="Reason">Why it was refused or withdrawn, as the applicant or the center wrote it; null: not said.</param>
/// <param name="Probability">That it comes, 0 to 1; null: nobody said.</param>
/// <param name="Gang">Devices it needs at once, 1 or more; null: not said.</param>
public sealed record RequestFact(
    string RequestId,
    TenantId Tenant,
    PoolId? Pool,
    int Devices,
    long Submitted,
    long? WantedFrom,
    long? WantedTo,
    RequestState State,
    long? Decided,
    string? Reason,
    double? Probability,
    string? Model,
    int? Gang,
    string? Priority,
    string? Kind,
    string? Applicant)
{
    public int Revision { get; init; }

    /// <summary>The request as it stood at <paramref name="known"/>: what was decided later was pending then.</summary>
    public RequestFact KnownBy(long known) => Decided > known ? this with { State = RequestState.Pending, Decided = null, Reason = null } : this;

    /// <summary>When it wants its devices.</summary>
    public Window Wanted => new(WantedFrom ?? Submitted, WantedTo ?? Instants.Never);

    /// <summary>0 pending, 1 approved, 2 running, 3 over: a later stage replaces an earlier one, whichever arrives first.</summary>
    public int Progress => State switch
    {
        RequestState.Pending => 0,
        RequestState.Approved => 1,
        RequestState.Running => 2,
        RequestState.Rejected or RequestState.Withdrawn or RequestState.Completed => 3,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
