using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;

namespace Headroom.Domain.Accounting;

/// <summary>Rolls card-hours up to pool-hours.</summary>
public static class PoolHours
{
    /// <summary>One roll-up per pool and hour that has card-hours, ordered by pool and hour.</summary>
    /// <param name="rating">MFLOPS of a model at the pool's precision; null: not rated.</param>
    public static ImmutableArray<PoolHour> Of(IEnumerable<CardDay> days, Func<PoolId, string?, long?> rating) =>
    [
        .. days
            .SelectMany(day => day.Hours)
            .GroupBy(hour => (hour.Pool, hour.HourStart))
            .OrderBy(group => group.Key.Pool.Value, StringComparer.Ordinal)
            .ThenBy(group => group.Key.HourStart)
            .Select(group => RollUp(group.Key.Pool, group.Key.HourStart, group, rating)),
    ];

    private static PoolHour RollUp(PoolId pool, long hourStart, IEnumerable<CardHour> hours, Func<PoolId, string?, long?> rating)
    {
        var (devices, rated, unrated) = (new UsageSums.Adder(), new UsageSums.Adder(), false);
        foreach (var hour in hours)
        {
            devices.Add(hour.Cells, weight: 1);
            if (rating(pool, hour.Model) is { } mflops)
            {
                rated.Add(hour.Cells, mflops);
            }
            else
            {
                unrated = true;
            }
        }

        return new(pool, hourStart, devices.Sums, unrated ? null : rated.Sums);
    }
}
