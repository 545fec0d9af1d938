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

    /// <param name="day">The last local day that counts; null: the newest that is over and that data reach the end of.</param>
    /// <returns>Without pools: nothing was installed.</returns>
    /// <exception cref="UserException">The day is not over.</exception>
    public static async Task<CenterDemand> ReadAsync(
        IStore store, TimeProvider clock, CenterDefinition center, CardCatalog catalog, DateOnly? day, long asOf, CancellationToken cancellationToken)
    {
        var (centerClock, now) = (center.Clock(), Math.Min(asOf, clock.Now()));
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var last = day ?? LastWholeDay(facts, centerClock, now);
        if (centerClock.Day(last).Until > now)
        {
            throw new UserException(UserMessage.Of(MessageCode.DayNotBegun, center.Id.ToString(), Dates.Iso(last), Dates.Iso(centerClock.DayOf(now))));
        }

        var keeper = new CardHourKeeper(store, clock);
        var hours = await keeper.ReadPoolHoursAsync(
            center, catalog, PoolRatings.Of(center, catalog), FirstDay(facts, centerClock, last), last.AddDays(1), asOf, cancellationToken);
        return Of(center, catalog, facts, hours, last);
    }

    /// <param name="hours">Of <see cref="FirstDay"/> to <paramref name="last"/>.</param>
    public static CenterDemand Of(CenterDefinition center, CardCatalog catalog, CenterFacts facts, IEnumerable<PoolHour> hours, DateOnly last)
    {
        var clock = center.Clock();
        var until = clock.Day(last).Until;
        var pools = hours
            .GroupBy(hour => hour.Pool)
            .OrderBy(pool => Place(center, pool.Key))
            .ThenBy(pool => pool.Key.Value, StringComparer.Ordinal)
            .Select(pool => OfPool(center, catalog, facts, pool.Key, [.. pool.OrderBy(hour => hour.HourStart)], until));
        return new(center, facts, new(clock.Day(FirstDay(facts, clock, last)).From, until), [.. pools]);
    }

    /// <summary>From which local day on there is something to say of demand. A log of what ended, or was open, since some day does not tell who ran before it: from its first end on it is whole.</summary>
    public static DateOnly FirstDay(CenterFacts facts, CenterClock clock, DateOnly last)
    {
        var start = facts.Jobs.IsEmpty ? facts.Telemetry.From : facts.Jobs.Min(job => job.Ended ?? Instants.Never);
        var first = start == Instants.Never || (facts.Jobs.IsEmpty && facts.Telemetry.IsEmpty) ? last : clock.DayOf(start);
        var earliest = last.AddDays(-HistoryDays);
        return first > last ? last : first < earliest ? earliest : first;
    }

    private static PoolDemand OfPool(CenterDefinition center, CardCatalog catalog, CenterFacts facts, PoolId pool, ImmutableArray<PoolHour> hours, long until)
    {
        var knowsJobs = facts.Coverage.Any(coverage => coverage.Feed == FeedCoverage.Jobs);
        var jobs = knowsJobs ? facts.Jobs.Where(job => (job.Pool ?? center.FallbackPool) == pool && job.Submitted < until).Select(job => job.KnownBy(until)).ToList() : null;
        var requests = facts.Requests.Where(request => (request.Pool ?? center.FallbackPool) == pool && request.Submitted < until).Select(request => request.KnownBy(until)).ToList();
        var observed = hours.Where(hour => hour.Devices.Available > 0).Select(Observation).ToImmutableArray();
        var input = new DemandInput(observed, jobs is null ? null : Episodes.Of(jobs, until), until)
        {
            Applied = AppliedRequests.Of(jobs, requests, observed, center.FallbackPool, until),
            ServedIsFloor = hours.Any(hour => hour.Devices.Available > 0 && !IsKnown(hour)),
        };
        return new(
            pool,
            input,
            CapacityOf(center, catalog, pool),
            center.Clock(),
            hours,
            [.. requests],
            jobs is null && requests.Count == 0 ? null : DemandLedger.Of(jobs ?? [], requests, center.FallbackPool));
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

    private static DateOnly LastWholeDay(CenterFacts facts, CenterClock clock, long now)
    {
        var feeds = facts.Coverage.Where(coverage => coverage.Feed == FeedCoverage.Jobs).Select(coverage => coverage.Valid.Until);
        var reach = feeds.Concat(facts.Telemetry.IsEmpty ? [] : [facts.Telemetry.Until]).Select(until => Math.Min(until, now)).DefaultIfEmpty(now).Max();
        var day = clock.DayOf(reach - 1);
        return clock.Day(day).Until - reach <= Micros.PerHour && clock.Day(day).Until <= now ? day : day.AddDays(-1);
    }

    private static int Place(CenterDefinition center, PoolId pool)
    {
        var place = center.Pools.IndexOf(center.Pools.FirstOrDefault(p => p.Id == pool)!);
        return place < 0 ? int.MaxValue : place;
    }
}
