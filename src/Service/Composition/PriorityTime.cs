using Headroom.Domain.Accounting;
using Headroom.Domain.Facts;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Devices whose holders are priority classes instead of tenants.</summary>
internal sealed class PriorityTime(CenterDevices devices)
{
    /// <summary>The class of a holding that names none.</summary>
    public const string None = "none";

    private readonly ILookup<string, JobFact> _jobs = devices.Facts.Jobs.ToLookup(job => job.JobId, StringComparer.Ordinal);

    public IEnumerable<DeviceHistory> Histories =>
        devices.Histories.Select(history => history with { Holdings = [.. history.Holdings.Select(holding => holding with { Tenant = new(ClassOf(holding)) })] });

    // Clusters number their jobs each for itself, and may use a number again; who names no cluster means the job that ran then, of that tenant.
    private string ClassOf(Holding holding) =>
        _jobs[holding.JobId]
            .Where(job => holding.Cluster.Length == 0 || job.Cluster == holding.Cluster)
            .OrderByDescending(job => job.Run is { } run && run.Contains(holding.Valid.From))
            .ThenByDescending(job => job.Tenant == holding.Tenant)
            .FirstOrDefault()?.Priority ?? None;
}
