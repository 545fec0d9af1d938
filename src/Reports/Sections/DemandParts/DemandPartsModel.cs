using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;
using Headroom.Reports.Sections.Tenants;

namespace Headroom.Reports.Sections.DemandParts;

/// <summary>Whose demand it is, of which size and priority: means of the recent days.</summary>
public sealed record DemandPartsModel(ImmutableArray<PoolParts> Pools) : ISectionModel
{
    private const int Most = 8;

    // Between the platforms of one tenant.
    private const string Several = " + ";

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Parts).SelectMany(part => part.Rows).SelectMany(row => row.Figures);

    public static DemandPartsModel Of(SaturationReportInput input) => new([.. input.Pools.Where(pool => !pool.Parts.IsEmpty).Select(pool => OfPool(input, pool))]);

    private static PoolParts OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var scale = new PoolScale(input, pool);
        PartRow Row(DemandPart part, DemandGroup group)
        {
            Figure Of(MetricDefinition metric, double devices) => scale.Exactly($"{part.Dimension.ToString().ToLowerInvariant()}.{group.Name}.{metric.Id.Name}", metric, devices);
            return new(NameOf(input.Center, part.Dimension, group.Name), Of(MetricCatalog.DLatent, group.Latent), Of(MetricCatalog.DServed, group.Served), Of(MetricCatalog.DQueued, group.Queued));
        }

        return new(
            PoolDay.NameOf(input.Center, pool.Pool),
            [.. pool.Parts.Select(part => new PartTable(part.Dimension, [.. part.Groups.Take(Most).Select(group => Row(part, group))], Math.Max(0, part.Groups.Length - Most)))]);
    }

    private static LocalText NameOf(CenterDefinition center, DemandDimension dimension, string name) => dimension switch
    {
        DemandDimension.Tenant => TenantsModel.NameOf(center, new(name)),
        DemandDimension.Sector => center.NameOfSector(name),
        DemandDimension.Platform => AllOf(name.Split(Several).Select(center.NameOfPlatform)),
        _ => new(name, name),
    };

    private static LocalText AllOf(IEnumerable<LocalText> names) => new(string.Join(Several, names.Select(name => name.En)), string.Join(Several, names.Select(name => name.Zh)));
}

public sealed record PoolParts(LocalText Name, ImmutableArray<PartTable> Parts);

/// <param name="More">Parts that are not listed.</param>
public sealed record PartTable(DemandDimension Dimension, ImmutableArray<PartRow> Rows, int More);

public sealed record PartRow(LocalText Name, Figure Latent, Figure Served, Figure Queued)
{
    public IEnumerable<Figure> Figures => [Latent, Served, Queued];
}
