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

        var seasons = hours.Length >= 2 * Week ? ImmutableArray.Create(Day, Week) : [Day];
        var forecast = Forecast.Run(hours, new ForecastSpec(input.Horizon, seasons) { NonNegative = true, Levels = [0.8] });
        var band = forecast.Bands[0];
        var next = jobs[^1].Start + Micros.PerHour;
        var ahead = Enumerable.Range(0, input.Horizon).Select(step => new DemandHour(next + (step * Micros.PerHour), forecast.Mean[step], band.Low[step], band.High[step])).ToImmutableArray();
        return input.Applied.Tenants.IsEmpty ? ahead : WithApplied(ahead, input);
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
