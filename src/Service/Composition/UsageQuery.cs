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

/// <summary>Accounts over any window, by anything. The one way that API, exports and pages ask.</summary>
/// <remarks>Whole days are read from roll-ups, whole hours from card-hours; a part of an hour is accounted for from its samples. Any split of a window adds up exactly.</remarks>
internal sealed class UsageQuery(IStore store, TimeProvider clock, CardCatalog catalog, long asOf)
{
    private const int DaysAtOnce = 7;

    /// <summary>Local days [from, until) of each center, ordered by key and precision.</summary>
    /// <inheritdoc cref="ReadAsync(IReadOnlyList{CenterDevices}, UsageBy, Func{CenterClock, Window}, CancellationToken)"/>
    public Task<ImmutableArray<UsageLine>> ReadAsync(
        IReadOnlyList<CenterDevices> centers, UsageBy by, DateOnly from, DateOnly until, CancellationToken cancellationToken) =>
        ReadAsync(centers, by, centerClock => new(centerClock.Day(from).From, centerClock.Day(until).From), cancellationToken);

    /// <summary>A window of each center, ordered by key and precision.</summary>
    /// <exception cref="UserException">Samples that priorities, or parts of an hour, are counted from were removed, or are asked for as of an earlier time.</exception>
    public async Task<ImmutableArray<UsageLine>> ReadAsync(
        IReadOnlyList<CenterDevices> centers, UsageBy by, Func<CenterClock, Window> window, CancellationToken cancellationToken)
    {
        var sums = new SortedDictionary<(string Key, Precision Precision), (UsageSums.Adder Devices, UsageSums.Adder Rated, bool IsUnrated)>(
            Comparer<(string Key, Precision Precision)>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key) is var order and not 0 ? order : left.Precision.CompareTo(right.Precision)));
        foreach (var devices in centers)
        {
            var (center, rating) = (devices.Center, PoolRatings.Of(devices.Center, catalog));
            await foreach (var part in PartsAsync(devices, by, window(center.Clock()), cancellationToken))
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
        CenterDevices devices, UsageBy by, Window window, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sampled = new SampledDays(store, clock, devices, catalog, asOf);
        if (by == UsageBy.Priority)
        {
            var histories = new PriorityTime(devices).Histories.ToList();
            foreach (var week in Weeks(window, devices.Center.Clock()))
            {
                foreach (var part in Parts(by, await sampled.ReadAsync(histories, week, "by priority", cancellationToken)))
                {
                    yield return part;
                }
            }

            yield break;
        }

        var cut = CutWindow.Of(window, devices.Center.Clock());
        foreach (var part in cut.Parts)
        {
            foreach (var sum in Parts(by, await sampled.ReadAsync(devices.Histories, part, Instants.ToText(part.From), cancellationToken)))
            {
                yield return sum;
            }
        }

        await foreach (var sum in HoursAsync(devices, by, cut.Hours, cancellationToken))
        {
            yield return sum;
        }
    }

    // Whole hours: whole days among them are summed already.
    private async IAsyncEnumerable<RollUp> HoursAsync(
        CenterDevices devices, UsageBy by, Window hours, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var centerClock = devices.Center.Clock();
        var days = centerClock.Days(hours).ToList();
        var (from, until) = by == UsageBy.Device || days.Count == 0
            ? (DateOnly.MaxValue, DateOnly.MinValue)
            : (centerClock.Day(days[0]).From < hours.From ? days[0].AddDays(1) : days[0], centerClock.Day(days[^1]).Until > hours.Until ? days[^1] : days[^1].AddDays(1));
        if (from < until)
        {
            var sums = await new DaySums(store, clock, devices, catalog, asOf).ReadAsync(from, until, cancellationToken);
            foreach (var sum in by switch { UsageBy.Host => sums.Hosts, UsageBy.Tenant or UsageBy.Sector or UsageBy.Platform => sums.Tenants, _ => sums.Pools })
            {
                yield return sum;
            }
        }

        foreach (var day in days.Where(day => day < from || day >= until))
        {
            var cards = await new CardHourKeeper(store, clock).ReadAsync(devices, catalog, day, day.AddDays(1), asOf, cancellationToken);
            foreach (var sum in Parts(by, cards.Select(card => card with { Hours = [.. card.Hours.Where(hour => hours.Contains(hour.HourStart))] })))
            {
                yield return sum;
            }
        }
    }

    private static IEnumerable<RollUp> Parts(UsageBy by, IEnumerable<CardDay> cards) => by switch
    {
        UsageBy.Device => cards.SelectMany(card => RollUps.OfHours(RollUpScope.Pool, [card]).Select(sum => sum with { Key = sum.Key with { Name = card.Device.Value } })),
        UsageBy.Host => RollUps.OfHours(RollUpScope.Host, cards),
        UsageBy.Tenant or UsageBy.Sector or UsageBy.Platform or UsageBy.Priority => RollUps.OfHours(RollUpScope.Tenant, cards),
        _ => RollUps.OfHours(RollUpScope.Pool, cards),
    };

    // As much as may be in memory at a time.
    private static IEnumerable<Window> Weeks(Window window, CenterClock clock)
    {
        for (var from = window.From; from < window.Until;)
        {
            var until = Math.Min(window.Until, clock.Day(clock.DayOf(from).AddDays(DaysAtOnce)).From);
            yield return new(from, until);
            from = until;
        }
    }
}
