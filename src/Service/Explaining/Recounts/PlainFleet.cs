using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>Where a device stood from one record of the inventory to the next. Unit: microseconds since the Unix epoch.</summary>
internal sealed record Stay(long From, long Until, string? Host, string? Slot, string? Model, PoolId Pool);

/// <summary>A device, or a slice of it, wanted by a job, a reservation or a contract.</summary>
internal sealed record Hold(long From, long Until, TenantId Tenant, string JobId, bool IsJob, int SharePpm);

/// <summary>A time in which nothing about a device changes.</summary>
/// <param name="IsClosed">Out of order or in maintenance.</param>
/// <param name="Held">What each really has of it, in parts per million; nothing while it is closed.</param>
internal sealed record Still(long From, long Until, Stay Stay, bool IsClosed, ImmutableArray<(Hold Hold, int Ppm)> Held);

/// <summary>The records of one device, asked instant by instant.</summary>
internal sealed class PlainDevice(DeviceId id)
{
    private const int Whole = 1_000_000;

    public DeviceId Id { get; } = id;

    public List<Stay> Stays { get; } = [];

    public List<Window> Down { get; } = [];

    public List<Window> Maintenance { get; } = [];

    /// <summary>In the order in which they are served: by start, then id, then tenant.</summary>
    public List<Hold> Holds { get; } = [];

    /// <summary>When a label of telemetry would have told who holds it, although no log did.</summary>
    public List<Window> Labeled { get; } = [];

    public Stay? StayAt(long instant) => Stays.Find(stay => stay.From <= instant && instant < stay.Until);

    public bool IsClosedAt(long instant) => Down.Exists(window => window.Contains(instant)) || Maintenance.Exists(window => window.Contains(instant));

    /// <summary>Cuts the installed part of a window at every record, and asks at the begin of each piece what holds.</summary>
    /// <param name="more">Further instants to cut at.</param>
    public IEnumerable<Still> Stills(Window window, IReadOnlyCollection<long> more)
    {
        var near = Holds.Where(hold => hold.From < window.Until && hold.Until > window.From).ToList();
        var edges = new SortedSet<long> { window.From, window.Until };
        foreach (var edge in Stays.SelectMany(stay => (long[])[stay.From, stay.Until])
            .Concat(Down.Concat(Maintenance).Concat(Labeled).SelectMany(closed => (long[])[closed.From, closed.Until]))
            .Concat(near.SelectMany(hold => (long[])[hold.From, hold.Until]))
            .Concat(more))
        {
            if (window.Contains(edge))
            {
                edges.Add(edge);
            }
        }

        var from = window.From;
        foreach (var until in edges.Skip(1))
        {
            if (StayAt(from) is { } stay)
            {
                var isClosed = IsClosedAt(from);
                yield return new(from, until, stay, isClosed, isClosed ? [] : HeldAt(near, from));
            }

            from = until;
        }
    }

    // Jobs are served before reservations and contracts; what does not fit any more gets nothing.
    private static ImmutableArray<(Hold Hold, int Ppm)> HeldAt(List<Hold> holds, long instant)
    {
        var (left, held) = (Whole, ImmutableArray.CreateBuilder<(Hold, int)>());
        foreach (var isJob in (bool[])[true, false])
        {
            foreach (var hold in holds)
            {
                var ppm = Math.Min(left, hold.SharePpm);
                if (hold.IsJob == isJob && hold.From <= instant && instant < hold.Until && ppm > 0)
                {
                    held.Add((hold, ppm));
                    left -= ppm;
                }
            }
        }

        return held.ToImmutable();
    }
}

/// <summary>A center's records as they were read, put to each device once more: on purpose not by the code that accounting uses.</summary>
internal sealed class PlainFleet
{
    private const long DefaultPeriod = 60 * Micros.PerSecond;

    private readonly List<Window> _known;
    private readonly List<(PoolId Pool, Window Run)> _somewhere = [];

