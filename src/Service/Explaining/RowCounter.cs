using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;

namespace Headroom.Service.Explaining;

/// <summary>Gives every card-hour that passes by to the sums it belongs to.</summary>
internal sealed class RowCounter(CenterDefinition center, CardCatalog catalog)
{
    private readonly Dictionary<RowScope, RowSums> _sums = [];
    private readonly Dictionary<(PoolId Pool, string? Host, TenantId? Tenant), List<(RowScope Scope, RowSums Sums)>> _byKey = [];
    private readonly Dictionary<(PoolId Pool, string Model), long?> _ratings = [];

    public IEnumerable<RowScope> Scopes => _sums.Keys;

    /// <summary>The sums of a scope; they grow while rows are added.</summary>
    public RowSums Of(RowScope scope)
    {
        if (_sums.TryGetValue(scope, out var known))
        {
            return known;
        }

        var sums = _sums[scope] = new();
        var key = (scope.Pool, scope.Host, scope.Tenant);
        if (!_byKey.TryGetValue(key, out var list))
        {
            _byKey[key] = list = [];
        }

        list.Add((scope, sums));
        if (scope != scope.WholePool)
        {
            Of(scope.WholePool);
        }

        return sums;
    }

    public void Add(CardHour hour)
    {
        var rating = RatingOf(hour);
        Add((hour.Pool, null, null), hour, rating);
        Add((hour.Pool, hour.Host ?? "", null), hour, rating);
        foreach (var part in hour.Tenants)
        {
            Add((hour.Pool, null, part.Tenant), hour, rating);
        }
    }

    private void Add((PoolId Pool, string? Host, TenantId? Tenant) key, CardHour hour, long? rating)
    {
        foreach (var (scope, sums) in _byKey.GetValueOrDefault(key) ?? [])
        {
            if (scope.Window.Contains(hour.HourStart))
            {
                sums.Add(hour, scope.Tenant, rating);
            }
        }
    }

    private long? RatingOf(CardHour hour)
    {
        var key = (hour.Pool, hour.Model ?? "");
        if (!_ratings.TryGetValue(key, out var rating))
        {
            _ratings[key] = rating = catalog.Find(hour.Model)?.RatingMflops(center.PrecisionOf(hour.Pool));
        }

        return rating;
    }
}
