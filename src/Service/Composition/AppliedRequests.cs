using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Service.Composition;

/// <summary>Makes what is applied for, of one pool, out of its requests.</summary>
internal static class AppliedRequests
{
    /// <summary>Over which a tenant's jobs are averaged before its contracts are compared with them. Unit: days.</summary>
    private const int RecentDays = 28;

    /// <summary>A contract that begins later than this after the last one does not follow it. Unit: days.</summary>
    private const int FollowsWithinDays = 30;

    /// <param name="jobs">As they stood at <paramref name="now"/>; null: there is no job log.</param>
    /// <param name="requests">As they stood then.</param>
    /// <param name="fallback">The pool of what names none.</param>
    public static AppliedDemand Of(
        IReadOnlyCollection<JobFact>? jobs, IReadOnlyCollection<RequestFact> requests, ImmutableArray<ObservedHour> observed, PoolId fallback, long now)
    {
        if (requests.Count == 0 || observed.IsEmpty)
        {
            return AppliedDemand.None;
        }

        var granted = Granted(requests);
        var recent = new Window(Math.Max(observed[0].Start, now - (RecentDays * Micros.PerDay)), observed[^1].Start + Micros.PerHour);
        var busy = jobs is null ? [] : ByTenant(new DemandLedger(DemandSpans.Of(jobs, [], fallback)), recent);
        var leave = Leave(requests, now);
        var tenants = requests
            .GroupBy(request => request.Tenant)
            .OrderBy(tenant => tenant.Key.Value, StringComparer.Ordinal)
            .Select(tenant => new TenantPlan(
                busy.GetValueOrDefault(tenant.Key),
                [.. tenant.Where(request => IsToCome(request, jobs is not null, now)).OrderBy(request => request.RequestId, StringComparer.Ordinal).Select(request => Planned(request, granted))])
            {
                Departures = [.. Departures([.. tenant], jobs is null ? null : busy.GetValueOrDefault(tenant.Key), leave, now)],
            })
            .Where(plan => !plan.Requests.IsEmpty || !plan.Departures.IsEmpty);
        return new(Past(jobs, requests, observed, fallback, now), [.. tenants]);
    }

    /// <summary>Chance that a request nobody gave one comes: the share granted of those decided so far, with one of each imagined.</summary>
    public static double Granted(IEnumerable<RequestFact> requests)
    {
        var decided = requests.Where(request => request.State != RequestState.Pending).ToList();
        return (1.0 + decided.Count(request => !IsLost(request))) / (2.0 + decided.Count);
    }

    /// <summary>Chance that a tenant leaves when its contract ends: the share of those that ended so far and were not followed by another, with one of each imagined.</summary>
    public static double Leave(IReadOnlyCollection<RequestFact> requests, long now)
    {
        var ended = requests.Where(request => IsContract(request) && request.WantedTo <= now).ToList();
        return (1.0 + ended.Count(request => !IsFollowed(request, requests))) / (2.0 + ended.Count);
    }

    /// <summary>Of each contract in force that ends and is not followed: what its tenant demands by it now.</summary>
    /// <param name="busy">Mean devices the tenant's jobs asked for of late; null: there is no job log, and the contract is among the devices seen allocated.</param>
    private static IEnumerable<Departure> Departures(List<RequestFact> tenant, double? busy, double leave, long now)
    {
        var held = tenant.Where(request => IsContract(request) && request.State != RequestState.Completed && request.Wanted.Contains(now)).ToList();
        var all = held.Sum(request => (double)request.Devices);
        return held
            .Where(request => request.WantedTo is not null && !IsFollowed(request, tenant))
            .OrderBy(request => request.WantedTo)
            .ThenBy(request => request.RequestId, StringComparer.Ordinal)
            .Select(request => new Departure(request.WantedTo!.Value, busy is { } jobs ? Math.Min(request.Devices, jobs * request.Devices / all) : request.Devices, leave))
            .Where(departure => departure.Devices > 0);
    }

