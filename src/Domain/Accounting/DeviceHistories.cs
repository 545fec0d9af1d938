using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>A device that telemetry names and the inventory does not: taken as installed from its first sample on, and said to be assumed.</summary>
public sealed record AssumedDevice(DeviceId Device, long FirstSeen, string? Host, string? Slot, string? Model, PoolId Pool);

/// <summary>Folds dated facts into one history per device.</summary>
public static class DeviceHistories
{
    /// <summary>One history for each device that was ever installed or assumed, ordered by device id.</summary>
    /// <param name="fallbackPool">The pool of a device whose inventory names none.</param>
    /// <param name="allocations">Devices held by name, also in slices; null: none. Beside one of a job on a device, the job's own list of devices does not count for it.</param>
    public static ImmutableArray<DeviceHistory> Fold(
        IEnumerable<InventoryFact> inventory,
        IEnumerable<JobFact> jobs,
        IEnumerable<FeedCoverage> coverage,
        IEnumerable<AssumedDevice> assumed,
        PoolId fallbackPool,
        IEnumerable<AllocationFact>? allocations = null)
    {
        var feeds = coverage.ToLookup(span => span.Feed, span => span.Valid);
        var (scheduler, register) = (WindowSet.Union(feeds[FeedCoverage.Jobs].Concat(feeds[FeedCoverage.Allocations])), WindowSet.Union(feeds[FeedCoverage.Contracts]));
        var knownUntil = feeds[FeedCoverage.Jobs].Select(span => span.Until).DefaultIfEmpty(long.MinValue).Max();
        var heldUntil = feeds[FeedCoverage.Allocations].Select(span => span.Until).DefaultIfEmpty(long.MinValue).Max();
        var known = scheduler.IsEmpty ? register : scheduler;
        var everyJob = jobs as IReadOnlyCollection<JobFact> ?? [.. jobs];
        var (holdings, somewhere) = (Holdings(everyJob, allocations ?? [], knownUntil, heldUntil), Somewhere(everyJob, knownUntil, fallbackPool));
        var byDevice = inventory.GroupBy(fact => fact.Device).ToDictionary(group => group.Key, group => group.OrderBy(f => f.Valid.From).ThenBy(f => f.Event).ToList());
        var placements = byDevice.ToDictionary(pair => pair.Key, pair => Placements(pair.Value, fallbackPool));
        foreach (var device in assumed.Where(device => !placements.TryGetValue(device.Device, out var list) || list.Count == 0))
        {
            placements[device.Device] = [new Placement(new(device.FirstSeen, Instants.Never), device.Host, device.Slot, device.Model, device.Pool)];
        }

        EndWhenTheSlotIsTaken(placements);
        return
        [
            .. placements
                .Where(pair => pair.Value.Count > 0)
                .OrderBy(pair => pair.Key.Value, StringComparer.Ordinal)
                .Select(pair =>
                {
                    var facts = byDevice.GetValueOrDefault(pair.Key, []);
                    return new DeviceHistory(
                        pair.Key,
                        [.. pair.Value],
                        WindowSet.Union(facts.Where(f => f.Event is InventoryEvent.Down or InventoryEvent.Repair).Select(f => f.Valid)),
                        WindowSet.Union(facts.Where(f => f.Event is InventoryEvent.Maintenance).Select(f => f.Valid)),
                        Known(known, pair.Value, somewhere),
                        holdings.GetValueOrDefault(pair.Key, []))
                    {
                        ContractKnown = register,
                        HasScheduler = !scheduler.IsEmpty,
                    };
                }),
        ];
    }

    // While a job without devices runs in a pool, any device that nobody is known to hold may be one of its own: unknown, not free.
    private static ImmutableArray<Window> Known(ImmutableArray<Window> known, List<Placement> placements, Dictionary<PoolId, ImmutableArray<Window>> somewhere)
    {
        foreach (var placement in placements.Where(placement => somewhere.ContainsKey(placement.Pool)))
        {
            known = WindowSet.Minus(known, WindowSet.Union(somewhere[placement.Pool].Select(run => run.Within(placement.Valid))));
        }

        return known;
    }

    private static Dictionary<PoolId, ImmutableArray<Window>> Somewhere(IEnumerable<JobFact> jobs, long knownUntil, PoolId fallbackPool) =>
        jobs
            .Where(job => job.DeviceIds.IsEmpty && job.Started is not null)
            .GroupBy(job => job.Pool ?? fallbackPool, job => JobTime.Run(job, knownUntil)!.Value)
            .ToDictionary(group => group.Key, group => WindowSet.Union(group));