    public PlainFleet(CenterDevices devices)
    {
        var (facts, fallback) = (devices.Facts, devices.Center.FallbackPool);
        var scheduler = facts.Coverage.Where(span => span.Feed is FeedCoverage.Jobs or FeedCoverage.Allocations).Select(span => span.Valid).ToList();
        Register = [.. facts.Coverage.Where(span => span.Feed == FeedCoverage.Contracts).Select(span => span.Valid)];
        HasScheduler = scheduler.Exists(span => !span.IsEmpty);
        _known = HasScheduler ? scheduler : Register;
        JobsKnownUntil = facts.Coverage.Where(span => span.Feed == FeedCoverage.Jobs).Select(span => span.Valid.Until).Append(long.MinValue).Max();
        foreach (var group in facts.Inventory.GroupBy(fact => fact.Device))
        {
            Of(group.Key).Stays.AddRange(StaysOf([.. group.OrderBy(fact => fact.Valid.From).ThenBy(fact => fact.Event)], fallback));
            Of(group.Key).Down.AddRange(group.Where(fact => fact.Event is InventoryEvent.Down or InventoryEvent.Repair).Select(fact => fact.Valid));
            Of(group.Key).Maintenance.AddRange(group.Where(fact => fact.Event == InventoryEvent.Maintenance).Select(fact => fact.Valid));
        }

        var recorded = facts.Inventory.Select(fact => fact.Device.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var seen in facts.Devices.Where(seen => !recorded.Contains(seen.Sighting.Id) && !IsOfAnotherHost(seen.Sighting, facts.Settlements)))
        {
            var pool = seen.Sighting.Pool is { Length: > 0 } named ? new PoolId(named) : fallback;
            Of(new(seen.Sighting.Id)).Stays.Add(new(seen.FirstSample - (devices.Center.PeriodMicros ?? DefaultPeriod), Instants.Never, seen.Sighting.Host, seen.Sighting.Slot, seen.Sighting.Model, pool));
        }

        var labels = new PlainLabels(facts, scheduler);
        HasScheduler |= labels.Any;
        if (labels.Any && scheduler.TrueForAll(span => span.IsEmpty))
        {
            _known = [];
        }

        EndWhereItsOtherNameBegins(facts.Settlements);
        EndWhereAnotherComes(facts.Settlements);
        AddHolds(facts.Jobs, [.. facts.Allocations.Where(fact => fact.Kind != AllocationKind.Labeled)], facts.Coverage, labels);
        foreach (var job in facts.Jobs.Where(job => job.DeviceIds.IsEmpty && job.Started is not null))
        {
            _somewhere.Add((job.Pool ?? fallback, new(job.Started!.Value, job.Ended ?? Math.Max(JobsKnownUntil, job.Started.Value))));
        }
    }

    public Dictionary<DeviceId, PlainDevice> Devices { get; } = [];

    /// <summary>When the register of reservations and contracts would have told of one.</summary>
    public List<Window> Register { get; }

    public bool HasScheduler { get; }

    /// <summary>Where the feed of jobs ends: what runs then holds its devices until there.</summary>
    public long JobsKnownUntil { get; }

    /// <summary>Instants at which it may change whether allocation is known.</summary>
    public IReadOnlyCollection<long> KnownEdges => [.. _known.Concat(Register).Concat(_somewhere.Select(entry => entry.Run)).SelectMany(span => (long[])[span.From, span.Until])];

    /// <summary>Whether it would be known if a device were held: labels would tell, or a log does and no job runs in the pool that names no devices.</summary>
    public bool IsAllocationKnown(PlainDevice device, PoolId pool, long instant) =>
        device.Labeled.Exists(span => span.Contains(instant))
        || (_known.Exists(span => span.Contains(instant)) && !_somewhere.Exists(entry => entry.Pool == pool && entry.Run.Contains(instant)));

    // A person said which host has the card; what another tells by its name is none.
    private static bool IsOfAnotherHost(DeviceSighting sighting, IEnumerable<SettlementFact> settlements) =>
        settlements.Any(settlement => settlement.Decision == Settlement.OnHost && sighting.Host != settlement.Host && sighting.Host is { } host && sighting.Id == SettlementFact.NameOn(settlement.Device.Value, host));

    private PlainDevice Of(DeviceId device) => Devices.TryGetValue(device, out var known) ? known : Devices[device] = new(device);

    private static List<Stay> StaysOf(List<InventoryFact> facts, PoolId fallback)
    {
        var stays = new List<Stay>();
        Stay? now = null;
        foreach (var fact in facts)
        {
            if (now is not null && now.Until <= fact.Valid.From)
            {
                now = null;
            }

            if (fact.Event is not (InventoryEvent.Installed or InventoryEvent.Moved or InventoryEvent.Retired) || (now is null && fact.Event != InventoryEvent.Installed))
            {
                continue;
            }

            var before = now;
            if (before is not null)
            {
                stays[^1] = before with { Until = fact.Valid.From };
            }

            now = fact.Event == InventoryEvent.Retired
                ? null
                : before is null
                    ? new(fact.Valid.From, fact.Valid.Until, fact.Host, fact.Slot, fact.Model, fact.Pool ?? fallback)
                    : new(fact.Valid.From, before.Until, fact.Host ?? before.Host, fact.Slot ?? (fact.Host is null ? before.Slot : null), fact.Model ?? before.Model, fact.Pool ?? before.Pool);
            if (now is not null)
            {
                stays.Add(now);
            }
        }

        return [.. stays.Where(stay => stay.From < stay.Until)];
    }

