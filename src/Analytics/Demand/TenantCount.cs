namespace Headroom.Analytics.Demand;

/// <summary>What an observer sees of one tenant in one hour. Unit: mean devices.</summary>
/// <param name="Start">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Quota">What the tenant may hold; null: it has no quota, or it is not known.</param>
/// <param name="Allocated">May pass the quota: borrowed devices.</param>
/// <param name="Queued">Null: not counted.</param>
public readonly record struct TenantCount(string Tenant, long Start, double? Quota, double Allocated, double? Queued);
