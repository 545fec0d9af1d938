using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Saturation;

/// <summary>Futures of daily demand: a blended forecast, and around it what the past did around its own course, drawn in blocks.</summary>
/// <remarks>
/// Two things are drawn from the same days: how the mean of a week moved, less its mean move, summed up along the path;
/// and how each day stood to the mean of its week and to its weekday. The course itself is drawn too: with few weeks behind it, it may rise
/// or fall. Where the past shows that demand returns to its course, paths do too (<see cref="WeeklyMemory"/>). Blocks keep what belongs together (Kuensch, Annals of Statistics 17, 1989).
/// </remarks>
internal sealed class DemandPaths
{
    private const int Week = 7;
    private const int ShortestBlock = 7;
    private const int LongestBlock = 56;

    private static readonly ForecasterCatalog Catalog = new([.. ForecasterCatalog.Default.Forecasters, new LinearTrendForecaster()]);

    private readonly double[] _moves;
    private readonly double[] _rests;
    private readonly int _block;
    private readonly double _deviation;
    private readonly WeeklyMemory _memory;

    /// <param name="deviation">Standard deviation of the level known now.</param>
    public DemandPaths(double[] history, int days, double deviation)
    {
        Central = [.. Forecast.Run(history, new ForecastSpec(days, Week) { NonNegative = true, Levels = [] }, Catalog).Mean];
        _deviation = deviation;
        var filled = Filled(history);
        _memory = WeeklyMemory.Of(filled);
        (_moves, _rests) = Residuals(filled, Daily(_memory.Kept));
        _block = Math.Clamp(_moves.Length / 4, ShortestBlock, LongestBlock);
    }

    /// <summary>Expected demand of each day to come.</summary>
    public double[] Central { get; }

    public double[] Draw(SplitMix random)
    {
        var path = (double[])Central.Clone();
        var level = _deviation > 0 ? _deviation * random.Normal() : 0;
        var drift = Drift(random);
        var kept = Daily(_memory.Draw(random));
        for (var day = 0; day < path.Length;)
        {
            var from = Block(random);
            for (var i = 0; i < _block && day < path.Length; i++, day++)
            {
                level = (kept * level) + drift;
                level += from + i < _moves.Length ? _moves[from + i] : 0;
                path[day] = Math.Max(0, path[day] + level + (from + i < _rests.Length ? _rests[from + i] : 0));
            }
        }

        return path;
    }

    private static double Daily(double weekly) => Math.Pow(weekly, 1.0 / Week);

    private int Block(SplitMix random) => _moves.Length > 0 ? random.Below(Math.Max(1, _moves.Length - _block + 1)) : 0;

    /// <summary>How far the mean move of as many days, drawn again, is from theirs: the course itself is only known as well as that.</summary>
    private double Drift(SplitMix random)
    {
        var (sum, drawn) = (0.0, 0);
        while (drawn < _moves.Length)
        {
            var from = Block(random);
            for (var i = 0; i < _block && drawn < _moves.Length; i++, drawn++)
            {
                sum += from + i < _moves.Length ? _moves[from + i] : 0;
            }
        }

        return drawn > 0 ? sum / drawn : 0;
    }

    /// <summary>By day from the second week on: the move of the week's mean less the mean move, and the rest of the day.</summary>
    /// <param name="kept">Share of a deviation from the course that is left a day later.</param>
    private static (double[] Moves, double[] Rests) Residuals(double[] history, double kept)
    {
        if (history.Length <= Week)
        {
            return ([], []);
        }

        var (moves, rests) = (new double[history.Length - Week], new double[history.Length - Week]);
        var byWeekday = new double[Week];
        var counts = new int[Week];
        var weeks = WeeklyMemory.Deviations(history);
        for (var i = 0; i < moves.Length; i++)
        {
            var day = i + Week;
            moves[i] = weeks[i + 1] - (kept * weeks[i]);
            rests[i] = history[day] - Mean(history.AsSpan(day - Week + 1, Week));
            byWeekday[day % Week] += rests[i];
            counts[day % Week]++;
        }

        var meanMove = moves.Average();
        for (var i = 0; i < moves.Length; i++)
        {
            moves[i] -= meanMove;
            rests[i] -= byWeekday[(i + Week) % Week] / counts[(i + Week) % Week];
        }

        return (moves, rests);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>Gaps take the day a week before, so that they move nothing.</summary>
    private static double[] Filled(double[] history)
    {
        var filled = (double[])history.Clone();
        var last = filled.FirstOrDefault(double.IsFinite);
        for (var day = 0; day < filled.Length; day++)
        {
            filled[day] = double.IsFinite(filled[day]) ? filled[day] : day >= Week ? filled[day - Week] : last;
            last = filled[day];
        }

        return filled;
    }
}
