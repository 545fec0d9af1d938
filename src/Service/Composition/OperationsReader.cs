using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Gathers how a center ran over a report's period.</summary>
internal sealed class OperationsReader(IStore store, TimeProvider clock)
{
    /// <param name="elapsed">The part of the period that has happened.</param>
    /// <param name="hours">Pool-hours of the period.</param>
    public async Task<OperationsView> ReadAsync(
        CenterDevices devices,
        CardCatalog catalog,
        Func<PoolId, string?, long?> rating,
        ReportPeriod period,
        Window elapsed,
        IReadOnlyList<PoolHour> hours,
        long asOf,
        CancellationToken cancellationToken)
    {
        var (center, facts, spans) = (devices.Center, devices.Facts, devices.Demand);
        var outcomes = JobOutcomes.Of(facts.Jobs, elapsed, JobTime.KnownUntil(facts.Coverage), center.FallbackPool, center.PrecisionOf).ToDictionary(entry => entry.Pool);
        var rooms = GangRoom.Of(devices.Histories, spans, elapsed).ToDictionary(entry => entry.Pool);
        var steps = (await store.ReadRollUpsAsync(center.Id, RollUpScope.Pool, RollUpGrain.FiveMinutes, period.First, period.Until, asOf, cancellationToken))
            .SelectMany(day => day.RollUps)
            .ToLookup(step => step.Key.Pool);
        var byPool = hours.ToLookup(hour => hour.Pool);
        return new(
            facts.Coverage.Any(span => span.Feed == Domain.Facts.FeedCoverage.Contracts) ? AllocationAxes.Of(devices.Histories, elapsed, rating) : [],
            [
                .. byPool.Select(group => group.Key).Concat(outcomes.Keys).Distinct().Select(pool =>
                {
                    var isRated = byPool[pool].All(hour => hour.Rated is not null);
                    return new PoolOperations(
                        pool,
                        PeakUse.Of(pool, steps[pool], model => isRated ? rating(pool, model) ?? 0 : 1),
                        SaturationHours.Of(pool, byPool[pool], spans),
                        outcomes.GetValueOrDefault(pool),
                        rooms.GetValueOrDefault(pool));
                }),
            ],
            QueueState.Of(spans, facts.Jobs, elapsed, center.FallbackPool),
            [.. await new CardHourKeeper(store, clock).ReadFindingsAsync(devices, catalog, period.First, period.Until, asOf, cancellationToken)],
            MeteredEnergy.Of(facts.Meters, elapsed),
            CountedUse.Of(facts.Counts, elapsed, center.FallbackPool, hours),
            InventoryChanges.Of(facts.Inventory, devices.Histories, elapsed));
    }
}
