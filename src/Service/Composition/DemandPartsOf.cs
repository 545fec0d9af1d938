using System.Collections.Immutable;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;
using Headroom.Reports.Saturation;

namespace Headroom.Service.Composition;

/// <summary>Demand of a pool by tenant, sector, platform, size and priority, over the recent days.</summary>
internal static class DemandPartsOf
{
    public static ImmutableArray<DemandPart> Pool(CenterDefinition center, PoolDemand pool, DateOnly day)
    {
        if (pool.Input.Observed.IsEmpty || pool.Input.Episodes is null)
        {
            return [];
        }

        var tenants = center.Tenants.ToDictionary(tenant => tenant.Id.Value, StringComparer.Ordinal);
        var observed = new Window(pool.Input.Observed[0].Start, pool.Input.Observed[^1].Start + Micros.PerHour);
        var within = PoolScale.RecentOf(observed, pool.Clock, day);
        string SectorOf(string id) => tenants.GetValueOrDefault(id)?.Sector ?? "";
        string PlatformsOf(string id) => tenants.GetValueOrDefault(id) is { } tenant ? string.Join(" + ", tenant.Platforms) : "";
        var sides = new (DemandDimension Dimension, Func<Episode, string> Name, Func<string, string>? OfTenant)[]
        {
            (DemandDimension.Tenant, episode => episode.Tenant, id => id),
            (DemandDimension.Sector, episode => SectorOf(episode.Tenant), SectorOf),
            (DemandDimension.Platform, episode => PlatformsOf(episode.Tenant), PlatformsOf),
            (DemandDimension.Gang, episode => GangOf(episode.Devices), null),
            (DemandDimension.Priority, episode => episode.Priority, null),
        };
        var lines = pool.Requests.IsEmpty || pool.Ledger is not { } ledger ? [] : ledger.Hours(within).Where(line => !line.Account.Preemptible && line.Amounts.Reserved + line.Amounts.Rejected > 0).ToList();
        return
        [
            .. DemandGroup.Of(pool.Input, [.. sides.Select(side => side.Name)], within)
                .Zip(sides, (groups, side) => side.OfTenant is { } ofTenant && lines.Count > 0 ? WithRequests(side.Dimension, groups, lines, ofTenant, within) : new DemandPart(side.Dimension, groups))
                .Where(part => part.Groups.Any(group => group.Name.Length > 0)),
        ];
    }

    /// <summary>Whoever has requests and no jobs is listed too.</summary>
    private static DemandPart WithRequests(DemandDimension dimension, ImmutableArray<DemandGroup> groups, List<LedgerHour> lines, Func<string, string> ofTenant, Window within)
    {
        var requests = lines.GroupBy(line => ofTenant(line.Account.Tenant.Value))
            .ToImmutableDictionary(part => part.Key, part => ((double)part.Sum(line => line.Amounts.Reserved) / within.Length.Value, (double)part.Sum(line => line.Amounts.Rejected) / within.Length.Value));
        var others = requests.Keys.Except(groups.Select(group => group.Name)).Order(StringComparer.Ordinal).Select(name => new DemandGroup(name, 0, 0, 0, 0));
        return new(dimension, [.. groups, .. others]) { Requests = requests };
    }

    /// <summary>1, 2, 3-4, 5-8 and so on.</summary>
    private static string GangOf(int devices)
    {
        var most = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)devices);
        var least = (most / 2) + 1;
        return least >= most ? most.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{least}-{most}");
    }
}
