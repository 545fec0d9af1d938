using System.Collections.Immutable;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Continues an estimate of demand by futures: those of its jobs, with what is applied for drawn into each. Capacity is not told to the forecaster.</summary>
internal static class DemandAhead
{
    private const int Day = 24;
    private const int Week = 7 * Day;
    private const int Draws = 400;

    /// <summary>Hours ahead over which the forecast of hours gives way to the daily level.</summary>
    private const int Near = 48;

    /// <summary>With fewer hours there is no level to return to.</summary>
    private const int ShortestLevel = 15 * Day;

    /// <summary>Hours that say what the next two days are like.</summary>
    private const int LongestMemory = 12 * Week;

    private const double Normal90 = 1.2815515655446004;

    /// <param name="jobs">Observed demand without what was applied for.</param>
    public static ImmutableArray<DemandHour> Of(ImmutableArray<DemandHour> jobs, DemandInput input)
    {
        if (input.Horizon == 0)
        {
            return [];
        }

        var first = jobs[0].Start;
        var hours = new double[(int)((jobs[^1].Start - first) / Micros.PerHour) + 1];
        Array.Fill(hours, double.NaN);
        foreach (var hour in jobs)
        {
            hours[(int)((hour.Start - first) / Micros.PerHour)] = hour.Mean;
        }

        var recent = hours[^Math.Min(hours.Length, LongestMemory)..];
        var seasons = recent.Length >= 2 * Week ? ImmutableArray.Create(Day, Week) : [Day];
        var isShort = hours.Length < ShortestLevel;
        var near = Forecast.Run(recent, new ForecastSpec(isShort ? input.Horizon : Math.Min(input.Horizon, Near), seasons) { NonNegative = true, Levels = [] }).Paths(Draws, input.Seed);
        double[][] futures = [.. Enumerable.Range(0, near.Count).Select(path => near.Of(path).ToArray())];
        return Described(isShort ? futures : WithLevel(hours, futures, Deviation(jobs), input), jobs[^1].Start + Micros.PerHour, input);
    }

    /// <summary>The hours that are near by the forecast of hours, which gives way to the daily level in the shape of a week. What begins high goes on from high.</summary>
    private static double[][] WithLevel(double[] hours, double[][] near, double deviation, DemandInput input)
    {
        var (shape, random) = (WeekShape.Of(hours), new SplitMix(input.Seed));
        var daily = new DemandPaths(Days(hours), (input.Horizon + Day - 1) / Day, deviation);
        var levels = near.Select(_ => daily.Draw(random)).OrderBy(days => days.Take(Near / Day).Sum()).ToArray();
        return
        [
            .. near.OrderBy(path => path.Sum()).Zip(levels, (path, days) => Enumerable.Range(0, input.Horizon).Select(step =>
            {
                var level = days[step / Day] * shape.At(hours.Length + step);
                var share = step < path.Length ? 1 - ((step + 1.0) / Near) : 0;
                return share > 0 ? (share * path[step]) + ((1 - share) * level) : level;
            }).ToArray()),
        ];
    }

    /// <summary>Means of 24 hours, the last of which ends with the last hour; a day without a known hour takes the one before it.</summary>
    private static double[] Days(double[] hours)
    {
        var days = new double[hours.Length / Day];
        var last = hours.First(double.IsFinite);
        for (var day = 0; day < days.Length; day++)
        {
            var (sum, known) = (0.0, 0);
            foreach (var hour in hours.AsSpan(hours.Length - ((days.Length - day) * Day), Day))
            {
                (sum, known) = double.IsFinite(hour) ? (sum + hour, known + 1) : (sum, known);
            }

            days[day] = last = known > 0 ? sum / known : last;
        }

        return days;
    }

    /// <summary>Standard deviation of the level known now, by the band of the newest week.</summary>
    private static double Deviation(ImmutableArray<DemandHour> jobs) => jobs.TakeLast(Week).Average(hour => (hour.High80 - hour.Low80) / 2) / Normal90;

    /// <summary>The middle of the futures and the band that holds four fifths of them, with what is applied for drawn into each.</summary>
    private static ImmutableArray<DemandHour> Described(double[][] futures, long next, DemandInput input)
    {
        var random = new SplitMix(~input.Seed);
        Window[] hours = [.. Enumerable.Range(0, input.Horizon).Select(step => new Window(next + (step * Micros.PerHour), next + ((step + 1) * Micros.PerHour)))];
        foreach (var future in futures)
        {
            var applied = input.Applied.Draw(hours, random);
            for (var step = 0; step < future.Length; step++)
            {
                future[step] = Math.Max(0, future[step] + applied[step]);
            }
        }

        var column = new double[futures.Length];
        var ahead = ImmutableArray.CreateBuilder<DemandHour>(hours.Length);
        for (var step = 0; step < hours.Length; step++)
        {
            for (var draw = 0; draw < column.Length; draw++)
            {
                column[draw] = futures[draw][step];
            }

            Array.Sort(column);
            ahead.Add(new(hours[step].From, column[column.Length / 2], column[column.Length / 10], column[(9 * column.Length / 10) - 1]));
        }

        return ahead.MoveToImmutable();
    }
}
