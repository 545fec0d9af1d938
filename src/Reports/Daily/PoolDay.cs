using System.Collections.Immutable;
using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Daily;

/// <summary>One pool over several hours: its sums, and the weight they are in.</summary>
/// <param name="Devices">Device-microseconds.</param>
/// <param name="Rated">MFLOPS-microseconds; null where any device of any hour has no rating: P and devices are never mixed.</param>
public sealed record PoolDay(PoolId Pool, UsageSums Devices, UsageSums? Rated)
{
    private static readonly BigInteger MflopsMicrosPerPetaflopHour = (BigInteger)1_000_000_000 * Micros.PerHour;

    public UsageSums Weighed => Rated ?? Devices;

    /// <summary>The unit of capacity over time here.</summary>
    public MetricUnit Unit => Rated is null ? MetricUnit.DeviceHours : MetricUnit.PetaflopHours;

    /// <summary>What a sum of <see cref="Weighed"/> is divided by to be in <see cref="Unit"/>.</summary>
    public BigInteger PerUnit => Rated is null ? Micros.PerHour : MflopsMicrosPerPetaflopHour;

    /// <summary>What a model's time in this pool counts for in <see cref="Weighed"/>.</summary>
    /// <param name="rating">The one that the roll-ups were made with.</param>
    public Func<string?, long> WeightBy(Func<PoolId, string?, long?> rating) => Rated is null
        ? _ => 1
        : model => rating(Pool, model) ?? throw new ArgumentException($"The roll-ups of pool {Pool} are rated, but model {model} is not.", nameof(rating));

    /// <summary>A sum in the weight of this pool as a figure in its unit.</summary>
    public Figure Amount(FigureMaker maker, string cell, MetricDefinition metric, Int128 sum, TenantId? tenant = null, string? part = null) =>
        maker.Amount(cell, maker.Scope(Pool, tenant, part), metric.Id, Unit, sum, PerUnit);

    /// <summary>U1s, or the statement that nothing tells what was allocated.</summary>
    public Figure U1s(FigureMaker maker, string cell) => Devices.HasAllocationSource
        ? maker.Share(cell, maker.Scope(Pool), Weighed.U1s)
        : maker.WithoutAllocation(cell, maker.Scope(Pool), MetricCatalog.U1s);

    public Figure U2(FigureMaker maker, string cell) => maker.UseOfInstalled(cell, maker.Scope(Pool), Weighed);

    public Figure U3(FigureMaker maker, string cell) => maker.Share(cell, maker.Scope(Pool), Weighed.U3);

    /// <summary>U4, or the statement that nothing tells what was allocated.</summary>
    public Figure U4(FigureMaker maker, string cell) => Devices.HasAllocationSource
        ? maker.Share(cell, maker.Scope(Pool), Weighed.U4)
        : maker.WithoutAllocation(cell, maker.Scope(Pool), MetricCatalog.U4);

    /// <summary>Adds up the hours of each pool; ordered as the center file lists its pools, others after them by id.</summary>
    public static ImmutableArray<PoolDay> Of(IEnumerable<PoolHour> hours, CenterDefinition center) =>
    [
        .. hours
            .GroupBy(hour => hour.Pool)
            .OrderBy(group => Place(center, group.Key))
            .ThenBy(group => group.Key.Value, StringComparer.Ordinal)
            .Select(group => new PoolDay(
                group.Key,
                group.Aggregate(UsageSums.Zero, (sum, hour) => sum + hour.Devices),
                group.All(hour => hour.Rated is not null) ? group.Aggregate(UsageSums.Zero, (sum, hour) => sum + hour.Rated!) : null)),
    ];

    /// <summary>A pool's name; its id where the center file has no such pool.</summary>
    public static LocalText NameOf(CenterDefinition center, PoolId pool) => center.Find(pool)?.Name ?? new(pool.Value, pool.Value);

    private static int Place(CenterDefinition center, PoolId pool)
    {
        var place = center.Pools.IndexOf(center.Pools.FirstOrDefault(p => p.Id == pool)!);
        return place < 0 ? int.MaxValue : place;
    }
}
