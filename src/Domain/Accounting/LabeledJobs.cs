using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>Finds the devices of jobs whose log names none, by the labels of telemetry.</summary>
public static class LabeledJobs
{
    /// <summary>The jobs; one whose labels were seen on as many devices as it has, while it ran, names them.</summary>
    public static ImmutableArray<JobFact> Placed(ImmutableArray<JobFact> jobs, ImmutableArray<AllocationFact> allocations)
    {
        var labels = allocations.Where(fact => fact is { Kind: AllocationKind.Labeled, JobId: not null }).ToLookup(fact => fact.JobId!, StringComparer.Ordinal);
        return labels.Count == 0 ? jobs : [.. jobs.Select(job => job is { DeviceIds.IsEmpty: true, Run: { } run } && labels.Contains(job.JobId) ? Placed(job, run, labels[job.JobId]) : job)];
    }

    private static JobFact Placed(JobFact job, Window run, IEnumerable<AllocationFact> labels)
    {
        ImmutableArray<DeviceId> devices = [.. labels.Where(fact => fact.Valid.Overlaps(run)).Select(fact => fact.Device).Distinct().OrderBy(device => device.Value, StringComparer.Ordinal)];
        return devices.Length == job.Devices ? job with { DeviceIds = devices } : job;
    }
}
