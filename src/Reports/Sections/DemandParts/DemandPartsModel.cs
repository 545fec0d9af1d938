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

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static DemandPartsModel Of(SaturationReportInput input) => new([.. input.Pools.Where(pool => !pool.Parts.IsEmpty).Select(pool => OfPool(input, pool))]);

    private static PoolParts OfPool(SaturationReportInput input, PoolSaturation pool)
    {
        var scale = new PoolScale(input, pool);
        PartRow Row(DemandPart part, DemandGroup group)
        {
            Figure Of(MetricDefinition metric, double devices) => scale.Exactly($"{part.Dimension.ToString().ToLowerInvariant()}.{group.Name}.{metric.Id.Name}", metric, devices);
            var requests = part.Requests.GetValueOrDefault(group.Name);
            return new(NameOf(input.Center, part.Dimension, group.Name), Of(MetricCatalog.DLatent, group.Latent), Of(MetricCatalog.DServed, group.Served), Of(MetricCatalog.DQueued, group.Queued))
            {
                Reserved = part.Requests.IsEmpty ? null : Of(MetricCatalog.DReserved, requests.Reserved),
                Rejected = part.Requests.IsEmpty ? null : Of(MetricCatalog.DRejected, requests.Rejected),
            };
        }

        return new(
            PoolDay.NameOf(input.Center, pool.Pool),
            [.. pool.Parts.Select(part => new PartTable(part.Dimension, [.. Ordered(part).Select(group => Row(part, group))], Math.Max(0, part.Groups.Length - Most)))],
            pool.Parts.FirstOrDefault(part => part.Dimension == DemandDimension.Tenant) is { Groups: { Length: > 1 } tenants } && tenants.Sum(tenant => tenant.Latent) is > 0 and var all
                ? new(
                    TenantsModel.NameOf(input.Center, new(tenants[0].Name)),
                    scale.Maker.Given($"{scale.Cell}.tenant.first.share", scale.Scope, MetricCatalog.DShare.Id, MetricUnit.Share, tenants[0].Latent / all),
                    scale.Maker.Given($"{scale.Cell}.tenant.three.share", scale.Scope, MetricCatalog.DShare.Id, MetricUnit.Share, tenants.Take(3).Sum(tenant => tenant.Latent) / all))
                : null);
    }

    // Sizes read as a scale, the rest by weight.
    private static IEnumerable<DemandGroup> Ordered(DemandPart part) => part.Dimension == DemandDimension.Gang
        ? part.Groups.Take(Most).OrderBy(group => int.Parse(group.Name.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture))
        : part.Groups.Take(Most);

    private static LocalText NameOf(CenterDefinition center, DemandDimension dimension, string name) => dimension switch
    {
        DemandDimension.Tenant => TenantsModel.NameOf(center, new(name)),
        DemandDimension.Sector => center.NameOfSector(name),
        DemandDimension.Platform => AllOf(name.Split(Several).Select(center.NameOfPlatform)),
        _ => new(name, name),
    };

    private static LocalText AllOf(IEnumerable<LocalText> names) => new(string.Join(Several, names.Select(name => name.En)), string.Join(Several, names.Select(name => name.Zh)));
}

/// <param name="Largest">Null: there are no two tenants.</param>
public sealed record PoolParts(LocalText Name, ImmutableArray<PartTable> Parts, LargestTenants? Largest)
{
    public IEnumerable<Figure> Figures => [.. Largest is { } largest ? (Figure[])[largest.First, largest.Three] : [], .. Parts.SelectMany(part => part.Rows).SelectMany(row => row.Figures)];
}

/// <param name="First">Its share of the pool's demand.</param>
/// <param name="Three">That of the three largest.</param>
public sealed record LargestTenants(LocalText Name, Figure First, Figure Three);

/// <param name="More">Parts that are not listed.</param>
public sealed record PartTable(DemandDimension Dimension, ImmutableArray<PartRow> Rows, int More);

public sealed record PartRow(LocalText Name, Figure Latent, Figure Served, Figure Queued)
{
    /// <summary>Null: there are no requests, or they do not say whose they are.</summary>
    public Figure? Reserved { get; init; }

    public Figure? Rejected { get; init; }

    public IEnumerable<Figure> Figures => Columns.OfType<Figure>();

    public IEnumerable<Figure?> Columns => [Latent, Served, Queued, Reserved, Rejected];
}
