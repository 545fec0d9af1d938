using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Messages;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Demand of a center, pool by pool: its hours, its jobs as they stood, and what was applied for. Commands, reports and the API ask here.</summary>
/// <param name="Observed">The local days that were looked at, as instants.</param>
/// <param name="Pools">As the center file lists them, then any other.</param>
internal sealed record CenterDemand(CenterDefinition Center, CenterFacts Facts, Window Observed, ImmutableArray<PoolDemand> Pools)
{
    /// <summary>How far back demand is looked at. Unit: days.</summary>
    private const int HistoryDays = 400;

    /// <param name="day">The last local day that counts; null: all that was received, to the last whole hour.</param>
    /// <returns>Without pools: nothing was installed.</returns>
    /// <exception cref="UserException">The day is not over.</exception>
    public static async Task<CenterDemand> ReadAsync(
        IStore store, TimeProvider clock, CenterDefinition center, CardCatalog catalog, DateOnly? day, long asOf, CancellationToken cancellationToken)
    {
        var (centerClock, now) = (center.Clock(), Math.Min(asOf, clock.Now()));
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var until = day is { } known ? centerClock.Day(known).Until : Reach(facts, now);
        var last = centerClock.DayOf(until - 1);
        if (until > now)
        {
            throw new UserException(UserMessage.Of(MessageCode.DayNotBegun, center.Id.ToString(), Dates.Iso(last), Dates.Iso(centerClock.DayOf(now))));
        }

        var devices = new CenterDevices(center, facts);
        var hours = await new CardHourKeeper(store, clock).ReadPoolHoursAsync(
            devices, catalog, PoolRatings.Of(center, catalog), FirstDay(facts, centerClock, last), last.AddDays(1), asOf, cancellationToken);
        return Of(devices, catalog, hours, until);
    }

    /// <param name="hours">From <see cref="FirstDay"/> on.</param>
    /// <param name="until">The end of what is looked at. Unit: microseconds since the Unix epoch.</param>
    public static CenterDemand Of(CenterDevices devices, CardCatalog catalog, IEnumerable<PoolHour> hours, long until)
    {
        var (center, facts) = (devices.Center, devices.Facts);
        var clock = center.Clock();
        var from = Start(facts);
        var byPool = hours.ToLookup(hour => hour.Pool);
        var pools = byPool.Select(pool => pool.Key).Union(facts.Counts.Select(count => count.Pool ?? center.FallbackPool))
            .OrderBy(pool => Place(center, pool))
            .ThenBy(pool => pool.Value, StringComparer.Ordinal)
            .Select(pool => OfPool(devices, catalog, pool, [.. byPool[pool].OrderBy(hour => hour.HourStart)], new(Math.Min(from, until), until)));
        return new(center, facts, new(clock.Day(FirstDay(facts, clock, clock.DayOf(until - 1))).From, until), [.. pools]);
    }

    /// <summary>The local day from which on there is something to say of demand.</summary>
    public static DateOnly FirstDay(CenterFacts facts, CenterClock clock, DateOnly last)
    {
        var first = Start(facts) is var start && start < Instants.Never ? clock.DayOf(start) : last;
        var earliest = last.AddDays(-HistoryDays);
        return first > last ? last : first < earliest ? earliest : first;
    }

    // A log of what ended, or was open, since some day does not tell who ran before it: from its first end on it is whole.
    private static long Start(CenterFacts facts) => !facts.Jobs.IsEmpty
        ? facts.Jobs.Min(job => job.Ended ?? Instants.Never)
        : Math.Min(facts.Telemetry.IsEmpty ? Instants.Never : facts.Telemetry.From, facts.Counts.IsEmpty ? Instants.Never : facts.Counts.Min(count => count.Hour));

    private static PoolDemand OfPool(CenterDevices devices, CardCatalog catalog, PoolId pool, ImmutableArray<PoolHour> hours, Window span)
    {
        var (center, facts) = (devices.Center, devices.Facts);
        var until = span.Until;
        var knowsJobs = facts.Coverage.Any(coverage => coverage.Feed == FeedCoverage.Jobs);
        var jobs = knowsJobs ? facts.Jobs.Where(job => (job.Pool ?? center.FallbackPool) == pool && job.Submitted < until).Select(job => job.KnownBy(until)).ToList() : null;
        var requests = facts.Requests.Where(request => (request.Pool ?? center.FallbackPool) == pool && request.Submitted < until).Select(request => request.KnownBy(until)).ToList();
        var seen = hours.Where(hour => hour.Devices.Available > 0 && hour.HourStart >= span.From && hour.HourStart + Micros.PerHour <= until).ToList();
        var counts = facts.Counts.Where(count => (count.Pool ?? center.FallbackPool) == pool && span.Contains(count.Hour) && count.Valid.Until <= until).ToLookup(count => count.Hour);
        ImmutableArray<ObservedHour> observed = seen.Count > 0
            ? [.. seen.Select(hour => Observation(hour) with { Queued = Queued(counts[hour.HourStart]) })]
            : [.. counts.OrderBy(hour => hour.Key).Select(Counted).OfType<ObservedHour>()];
        string ModelOf(string? name) => catalog.Find(name)?.Name ?? name ?? "";
        var models = jobs is null || !HasSeveralModels(facts, pool, ModelOf) ? [] : ModelHours.Of(devices.Histories, JobTime.WithoutDevices(jobs, devices.Histories.Select(device => device.Device).ToHashSet()), pool, observed, ModelOf);
        var input = new DemandInput(observed, null, until)
        {
            Models = models,
            Applied = AppliedRequests.Of(jobs, requests, observed, center.FallbackPool, until),
            ServedIsFloor = !seen.TrueForAll(IsKnown),
            Tenants = [.. counts.SelectMany(hour => hour).Select(count => new TenantCount(count.Tenant.Value, count.Hour, Devices(count.Installed), Devices(count.Allocated)!.Value, Devices(count.Queued)))],
            Down = seen.ToImmutableDictionary(hour => hour.HourStart, hour => (double)(hour.Devices.Installed - hour.Devices.Available) / Micros.PerHour),
        };
        return new(
            pool,
            jobs is null ? input : input.With(models.IsEmpty ? jobs : jobs.ConvertAll(job => job.Model is null ? job : job with { Model = ModelOf(job.Model) })),
            CapacityOf(center, catalog, pool),
            center.Clock(),
            hours,
            [.. requests],
            jobs is null && requests.Count == 0 ? null : DemandLedger.Of(jobs ?? [], requests, center.FallbackPool));
    }

