using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>What labels of telemetry tell of allocation. They count where nothing better does: not in the time that a job log or file of allocations covers, where that names devices.</summary>
internal sealed class LabeledTime
{
    private readonly ILookup<DeviceId, AllocationFact> _facts;
    private readonly ImmutableArray<Window> _better;
    private readonly IReadOnlyDictionary<DeviceId, long> _lastHeard;
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);

    /// <param name="allocations">By whether they are of labels.</param>
    /// <param name="scheduler">The time that job logs and files of allocations cover.</param>
    public LabeledTime(IReadOnlyCollection<JobFact> jobs, ILookup<bool, AllocationFact> allocations, ImmutableArray<Window> scheduler, IReadOnlyDictionary<DeviceId, long> lastHeard)
    {
        _facts = allocations[true].ToLookup(fact => fact.Device);
        _lastHeard = lastHeard;
        var placed = allocations[true].Where(fact => fact.JobId is not null).Select(fact => (fact.Device, fact.JobId)).ToHashSet();
        var namesDevices = allocations[false].Any(fact => fact.Kind == AllocationKind.Job)
            || jobs.Any(job => !job.DeviceIds.IsEmpty && !job.DeviceIds.All(device => placed.Contains((device, job.JobId))));
        _better = namesDevices ? scheduler : [];
        Holdings = IsEmpty ? [] : [.. Told(jobs)];
    }

    public bool IsEmpty => _facts.Count == 0;

    public ImmutableArray<(DeviceId Device, Holding Holding)> Holdings { get; }

    /// <summary>Learns since when each host's exporter names holders.</summary>
    public void Place(Dictionary<DeviceId, List<Placement>> placements)
    {
        foreach (var facts in _facts)
        {
            var first = facts.Min(fact => fact.Valid.From);
            foreach (var host in placements.GetValueOrDefault(facts.Key, []).Where(placement => placement.Valid.Until > first).Select(placement => placement.Host).OfType<string>())
            {
                _since[host] = Math.Min(_since.GetValueOrDefault(host, Instants.Never), first);
            }
        }
    }

    /// <summary>When labels would have named a holder of a device: from the first label of its host to its own last sample.</summary>
    public IEnumerable<Window> Known(DeviceId device, IEnumerable<Placement> placements) =>
        _lastHeard.TryGetValue(device, out var last)
            ? WindowSet.Minus(
                WindowSet.Union(placements.Where(placement => placement.Host is not null && _since.ContainsKey(placement.Host)).Select(placement => placement.Valid.Within(new(_since[placement.Host!], last)))),
                _better)
            : [];

    // A page that was read twice, or in other pieces, tells the same time again: one holder's time is a union.
    private IEnumerable<(DeviceId Device, Holding Holding)> Told(IReadOnlyCollection<JobFact> jobs)
    {
        var runs = jobs.Where(job => job.Run is not null).ToLookup(job => job.JobId, StringComparer.Ordinal);
        var listed = jobs.SelectMany(job => job.DeviceIds.Select(device => (device, job.JobId))).ToHashSet();
        return
            from facts in _facts
            from fact in facts
            where fact.JobId is null || !listed.Contains((fact.Device, fact.JobId))
            let valid = fact.Valid.Until == Instants.Never ? fact.Valid with { Until = Math.Max(fact.Valid.From, _lastHeard.GetValueOrDefault(fact.Device, fact.Valid.From)) } : fact.Valid
            let tenant = fact.Tenant.Value.Length > 0 || fact.JobId is null ? fact.Tenant : runs[fact.JobId].Where(job => job.Run!.Value.Overlaps(valid)).Select(job => (TenantId?)job.Tenant).FirstOrDefault() ?? fact.Tenant
            group valid by (fact.Device, Tenant: tenant, fact.JobId, fact.SharePpm) into holder
            from window in WindowSet.Minus(WindowSet.Union(holder), _better)
            select (holder.Key.Device, new Holding(window, holder.Key.Tenant, holder.Key.JobId ?? "") { Kind = AllocationKind.Labeled, SharePpm = holder.Key.SharePpm });
    }
}
