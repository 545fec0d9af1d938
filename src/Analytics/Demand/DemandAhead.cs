using System.Collections.Immutable;
using Headroom.Analytics.Forecasting;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Continues an estimate of demand. Capacity is not told to the forecaster.</summary>
internal static class DemandAhead
{
    private const int Day = 24;
    private const int Week = 7 * Day;

    public static ImmutableArray<DemandHour> Of(ImmutableArray<DemandHour> observed, int horizon)
    {
        if (horizon == 0)
        {
            return [];
        }

        var first = observed[0].Start;
        var hours = new double[(int)((observed[^1].Start - first) / Micros.PerHour) + 1];
        Array.Fill(hours, double.NaN);
        foreach (var hour in observed)
        {
            hours[(int)((hour.Start - first) / Micros.PerHour)] = hour.Mean;
        }

        var seasons = hours.Length >= 2 * Week ? ImmutableArray.Create(Day, Week) : [Day];
        var forecast = Forecast.Run(hours, new ForecastSpec(horizon, seasons) { NonNegative = true, Levels = [0.8] });
        var band = forecast.Bands[0];
        var next = observed[^1].Start + Micros.PerHour;
        return [.. Enumerable.Range(0, horizon).Select(step => new DemandHour(next + (step * Micros.PerHour), forecast.Mean[step], band.Low[step], band.High[step]))];
    }
}