    // Rare; and who held which takes the history of every device.
    private static bool HasSeveralModels(CenterFacts facts, PoolId pool, Func<string?, string> modelOf)
    {
        var inventoried = facts.Inventory.Select(fact => fact.Device).ToHashSet();
        var sighted = facts.Devices.Select(device => device.Sighting).Where(sighting => !inventoried.Contains(new(sighting.Id))).Select(sighting => (sighting.Model, Pool: sighting.Pool is { } named ? new PoolId(named) : (PoolId?)null));
        return facts.Inventory.Select(fact => (fact.Model, fact.Pool)).Concat(sighted)
            .Where(device => device.Model is not null && (device.Pool ?? pool) == pool).Select(device => modelOf(device.Model)).Distinct().Take(2).Count() == 2;
    }

    /// <summary>The center's phases as they change the pool, in devices. A phase known only in P counts by the rating of the pool's model.</summary>
    private static CapacityPlan CapacityOf(CenterDefinition center, CardCatalog catalog, PoolId pool)
    {
        var mflops = PoolRatings.Of(center, catalog)(pool, center.Find(pool)?.Model);
        return new(
        [
            .. from phase in center.Phases
               from capacity in phase.Capacity
               where capacity.Pool == pool
               let devices = capacity.Devices ?? (capacity.Petaflops is { } petaflops && mflops > 0 ? petaflops * 1e9 / mflops : null)
               where devices is not null
               select new CapacityPhase(phase.Opens, null, devices.Value, phase.Status, phase.SlipDays),
        ]);
    }

    private static bool IsKnown(PoolHour hour) => hour.Devices.HasAllocationSource && hour.Devices.U1s.Coverage >= MetricValue.BoundsOnlyBelow;

    // Devices in service. Time whose allocation is unknown is as full as the rest of the hour; where most of it is unknown, what was seen busy is a floor.
    private static ObservedHour Observation(PoolHour hour)
    {
        var devices = hour.Devices;
        var available = (double)devices.Available / Micros.PerHour;
        var allocated = IsKnown(hour)
            ? (double)devices.Allocated / (double)(devices.Available - devices.AllocUnknown) * available
            : (double)Int128.Max(devices.Allocated, devices.Busy) / Micros.PerHour;
        return new(hour.HourStart, available, allocated, Queued: null);
    }

    private static double? Devices(long? amount) => (double?)amount / Micros.PerHour;

    // One tenant that nobody counted in the queue leaves it unknown.
    private static double? Queued(IEnumerable<CountFact> counts) =>
        counts.Any() && counts.All(count => count.Queued is not null) ? counts.Sum(count => Devices(count.Queued)) : null;

    private static ObservedHour? Counted(IGrouping<long, CountFact> counts) => counts.All(count => count.Installed is not null)
        ? new(counts.Key, counts.Sum(count => Devices(count.Installed)!.Value), counts.Sum(count => Devices(count.Allocated)!.Value), Queued(counts))
        : null;

    // The end of the whole hours that a feed of jobs or telemetry reaches.
    private static long Reach(CenterFacts facts, long now)
    {
        var feeds = facts.Coverage.Where(coverage => coverage.Feed == FeedCoverage.Jobs).Select(coverage => coverage.Valid.Until).ToList();
        var reach = feeds.Count > 0 ? feeds.Max() : !facts.Telemetry.IsEmpty ? facts.Telemetry.Until : facts.Counts.IsEmpty ? now : facts.Counts.Max(count => count.Valid.Until);
        return Math.Min(reach, now);
    }

    private static int Place(CenterDefinition center, PoolId pool)
    {
        var place = center.Pools.IndexOf(center.Pools.FirstOrDefault(p => p.Id == pool)!);
        return place < 0 ? int.MaxValue : place;
    }
}
