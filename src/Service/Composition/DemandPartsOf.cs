using System.Collections.Immutable;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
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
        return
        [
            .. new (DemandDimension Dimension, Func<Episode, string> Name)[]
            {
                (DemandDimension.Tenant, episode => episode.Tenant),
                (DemandDimension.Sector, episode => tenants.GetValueOrDefault(episode.Tenant)?.Sector ?? ""),
                (DemandDimension.Platform, episode => tenants.GetValueOrDefault(episode.Tenant) is { } tenant ? string.Join(" + ", tenant.Platforms) : ""),
                (DemandDimension.Gang, episode => GangOf(episode.Devices)),
                (DemandDimension.Priority, episode => episode.Priority),
            }
                .Select(side => new DemandPart(side.Dimension, DemandGroup.Of(pool.Input, side.Name, within)))
                .Where(part => part.Groups.Any(group => group.Name.Length > 0)),
        ];
    }

    /// <summary>1, 2, 3-4, 5-8 and so on.</summary>
    private static string GangOf(int devices)
    {
        var most = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)devices);
        var least = (most / 2) + 1;
        return least >= most ? most.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{least}-{most}");
    }
}