    private static Dictionary<DeviceId, ImmutableArray<Holding>> Holdings(IEnumerable<JobFact> jobs, IEnumerable<AllocationFact> allocations, long knownUntil, long heldUntil)
    {
        var held = allocations.Select(fact => (fact.Device, Holding: HoldingOf(fact, heldUntil))).ToList();
        var named = held.Where(pair => pair.Holding.IsByScheduler && pair.Holding.JobId.Length > 0).Select(pair => (pair.Device, pair.Holding.JobId)).ToHashSet();
        return jobs
            .Where(job => job.Run is not null)
            .SelectMany(job => job.DeviceIds.Where(device => !named.Contains((device, job.JobId))).Select(device => (Device: device, Holding: new Holding(
                JobTime.Run(job, knownUntil)!.Value, job.Tenant, job.JobId)
            {
                Cluster = job.Cluster,
            })))
            .Concat(held)
            .Where(pair => !pair.Holding.Valid.IsEmpty)
            .GroupBy(pair => pair.Device, pair => pair.Holding)
            .ToDictionary(
                group => group.Key,
                group => group.OrderBy(h => h.Valid.From).ThenBy(h => h.JobId, StringComparer.Ordinal).ThenBy(h => h.Tenant.Value, StringComparer.Ordinal).ToImmutableArray());
    }

    // What a scheduler left open holds as far as its feed tells; a contract holds until somebody says that it ended.
    private static Holding HoldingOf(AllocationFact fact, long heldUntil) =>
        new(fact.Kind == AllocationKind.Job && fact.Valid.Until == Instants.Never ? fact.Valid with { Until = Math.Max(heldUntil, fact.Valid.From) } : fact.Valid, fact.Tenant, fact.JobId ?? "")
        {
            Kind = fact.Kind,
            SharePpm = fact.SharePpm,
        };

    private static List<Placement> Placements(List<InventoryFact> facts, PoolId fallbackPool)
    {
        var placements = new List<Placement>();
        foreach (var fact in facts)
        {
            var open = placements.Count > 0 && placements[^1].Valid.Until > fact.Valid.From ? placements[^1] : null;
            switch (fact.Event)
            {
                case InventoryEvent.Installed when open is null:
                    placements.Add(new(fact.Valid, fact.Host, fact.Slot, fact.Model, fact.Pool ?? fallbackPool));
                    break;
                case InventoryEvent.Installed or InventoryEvent.Moved when open is not null:
                    placements[^1] = open with { Valid = open.Valid with { Until = fact.Valid.From } };
                    placements.Add(new(
                        new(fact.Valid.From, open.Valid.Until),
                        fact.Host ?? open.Host,
                        fact.Slot ?? (fact.Host is null ? open.Slot : null),
                        fact.Model ?? open.Model,
                        fact.Pool ?? open.Pool));
                    break;
                case InventoryEvent.Retired when open is not null:
                    placements[^1] = open with { Valid = open.Valid with { Until = fact.Valid.From } };
                    break;
                default:
                    break;
            }
        }

        placements.RemoveAll(placement => placement.Valid.IsEmpty);
        return placements;
    }

    // Two devices are never in one slot: the newcomer ends whoever was there.
    private static void EndWhenTheSlotIsTaken(Dictionary<DeviceId, List<Placement>> placements)
    {
        var slots = placements
            .SelectMany(pair => pair.Value.Select((placement, index) => (Device: pair.Key, Index: index, Placement: placement)))
            .Where(entry => entry.Placement.Host is not null && entry.Placement.Slot is not null)
            .GroupBy(entry => (entry.Placement.Host, entry.Placement.Slot));
        foreach (var slot in slots)
        {
            var tenants = slot.OrderBy(entry => entry.Placement.Valid.From).ThenBy(entry => entry.Device.Value, StringComparer.Ordinal).ToList();
            for (var i = 1; i < tenants.Count; i++)
            {
                var (before, after) = (tenants[i - 1], tenants[i]);
                if (before.Device != after.Device && before.Placement.Valid.Until > after.Placement.Valid.From)
                {
                    placements[before.Device][before.Index] = before.Placement with
                    {
                        Valid = before.Placement.Valid with { Until = after.Placement.Valid.From },
                    };
                }
            }
        }

        foreach (var list in placements.Values)
        {
            list.RemoveAll(placement => placement.Valid.IsEmpty);
        }
    }
}
