using Headroom.Domain.Devices;

namespace Headroom.Domain.Ledger;

/// <summary>Whose demand: a pool's, a tenant's, firm or filler.</summary>
public readonly record struct LedgerAccount(PoolId Pool, TenantId Tenant, bool Preemptible);

/// <summary>Demand of one account, each device in exactly one of four places.</summary>
/// <remarks>Unit: devices at an instant, or device-microseconds over an hour.</remarks>
/// <param name="Served">Allocated: by jobs, and by contracts in force beyond their owner's jobs.</param>
/// <param name="Queued">Jobs that could start, and applications whose day has come. A stock: never added into a demand that is planned on.</param>
/// <param name="Reserved">Approved and not started, beyond what the tenant's jobs already ask for: the larger of the two counts, not their sum.</param>
/// <param name="Rejected">Refused or withdrawn for lack of capacity, while it would have been wanted.</param>
public readonly record struct LedgerAmounts(long Served, long Queued, long Reserved, long Rejected)
{
    public long Total => Served + Queued + Reserved + Rejected;

    public static LedgerAmounts operator +(LedgerAmounts left, LedgerAmounts right) =>
        new(left.Served + right.Served, left.Queued + right.Queued, left.Reserved + right.Reserved, left.Rejected + right.Rejected);

    public static LedgerAmounts operator *(LedgerAmounts amounts, long times) =>
        new(amounts.Served * times, amounts.Queued * times, amounts.Reserved * times, amounts.Rejected * times);
}

/// <summary>One account of the ledger.</summary>
public sealed record LedgerLine(LedgerAccount Account, LedgerAmounts Amounts);

/// <summary>One account in one hour. Unit of the amounts: device-microseconds.</summary>
/// <param name="HourStart">Unit: microseconds since the Unix epoch, UTC.</param>
public sealed record LedgerHour(LedgerAccount Account, long HourStart, LedgerAmounts Amounts);
