using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Sums of card-hours by local day: from roll-ups where there are, else from card-days.</summary>
internal sealed class DaySums(IStore store, TimeProvider clock, CenterDevices devices, CardCatalog catalog, long asOf)
{
    /// <summary>Local days [from, until), as far as they have begun.</summary>
    public async Task<PeriodSums> ReadAsync(DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        var centerClock = devices.Center.Clock();
        var running = centerClock.DayOf(Math.Min(asOf, clock.Now()));
        var (pools, tenants, hosts) = (await FindAsync(RollUpScope.Pool), await FindAsync(RollUpScope.Tenant), await FindAsync(RollUpScope.Host));
        var kept = pools.Select(entry => entry.Day).ToHashSet();
        var (ofPools, ofTenants, ofHosts) = (Flat(pools, centerClock), Flat(tenants, centerClock), Flat(hosts, centerClock));
        for (var day = from; day < until && day <= running; day = day.AddDays(1))
        {
            if (kept.Contains(day))
            {
                continue;
            }

            var start = centerClock.Day(day).From;
            var sums = PeriodSums.Of(await new CardHourKeeper(store, clock).ReadAsync(devices, catalog, day, day.AddDays(1), asOf, cancellationToken));
            ofPools.AddRange(RollUps.Sum(sums.Pools, start));
            ofTenants.AddRange(RollUps.Sum(sums.Tenants, start));
            ofHosts.AddRange(RollUps.Sum(sums.Hosts, start));
        }

        return new(ofPools, ofTenants, ofHosts);

        // What runs is never kept as it is.
        async Task<List<RollUpDay>> FindAsync(RollUpScope scope) =>
            [.. (await store.ReadRollUpsAsync(devices.Center.Id, scope, RollUpGrain.Day, from, until, asOf, cancellationToken)).Where(entry => entry.Day < running)];
    }

    // A day is known by its begin, also where its first hours had no devices.
    private static List<RollUp> Flat(List<RollUpDay> days, CenterClock clock) => [.. days.SelectMany(day => day.RollUps.Select(sum => sum with { Start = clock.Day(day.Day).From }))];
}
