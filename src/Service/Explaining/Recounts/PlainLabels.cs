using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>Who held a device by the labels of its samples, where no log that names devices tells: put to each device once more, record by record.</summary>
internal sealed class PlainLabels
{
    private readonly ILookup<string, JobFact> _jobs;
    private readonly List<AllocationFact> _told;
    private readonly HashSet<(DeviceId Device, string? Job)> _named;
    private readonly List<Window> _better;
    private readonly Dictionary<DeviceId, long> _lastSample;

    /// <param name="scheduler">The time that job logs and files of allocations cover.</param>
    public PlainLabels(CenterFacts facts, List<Window> scheduler)
    {
        _jobs = facts.Jobs.ToLookup(job => job.JobId, StringComparer.Ordinal);
        _told = [.. facts.Allocations.Where(fact => fact.Kind == AllocationKind.Labeled)];
        _named = [.. _told.Select(fact => (fact.Device, fact.JobId))];
        _lastSample = facts.Devices.ToDictionary(device => new DeviceId(device.Sighting.Id), device => device.LastSample);
        _better = facts.Allocations.Any(fact => fact.Kind == AllocationKind.Job) || facts.Jobs.Any(NamesItsOwnDevices) ? scheduler : [];
    }

    public bool Any => _told.Count > 0;

    public void AddTo(Dictionary<DeviceId, PlainDevice> devices)
    {
        var firstOfHost = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var group in _told.Where(fact => devices.ContainsKey(fact.Device)).GroupBy(fact => fact.Device))
        {
            var first = group.Min(fact => fact.Valid.From);
            foreach (var host in devices[group.Key].Stays.Where(stay => stay.Until > first && stay.Host is not null).Select(stay => stay.Host!))
            {
                firstOfHost[host] = Math.Min(firstOfHost.GetValueOrDefault(host, long.MaxValue), first);
            }

            AddHolds(devices[group.Key], [.. group]);
        }

        foreach (var device in devices.Values)
        {
            foreach (var stay in device.Stays.Where(stay => stay.Host is not null && firstOfHost.ContainsKey(stay.Host)))
            {
                var until = Math.Min(stay.Until, _lastSample.GetValueOrDefault(device.Id, long.MinValue));
                device.Labeled.AddRange(Apart(Math.Max(stay.From, firstOfHost[stay.Host!]), until).Select(piece => new Window(piece.From, piece.Until)));
            }
        }
    }

    // A job whose devices are those that its labels name is told by them alone.
    private bool NamesItsOwnDevices(JobFact job) =>
        job.DeviceIds.Any(device => !_named.Contains((device, job.JobId)));

    private void AddHolds(PlainDevice device, List<AllocationFact> told)
    {
        var byHolder = new Dictionary<(TenantId Tenant, string Job, int Share), List<(long From, long Until)>>();
        foreach (var fact in told.OrderBy(fact => fact.Valid.From))
        {
            if (fact.JobId is { } named && _jobs[named].Any(job => job.DeviceIds.Contains(device.Id)))
            {
                continue;
            }

            var until = fact.Valid.Until == Instants.Never ? Math.Max(fact.Valid.From, _lastSample.GetValueOrDefault(device.Id, fact.Valid.From)) : fact.Valid.Until;
            var holder = (TenantOf(fact, until), fact.JobId ?? "", fact.SharePpm);
            var times = byHolder.TryGetValue(holder, out var known) ? known : byHolder[holder] = [];
            if (times.Count > 0 && fact.Valid.From <= times[^1].Until)
            {
                times[^1] = (times[^1].From, Math.Max(times[^1].Until, until));
            }
            else
            {
                times.Add((fact.Valid.From, until));
            }
        }

        foreach (var ((tenant, job, share), times) in byHolder)
        {
            device.Holds.AddRange(times.SelectMany(time => Apart(time.From, time.Until)).Select(piece => new Hold(piece.From, piece.Until, tenant, job, IsJob: true, share)));
        }
    }

    // A label that names no tenant has that of the job it names.
    private TenantId TenantOf(AllocationFact fact, long until) =>
        fact.Tenant.Value.Length > 0 || fact.JobId is null
            ? fact.Tenant
            : _jobs[fact.JobId].FirstOrDefault(job => job.Started < until && (job.Ended ?? Instants.Never) > fact.Valid.From)?.Tenant ?? fact.Tenant;

    // What is left of a time when the time of better records is taken out.
    private List<(long From, long Until)> Apart(long from, long until)
    {
        var pieces = new List<(long From, long Until)>();
        var at = from;
        foreach (var better in _better.OrderBy(span => span.From))
        {
            if (better.From > at)
            {
                pieces.Add((at, Math.Min(until, better.From)));
            }

            at = Math.Max(at, better.Until);
        }

        pieces.Add((at, until));
        pieces.RemoveAll(piece => piece.From >= piece.Until);
        return pieces;
    }
}
