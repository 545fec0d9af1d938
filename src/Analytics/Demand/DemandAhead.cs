using System.Collections.Immutable;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Continues an estimate of demand: the jobs by a forecast, what is applied for by drawing it. Capacity is not told to the forecaster.</summary>
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
        var forecast = Forecast.Run(recent, new ForecastSpec(hours.Length < ShortestLevel ? input.Horizon : Math.Min(input.Horizon, Near), seasons) { NonNegative = true, Levels = [0.8] });
        var next = jobs[^1].Start + Micros.PerHour;
        var ahead = (hours.Length < ShortestLevel ? Forecasted(forecast, next) : WithLevel(hours, forecast, input.Horizon, next)).ToImmutableArray();
        return input.Applied.Tenants.IsEmpty ? ahead : WithApplied(ahead, input);
    }

    private static IEnumerable<DemandHour> Forecasted(ForecastResult forecast, long next) =>
        Enumerable.Range(0, forecast.Mean.Length).Select(step => new DemandHour(next + (step * Micros.PerHour), forecast.Mean[step], forecast.Bands[0].Low[step], forecast.Bands[0].High[step]));

    /// <summary>The hours that are near by the forecast of hours, which gives way to the daily level in the shape of a week.</summary>
    private static IEnumerable<DemandHour> WithLevel(double[] hours, ForecastResult near, int horizon, long next)
    {
        var (days, shape) = (Days(hours), WeekShape.Of(hours));
        var level = new LevelAhead(days, (horizon + Day - 1) / Day);
        for (var step = 0; step < horizon; step++)
        {
            var mean = level.Expected[step / Day] * shape.At(hours.Length + step);
            var (low, high) = (level.Edge(step / Day, mean, -1), level.Edge(step / Day, mean, 1));
            if (step < near.Mean.Length)
            {
                var share = 1 - ((step + 1.0) / Near);
                var band = near.Bands[0];
                (mean, low, high) = (Mix(share, near.Mean[step], mean), Mix(share, band.Low[step], low), Mix(share, band.High[step], high));
            }

            yield return new(next + (step * Micros.PerHour), mean, Math.Min(mean, low), Math.Max(mean, high));
        }
    }

    private static double Mix(double share, double near, double far) => (share * near) + ((1 - share) * far);

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

    private static ImmutableArray<DemandHour> WithApplied(ImmutableArray<DemandHour> jobs, DemandInput input)
    {
        var random = new SplitMix(input.Seed);
        Window[] hours = [.. jobs.Select(hour => new Window(hour.Start, hour.Start + Micros.PerHour))];
        var futures = new (double[] Applied, double Place)[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            futures[draw] = (input.Applied.Draw(hours, random), random.Normal() / Normal90);
        }

        var sums = new double[Draws];
        return
        [
            .. jobs.Select((hour, step) =>
            {
                for (var draw = 0; draw < Draws; draw++)
                {
                    var (applied, place) = futures[draw];
                    sums[draw] = Math.Max(0, hour.Mean + (place * (place < 0 ? hour.Mean - hour.Low80 : hour.High80 - hour.Mean)) + applied[step]);
                }

                var mean = hour.Mean + futures.Average(future => future.Applied[step]);
                Array.Sort(sums);
                return new DemandHour(hour.Start, mean, Math.Min(mean, sums[Draws / 10]), Math.Max(mean, sums[(9 * Draws / 10) - 1]));
            }),
        ];
    }
}
