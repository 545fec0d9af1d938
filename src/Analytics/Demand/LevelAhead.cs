using Headroom.Analytics.Forecasting;

namespace Headroom.Analytics.Demand;

/// <summary>Daily demand to come: the forecasters of the catalog and a level that returns to its past, each by what it was worth, with a band from what was missed.</summary>
/// <remarks>
/// Demand of job logs moves in waves of weeks: after a peak it comes down, and a trend through it does not. The level of the last three days returns
/// to that of the last eight weeks with a half-life of two weeks; where forecasts have been better on this series, they speak.
/// Errors are of logarithms, so that a band is never below nothing; beside those of this past stand two weeks of errors as other job logs have them,
/// because a few weeks of rising demand do not show how it falls.
/// </remarks>
internal sealed class LevelAhead
{
    private const int Week = 7;
    private const int NewLevel = 3;
    private const int OldLevel = 56;
    private const double HalfLife = 14;
    private const int FirstOrigin = 7;
    private const int Origins = 4;
    private const int Nearby = 3;
    private const double PriorDays = 14;
    private const double PriorSpread = 0.65;
    private const int PriorFull = 10;

    /// <summary>Demand falls further than it rises: holidays, the end of a sweep.</summary>
    private const double Falls = 1.25;

    private const double Normal90 = 1.2815515655446004;

    /// <summary>Added to demand before logarithms, as a share of its level: a day of almost nothing is not infinitely far from the next.</summary>
    private const double Offset = 0.1;

    private const double Tiny = 1e-9;
    private const double LeastRatio = 0.01;

    private readonly double _offset;
    private readonly double[] _spread;

    /// <param name="history">Daily means, oldest first, complete; at least two weeks.</param>
    public LevelAhead(double[] history, int days)
    {
        _offset = (Offset * Mean(history, OldLevel)) + Tiny;
        var (weight, ratio) = Worth(history, days);
        var (level, forecast) = (Returning(history, days), weight < 1 ? Forecasts(history, days) : []);
        Expected = [.. level.Select((value, day) => weight < 1 ? (weight * value) + ((1 - weight) * forecast[day]) : value)];
        _spread = [.. Spread(history, days).Select(spread => ratio * spread)];
    }

    /// <summary>Expected demand by day.</summary>
    public double[] Expected { get; }

    /// <summary>The 10th (-1) or 90th (1) percentile of a day whose mean is expected to be <paramref name="expected"/>.</summary>
    public double Edge(int day, double expected, int side) => Math.Max(0, ((expected + _offset) * Math.Exp((side < 0 ? -Falls : 1) * Normal90 * _spread[day])) - _offset);

    /// <summary>Weight of the returning level, and how the error of both together is to that of the level alone.</summary>
    private (double Weight, double Ratio) Worth(double[] history, int days)
    {
        var (level, forecast, misses) = (0.0, 0.0, new List<(double Level, double Forecast, double Real)>());
        for (var origin = 1; origin <= Origins; origin++)
        {
            var known = history.Length - (Math.Min(days, Week) * origin);
            if (known < 2 * Week)
            {
                break;
            }

            var reach = Math.Min(days, history.Length - known);
            var (returning, forecasts) = (Returning(history[..known], reach), Forecasts(history[..known], reach));
            for (var day = 0; day < reach; day++)
            {
                misses.Add((returning[day], forecasts[day], history[known + day]));
                level += Math.Abs(returning[day] - history[known + day]);
                forecast += Math.Abs(forecasts[day] - history[known + day]);
            }
        }

        if (misses.Count == 0)
        {
            return (1, 1);
        }

        // As good as the level is not good enough: it would follow every wave.
        var weight = level > 0 ? Math.Min(1, forecast / level) : 1;
        var both = misses.Sum(miss => Square(Log(miss.Real) - Log((weight * miss.Level) + ((1 - weight) * miss.Forecast))));
        var alone = misses.Sum(miss => Square(Log(miss.Real) - Log(miss.Level)));
        return (weight, alone > 0 ? Math.Clamp(Math.Sqrt(both / alone), LeastRatio, 1) : 1);
    }

    /// <summary>Root mean square error of the returning level in logarithms, by day ahead.</summary>
    private double[] Spread(double[] history, int days)
    {
        var (sums, counts) = (new double[days], new int[days]);
        for (var origin = FirstOrigin; origin < history.Length; origin++)
        {
            var (now, past) = Levels(history.AsSpan(0, origin));
            for (var day = 0; day < Math.Min(days, history.Length - origin); day++)
            {
                sums[day] += Square(Log(history[origin + day]) - Log(Returned(now, past, day)));
                counts[day]++;
            }
        }

        var spread = new double[days];
        for (var day = 0; day < days; day++)
        {
            var (sum, count) = (0.0, 0);
            for (var near = Math.Max(0, day - Nearby); near <= Math.Min(days - 1, day + Nearby); near++)
            {
                (sum, count) = (sum + sums[near], count + counts[near]);
            }

            var (weight, reach) = ((2 * Nearby) + 1, Math.Min(1, (day + 1.0) / PriorFull));
            spread[day] = Math.Sqrt(((sum / weight) + (PriorDays * PriorSpread * PriorSpread * reach)) / (((double)count / weight) + PriorDays));
        }

        // Beyond what the past is long enough for it is no surer than before.
        for (var day = 1; day < days; day++)
        {
            spread[day] = Math.Max(spread[day], spread[day - 1]);
        }

        return spread;
    }

    private static double[] Forecasts(double[] history, int days) => [.. Forecast.Run(history, new ForecastSpec(days, Week) { NonNegative = true, Levels = [] }).Mean];

    private static double[] Returning(double[] history, int days)
    {
        var (now, past) = Levels(history);
        return [.. Enumerable.Range(0, days).Select(day => Returned(now, past, day))];
    }

    private static double Returned(double now, double past, int day) => past + ((now - past) * Math.Pow(0.5, (day + 1) / HalfLife));

    private static (double Now, double Past) Levels(ReadOnlySpan<double> history) => (Mean(history, NewLevel), Mean(history, OldLevel));

    private static double Mean(ReadOnlySpan<double> history, int last)
    {
        var tail = history[^Math.Min(last, history.Length)..];
        var sum = 0.0;
        foreach (var value in tail)
        {
            sum += value;
        }

        return sum / tail.Length;
    }

    private double Log(double value) => Math.Log(Math.Max(0, value) + _offset);

    private static double Square(double value) => value * value;
}