    private static bool IsContract(RequestFact request) => request.State is RequestState.Approved or RequestState.Running or RequestState.Completed;

    /// <summary>The tenant has another request, not lost, that goes on beyond the end and begins no later than a month after it.</summary>
    private static bool IsFollowed(RequestFact ended, IEnumerable<RequestFact> requests) => requests.Any(request =>
        request.Tenant == ended.Tenant
        && request.RequestId != ended.RequestId
        && !IsLost(request)
        && request.Wanted.Until > ended.WantedTo
        && request.Wanted.From <= ended.WantedTo + (FollowsWithinDays * Micros.PerDay));

    private static bool IsLost(RequestFact request) => request.State is RequestState.Rejected or RequestState.Withdrawn;

    // Without a job log what is in force is among the devices seen allocated. What was lost for other reasons than capacity is not wanted.
    private static bool IsToCome(RequestFact request, bool knowsJobs, long now) =>
        request.Wanted.Until > now
        && request.State != RequestState.Completed
        && (!IsLost(request) || LackOfCapacity.Is(request.Reason))
        && (knowsJobs || IsLost(request) || request.State == RequestState.Pending || request.Wanted.From >= now);

    // Who was turned away for lack of capacity wanted it: that it did not come says nothing of demand.
    private static PlannedRequest Planned(RequestFact request, double granted) => new(
        request.Devices,
        request.Wanted,
        IsLost(request) || request.State == RequestState.Running ? 1 : request.Probability ?? (request.State == RequestState.Approved ? 1 : granted),
        IsContract: request.State is RequestState.Approved or RequestState.Running);

    /// <summary>By hour, what requests ask for beyond the jobs, from the day they want it on, whatever became of them. Without a job log: only what was not served.</summary>
    private static ImmutableDictionary<long, double> Past(
        IReadOnlyCollection<JobFact>? jobs, IReadOnlyCollection<RequestFact> requests, ImmutableArray<ObservedHour> observed, PoolId fallback, long now)
    {
        var window = new Window(observed[0].Start, observed[^1].Start + Micros.PerHour);
        var wanted = requests.Where(request => request.Wanted.From < now).ToDictionary(request => request.RequestId, StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return ImmutableDictionary<long, double>.Empty;
        }

        var spans = DemandSpans.Of(jobs ?? [], wanted.Values, fallback)
            .Select(span => span.Kind is DemandKind.JobRuns or DemandKind.JobWaits ? span : span with { Valid = span.Valid with { From = Math.Max(span.Valid.From, wanted[span.Id].Wanted.From) } });
        var both = ByHour(new DemandLedger([.. spans]), window, jobs is null ? Unserved : Total);
        var alone = jobs is null ? [] : ByHour(new DemandLedger(DemandSpans.Of(jobs, [], fallback)), window, Total);
        return observed
            .Select(hour => (hour.Start, More: (double)(both.GetValueOrDefault(hour.Start) - alone.GetValueOrDefault(hour.Start)) / Micros.PerHour))
            .Where(hour => hour.More != 0)
            .ToImmutableDictionary(hour => hour.Start, hour => hour.More);
    }

    private static long Total(LedgerAmounts amounts) => amounts.Total;

    private static long Unserved(LedgerAmounts amounts) => amounts.Queued + amounts.Rejected;

    private static Dictionary<long, long> ByHour(DemandLedger ledger, Window window, Func<LedgerAmounts, long> part) => ledger
        .Hours(window)
        .Where(hour => !hour.Account.Preemptible)
        .GroupBy(hour => hour.HourStart)
        .ToDictionary(hour => hour.Key, hour => hour.Sum(line => part(line.Amounts)));

    private static Dictionary<TenantId, double> ByTenant(DemandLedger ledger, Window window) => ledger
        .Hours(window)
        .Where(hour => !hour.Account.Preemptible)
        .GroupBy(hour => hour.Account.Tenant)
        .ToDictionary(tenant => tenant.Key, tenant => (double)tenant.Sum(hour => hour.Amounts.Total) / window.Length.Value);
}
