using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>What demand and saturation of one pool of a center are made from: its jobs, else its allocated devices.</summary>
internal sealed class CenterDemand(IStore store, TimeProvider clock, CenterDefinition center, CardCatalog catalog, long asOf)
{
    public async Task<DemandInput> ReadAsync(PoolId pool, CancellationToken cancellationToken)
    {
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var jobs = facts.Jobs.Where(job => (job.Pool ?? center.FallbackPool) == pool).ToList();
        var feed = facts.Coverage.Where(coverage => coverage.Feed == FeedCoverage.Jobs).Select(coverage => coverage.Valid).ToList();
        var now = Math.Min(Math.Min(asOf, clock.Now()), jobs.Count > 0 ? feed.Select(window => window.Until).DefaultIfEmpty(long.MaxValue).Max() : facts.Telemetry.Until);
        var span = new Window(jobs.Count > 0 ? Complete(jobs, now) : facts.Telemetry.From, now);
        if (span.IsEmpty || (jobs.Count == 0 && facts.Telemetry.IsEmpty))
        {
            return new([], null, now);
        }

        var local = center.Clock();
        var hours = await new CardHourKeeper(store, clock).ReadPoolHoursAsync(
            center, catalog, PoolRatings.Of(center, catalog), local.DayOf(span.From), local.DayOf(span.Until - 1).AddDays(1), asOf, cancellationToken);
        var observed = hours
            .Where(hour => hour.Pool == pool && hour.HourStart >= span.From && hour.HourStart + Micros.PerHour <= span.Until && IsKnown(hour))
            .OrderBy(hour => hour.HourStart)
            .Select(Observed)
            .ToImmutableArray();
        return new(observed, jobs.Count > 0 ? Episodes.Of(jobs, now) : null, now);
    }

    /// <summary>The center's phases as they change the pool, in devices. A phase known only in P counts by the rating of the pool's model.</summary>
    public CapacityPlan Capacity(PoolId pool)
    {
        var model = center.Find(pool)?.Model;
        var mflops = PoolRatings.Of(center, catalog)(pool, model);
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

    // A log of jobs that ended, or were open, since some day does not tell who ran before it: from the first end on it is whole.
    private static long Complete(List<JobFact> jobs, long now) => jobs.Min(job => job.Ended ?? now);

    private static bool IsKnown(PoolHour hour) => hour.Devices.HasAllocationSource && hour.Devices.U1s.Coverage >= MetricValue.BoundsOnlyBelow;

    // Devices in service; time whose allocation is unknown is left out of both.
    private static ObservedHour Observed(PoolHour hour)
    {
        var (known, available) = ((double)(hour.Devices.Available - hour.Devices.AllocUnknown), (double)hour.Devices.Available / Micros.PerHour);
        return new(hour.HourStart, available, known > 0 ? (double)hour.Devices.Allocated / known * available : 0, null);
    }
}
