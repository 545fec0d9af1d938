namespace Headroom.Analytics.Demand;

/// <summary>How much faster than the law of its size some jobs end: of a tenant, of its sizes, of a week, of a tenant's week. Factors of the hazard.</summary>
/// <remarks>
/// Each is ends observed over ends expected, shrunk to 1 as if twenty more jobs had ended as expected; one after the other, each on top of those
/// before it. Proportional hazards: Cox, Journal of the Royal Statistical Society B 34 (1972). A sweep of short jobs is seen in those of it that ran.
/// </remarks>
internal sealed class RuntimePaces
{
    private const double Shrink = 20;

    private readonly Dictionary<string, double> _tenants = [];
    private readonly Dictionary<(string, int), double> _sizes = [];
    private readonly Dictionary<int, double> _weeks = [];
    private readonly Dictionary<(string, int), double> _tenantWeeks = [];

    private RuntimePaces() { }

    /// <param name="lives">Each with the ends expected of it by the law of its size.</param>
    public static RuntimePaces Of(IReadOnlyList<(Episode Episode, double Expected)> lives)
    {
        var paces = new RuntimePaces();
        Fit(paces._tenants, lives, paces, life => life.Tenant);
        Fit(paces._sizes, lives, paces, life => (life.Tenant, life.SizeClass));
        Fit(paces._weeks, lives, paces, WeekOf);
        Fit(paces._tenantWeeks, lives, paces, life => (life.Tenant, WeekOf(life)));
        return paces;
    }

    /// <summary>The factor of an episode's hazard; 1 where nothing is known of its kind.</summary>
    public double Of(Episode episode)
    {
        var week = WeekOf(episode);
        return Factor(_tenants, episode.Tenant) * Factor(_sizes, (episode.Tenant, episode.SizeClass)) * Factor(_weeks, week) * Factor(_tenantWeeks, (episode.Tenant, week));
    }

    private static int WeekOf(Episode episode) => RuntimeTies.WeekOf(RuntimeTies.DayOf(episode.Started ?? episode.Wanted));

    private static double Factor<TKey>(Dictionary<TKey, double> factors, TKey key)
        where TKey : notnull => factors.TryGetValue(key, out var factor) ? factor : 1;

    private static void Fit<TKey>(Dictionary<TKey, double> factors, IReadOnlyList<(Episode Episode, double Expected)> lives, RuntimePaces before, Func<Episode, TKey> key)
        where TKey : notnull
    {
        var sums = new Dictionary<TKey, (double Ends, double Expected)>();
        foreach (var (episode, expected) in lives)
        {
            var of = key(episode);
            var sum = sums.GetValueOrDefault(of);
            sums[of] = (sum.Ends + (episode.IsOver ? 1 : 0), sum.Expected + (before.Of(episode) * expected));
        }

        foreach (var (of, sum) in sums)
        {
            factors[of] = (sum.Ends + Shrink) / (sum.Expected + Shrink);
        }
    }
}