    private void EndWhereItsOtherNameBegins(IEnumerable<SettlementFact> settlements)
    {
        foreach (var same in settlements.Where(settlement => settlement.Decision == Settlement.SameCard))
        {
            if (Devices.TryGetValue(same.Device, out var mine) && same.Other is { } other && Devices.TryGetValue(other, out var name) && name.Stays.Count > 0)
            {
                var begin = name.Stays[0].From;
                mine.Stays.RemoveAll(stay => stay.From >= begin);
                if (mine.Stays.Count > 0)
                {
                    mine.Stays[^1] = mine.Stays[^1] with { Until = Math.Min(mine.Stays[^1].Until, begin) };
                }
            }
        }
    }

    // Two devices are never in one slot, unless a person said that they are.
    private void EndWhereAnotherComes(ImmutableArray<SettlementFact> settlements)
    {
        var slots = Devices.Values.SelectMany(device => device.Stays.Select(stay => (device.Id, Stay: stay))).Where(entry => entry.Stay is { Host: not null, Slot: not null }).ToLookup(entry => (entry.Stay.Host, entry.Stay.Slot));
        foreach (var device in Devices.Values)
        {
            for (var i = 0; i < device.Stays.Count; i++)
            {
                var stay = device.Stays[i];
                foreach (var (other, theirs) in slots[(stay.Host, stay.Slot)])
                {
                    var comesLater = theirs.From > stay.From || (theirs.From == stay.From && string.CompareOrdinal(other.Value, device.Id.Value) > 0);
                    var isApart = settlements.Any(settlement => settlement.Decision == Settlement.ApartCards && settlement.IsAbout(device.Id, other));
                    if (other != device.Id && comesLater && !isApart && theirs.From < device.Stays[i].Until)
                    {
                        device.Stays[i] = device.Stays[i] with { Until = theirs.From };
                    }
                }
            }

            device.Stays.RemoveAll(stay => stay.From >= stay.Until);
        }

        foreach (var gone in Devices.Values.Where(device => device.Stays.Count == 0).ToList())
        {
            Devices.Remove(gone.Id);
        }
    }

    private void AddHolds(IEnumerable<JobFact> jobs, ImmutableArray<AllocationFact> allocations, IEnumerable<FeedCoverage> coverage, PlainLabels labels)
    {
        var toldUntil = coverage.Where(span => span.Feed == FeedCoverage.Allocations).Select(span => span.Valid.Until).Append(long.MinValue).Max();
        var named = allocations.Where(fact => fact is { Kind: AllocationKind.Job, JobId.Length: > 0 }).Select(fact => (fact.Device, fact.JobId!)).ToHashSet();
        foreach (var job in jobs.Where(job => job.Started is not null))
        {
            foreach (var device in job.DeviceIds.Where(device => !named.Contains((device, job.JobId))))
            {
                Add(device, new(job.Started!.Value, job.Ended ?? Math.Max(JobsKnownUntil, job.Started.Value), job.Tenant, job.JobId, IsJob: true, AllocationFact.Whole));
            }
        }

        foreach (var fact in allocations)
        {
            var isOpen = fact.Kind == AllocationKind.Job && fact.Valid.Until == Instants.Never;
            Add(fact.Device, new(fact.Valid.From, isOpen ? Math.Max(toldUntil, fact.Valid.From) : fact.Valid.Until, fact.Tenant, fact.JobId ?? "", fact.Kind == AllocationKind.Job, fact.SharePpm));
        }

        labels.AddTo(Devices);
        foreach (var device in Devices.Values)
        {
            device.Holds.Sort((left, right) => left.From != right.From
                ? left.From.CompareTo(right.From)
                : string.CompareOrdinal(left.JobId, right.JobId) is var byJob and not 0 ? byJob : string.CompareOrdinal(left.Tenant.Value, right.Tenant.Value));
        }

        void Add(DeviceId device, Hold hold)
        {
            if (hold.From < hold.Until && Devices.TryGetValue(device, out var known))
            {
                known.Holds.Add(hold);
            }
        }
    }
}
