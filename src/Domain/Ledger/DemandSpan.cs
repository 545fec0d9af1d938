using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Ledger;

/// <summary>What a tenant wanted devices for, and how far that had come.</summary>
public enum DemandKind
{
    /// <summary>A job that holds its devices.</summary>
    JobRuns,

    /// <summary>A job that could start and waits.</summary>
    JobWaits,

    /// <summary>An application whose day has come and that nobody has decided.</summary>
    ApplicationWaits,

    /// <summary>A contract or service in force: its devices are held, whatever its owner runs on them.</summary>
    ContractInForce,

    /// <summary>Approved and not started.</summary>
    ContractApproved,

    /// <summary>Refused, or withdrawn, for lack of capacity.</summary>
    Refused,
}

/// <summary>One request at one stage.</summary>
/// <param name="Id">Of the job or application.</param>
/// <param name="Valid">When it was at this stage; ends with <see cref="Instants.Never"/> while it is.</param>
/// <param name="Since">What its age is counted from: when it could have started; for a refusal the day of it.</param>
/// <param name="Preemptible">Filler work: shown apart from firm demand.</param>
/// <param name="Reason">Of a refusal; null: not said.</param>
public sealed record DemandSpan(
    PoolId Pool, TenantId Tenant, bool Preemptible, string Id, DemandKind Kind, Window Valid, int Devices, long Since, string? Reason);
