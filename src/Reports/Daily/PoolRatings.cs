using Headroom.Domain.Centers;
using Headroom.Domain.Devices;

namespace Headroom.Reports.Daily;

/// <summary>What a model counts for in a pool of a center: its rating at the pool's precision, and no other.</summary>
public static class PoolRatings
{
    /// <returns>MFLOPS, or null where the catalog has no rating. The roll-ups of a report must be made with this one.</returns>
    public static Func<PoolId, string?, long?> Of(CenterDefinition center, CardCatalog catalog) =>
        (pool, model) => catalog.Find(model)?.RatingMflops(center.PrecisionOf(pool));
}
