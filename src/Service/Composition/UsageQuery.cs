using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>What an account is asked by.</summary>
internal enum UsageBy
{
    Device,
    Host,
    Model,
    Pool,

    /// <summary>Allocated time alone, as the next three.</summary>
    Tenant,

    /// <summary>Of the center file; a tenant without one counts under an empty name.</summary>
    Sector,

    /// <summary>Of the center's own list. A tenant of several platforms counts in each: platforms do not add up.</summary>
    Platform,

    /// <summary>The priority class of the job that held the device.</summary>
    Priority,
    Center,

    /// <summary>All centers, at each precision apart.</summary>
    Network,
}

/// <summary>One account: exact sums at one precision.</summary>
/// <param name="Rated">Null where a model in it has no rating.</param>
internal sealed record UsageLine(string Key, Precision Precision, UsageSums Devices, UsageSums? Rated)
{
    public UsageSums Weighed => Rated ?? Devices;
}

/// <summary>Accounts over local days, by anything. The one way that API, exports and pages ask.</summary>
internal sealed class UsageQuery(IStore store, TimeProvider clock, CardCatalog catalog, long asOf)
{
    private const int DaysAtOnce = 7;

    /// <summary>Local days [from, until) of each center, ordered by key and precision.</summary>
    /// <exception cref="UserException">Samples that priorities are counted from were removed.</exception>
    public async Task<ImmutableArray<UsageLine>> ReadAsync(
        IReadOnlyList<CenterDevices> centers, UsageBy by, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        var sums = new SortedDictionary<(string Key, Precision Precision), (UsageSums.Adder Devices, UsageSums.Adder Rated, bool IsUnrated)>(
            Comparer<(string Key, Precision Precision)>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key) is var order and not 0 ? order : left.Precision.CompareTo(right.Precision)));
        foreach (var devices in centers)
        {
            var (center, rating) = (devices.Center, PoolRatings.Of(devices.Center, catalog));
            await foreach (var part in PartsAsync(devices, by, from, until, cancellationToken))
            {
                foreach (var key in KeysOf(center, by, part.Key))
                {
                    var place = (key, center.PrecisionOf(part.Key.Pool));
                    var (counted, rated, isUnrated) = sums.TryGetValue(place, out var known) ? known : (new(), new(), false);
                    counted.Add(part.Cells, 1);
                    var weight = rating(part.Key.Pool, part.Key.Model);
                    rated.Add(part.Cells, weight ?? 0);
                    sums[place] = (counted, rated, isUnrated || weight is null);
                }
            }
        }

        return [.. sums.Select(pair => new UsageLine(pair.Key.Key, pair.Key.Precision, pair.Value.Devices.Sums, pair.Value.IsUnrated ? null : pair.Value.Rated.Sums))];
    }

    private static IEnumerable<string> KeysOf(CenterDefinition center, UsageBy by, RollUpKey key) => by switch
    {
        UsageBy.Model => [key.Model ?? ""],
        UsageBy.Pool => [key.Pool.Value],
        UsageBy.Center => [center.Id.Value],
        UsageBy.Network => ["network"],
        UsageBy.Sector => [center.Tenants.FirstOrDefault(tenant => tenant.Id.Value == key.Name)?.Sector ?? ""],
        UsageBy.Platform => center.Tenants.FirstOrDefault(tenant => tenant.Id.Value == key.Name)?.Platforms is { Length: > 0 } platforms ? platforms : [""],
        _ => [key.Name],
    };

    private async IAsyncEnumerable<RollUp> PartsAsync(
        CenterDevices devices, UsageBy by, DateOnly from, DateOnly until, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (by is UsageBy.Device or UsageBy.Priority)
        {
            for (var day = from; day < until; day = day.AddDays(DaysAtOnce))
            {
                var last = day.AddDays(DaysAtOnce) < until ? day.AddDays(DaysAtOnce) : until;
                var cards = by == UsageBy.Device
                    ? await new CardHourKeeper(store, clock).ReadAsync(devices, catalog, day, last, asOf, cancellationToken)
                    : await new PriorityTime(store, clock, devices, catalog).ReadAsync(day, last, cancellationToken);
                var parts = by == UsageBy.Device
                    ? cards.SelectMany(card => RollUps.OfHours(RollUpScope.Pool, [card]).Select(sum => sum with { Key = sum.Key with { Name = card.Device.Value } }))
                    : RollUps.OfHours(RollUpScope.Tenant, cards);
                foreach (var part in parts)
                {
                    yield return part;
                }
            }

            yield break;
        }

        var sums = await new DaySums(store, clock, devices, catalog, asOf).ReadAsync(from, until, cancellationToken);
        foreach (var part in by switch { UsageBy.Host => sums.Hosts, UsageBy.Tenant or UsageBy.Sector or UsageBy.Platform => sums.Tenants, _ => sums.Pools })
        {
            yield return part;
        }
    }
}
