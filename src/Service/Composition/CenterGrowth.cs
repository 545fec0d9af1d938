using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Saturation;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>How centers have filled up since their first day, in months of thirty days.</summary>
internal static class CenterGrowth
{
    private const int MonthDays = 30;

    /// <summary>With more months than these a center is not young.</summary>
    private const int YoungMonths = 12;

    private const int MostSisters = 5;

    /// <summary>Demand over usable devices by month; empty: no whole month, or not young.</summary>
    public static IReadOnlyList<RampMonth> Months(PoolSaturation pool, CenterClock clock)
    {
        var isBound = pool.Demand.Kind == DemandAnswerKind.LowerBound;
        var days = (pool.Demand.Hourly?.Observed ?? []).GroupBy(hour => clock.DayOf(hour.Start)).OrderBy(day => day.Key)
            .Select(day => (Demand: day.Average(hour => hour.Mean), Usable: pool.Capacity.Days.LastOrDefault(step => step.Day <= day.Key).Devices)).ToList();
        var months = days.Chunk(MonthDays).Where(month => month.Length == MonthDays && month.Sum(day => day.Usable) > 0)
            .Select(month => new RampMonth(month.Sum(day => day.Demand) / month.Sum(day => day.Usable), isBound)).ToList();
        return months.Count > YoungMonths ? [] : months;
    }

    /// <summary>The same of the other centers, as far as they are known.</summary>
    public static async Task<List<IReadOnlyList<double>>> SistersAsync(
        IStore store, TimeProvider clock, CenterDefinition center, CardCatalog catalog, long asOf, CancellationToken cancellationToken)
    {
        var sisters = new List<IReadOnlyList<double>>();
        foreach (var other in (await new CenterLibrary(store).ListAsync(asOf, cancellationToken)).Where(other => other.Id != center.Id).Take(MostSisters))
        {
            var demand = await CenterDemand.ReadAsync(store, clock, other, catalog, day: null, asOf, cancellationToken);
            foreach (var pool in demand.Pools.Where(pool => !pool.Input.Observed.IsEmpty))
            {
                if (LatentDemand.Of(pool.Input) is DemandAnswer.Estimate estimate)
                {
                    var usable = pool.Input.Observed.Average(hour => hour.Installed);
                    sisters.Add([.. estimate.Series.Observed.Chunk(MonthDays * 24).Where(month => month.Length == MonthDays * 24 && usable > 0).Select(month => month.Average(hour => hour.Mean) / usable)]);
                }
            }
        }

        return sisters;
    }
}
