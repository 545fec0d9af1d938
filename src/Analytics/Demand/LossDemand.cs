using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Demand from served devices alone, where it was declared that who finds no place goes elsewhere.</summary>
internal static class LossDemand
{
    /// <summary>SCIENCE 2c: with more of the hours full it is not identifiable.</summary>
    private const double MostCensored = 0.6;

    private const int Fewest = 14 * 24;
    private const int DayWaves = 2;
    private const int WeekWaves = 3;

    /// <returns>Null: too few hours, or too many of them full.</returns>
    public static ImmutableArray<DemandHour>? Of(ImmutableArray<ObservedHour> observed)
    {
        var censored = observed.Select(hour => hour.IsFull).ToArray();
        if (observed.Length < Fewest || censored.Count(full => full) > MostCensored * observed.Length)
        {
            return null;
        }

        var rows = observed.Select(hour => Row(hour.Start, observed[0].Start, observed[^1].Start)).ToArray();
        var level = CensoredLevel.Fit(rows, [.. observed.Select(hour => hour.Allocated)], censored);
        return
        [
            .. observed.Select((hour, i) =>
            {
                if (!censored[i])
                {
                    return DemandHour.Exactly(hour.Start, hour.Allocated);
                }

                var (mean, low, high) = level.Beyond(rows[i], hour.Allocated);
                return new DemandHour(hour.Start, mean, Math.Min(mean, low), Math.Max(mean, high));
            }),
        ];
    }

    /// <summary>A constant, a straight line, the day and the week.</summary>
    private static double[] Row(long at, long first, long last)
    {
        var row = new List<double> { 1, last > first ? ((double)(at - first) / (last - first)) - 0.5 : 0 };
        for (var wave = 1; wave <= DayWaves; wave++)
        {
            Add(row, wave, Micros.PerDay);
        }

        for (var wave = 1; wave <= WeekWaves; wave++)
        {
            Add(row, wave, 7 * Micros.PerDay);
        }

        return [.. row];

        void Add(List<double> into, int wave, long period)
        {
            var angle = 2 * Math.PI * wave * (at % period) / period;
            into.Add(Math.Sin(angle));
            into.Add(Math.Cos(angle));
        }
    }
}
