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
            .Select(group => Sum(group.Key.Pool, group.Key.HourStart, group.Select(hour => (hour.Cells, hour.Model)), rating)),
    ];

    /// <summary>As <see cref="Of(IEnumerable{CardDay}, Func{PoolId, string?, long?})"/>, from roll-ups of pools by hour, which are the sums of the same card-hours.</summary>
    public static ImmutableArray<PoolHour> Of(IEnumerable<RollUp> rollUps, Func<PoolId, string?, long?> rating) =>
    [
        .. rollUps
            .GroupBy(sum => (sum.Key.Pool, sum.Start))
            .OrderBy(group => group.Key.Pool.Value, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Start)
            .Select(group => Sum(group.Key.Pool, group.Key.Start, group.Select(sum => (sum.Cells, sum.Key.Model)), rating)),
    ];

    private static PoolHour Sum(PoolId pool, long hourStart, IEnumerable<(HourCells Cells, string? Model)> parts, Func<PoolId, string?, long?> rating)
    {
        var (devices, rated, unrated) = (new UsageSums.Adder(), new UsageSums.Adder(), false);
        foreach (var (cells, model) in parts)
        {
            devices.Add(cells, weight: 1);
            if (rating(pool, model) is { } mflops)
            {
                rated.Add(cells, mflops);
            }
            else
            {
                unrated = true;
            }
        }

        return new(pool, hourStart, devices.Sums, unrated ? null : rated.Sums);
    }
}
