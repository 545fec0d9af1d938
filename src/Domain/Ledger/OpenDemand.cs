namespace Headroom.Domain.Ledger;

/// <summary>Devices of one account by stage, at one instant, and their attribution.</summary>
internal sealed class OpenDemand
{
    private readonly long[] _devices = new long[Enum.GetValues<DemandKind>().Length];

    public bool IsEmpty => _devices.AsSpan().IndexOfAnyExcept(0) < 0;

    public void Add(DemandKind kind, long devices) => _devices[(int)kind] += devices;

    /// <summary>A contract and the jobs of its tenant combine by maximum: contracts add only what exceeds the jobs.</summary>
    public LedgerAmounts Attributed()
    {
        var (runs, waits) = (this[DemandKind.JobRuns], this[DemandKind.JobWaits]);
        var (inForce, contracts) = (this[DemandKind.ContractInForce], this[DemandKind.ContractInForce] + this[DemandKind.ContractApproved]);
        var jobs = runs + waits;
        return new(
            Served: runs + Math.Max(0, inForce - jobs),
            Queued: waits + this[DemandKind.ApplicationWaits],
            Reserved: Math.Max(0, contracts - Math.Max(jobs, inForce)),
            Rejected: this[DemandKind.Refused]);
    }

    private long this[DemandKind kind] => _devices[(int)kind];
}
