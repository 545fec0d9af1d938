using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Demand of those whose runtime is not known to its end: they run, wait, or left. What they served is counted elsewhere; this is the rest.</summary>
internal sealed class OpenDemand
{
    /// <summary>Below this chance of still running an episode is over.</summary>
    private const double Vanished = 1e-5;

    /// <summary>What the draws do not know, mostly that runtimes drift: with it 80 % bands hold about 80 % of hours of the replayed logs of bench/demand.</summary>
    private const double Widened = 1.4;

    private readonly List<Entry> _entries = [];
    private readonly HourGrid _grid;

    private OpenDemand(HourGrid grid) => _grid = grid;

    public int Count => _entries.Count;

    /// <summary>Open demand if nobody ended within the grid, as a share of that plus what is known.</summary>
    public double WidestShare { get; private set; }

    public static OpenDemand Of(IReadOnlyList<Episode> episodes, HourGrid grid) => Of(episodes, grid, new WouldHaveRun(episodes));

    public static OpenDemand Of(IReadOnlyList<Episode> episodes, HourGrid grid, WouldHaveRun weights)
    {
        var open = new OpenDemand(grid);
        var (rest, known) = (0.0, 0.0);
        foreach (var episode in episodes)
        {
            var from = episode.Wanted + episode.Served;
            known += (double)new Window(episode.Wanted, from).Within(new(grid.From, grid.Until)).Length.Value * episode.Devices;
            if (!episode.IsOver && from < grid.Until)
            {
                var longest = episode.Requested is { } requested && requested > episode.Served ? requested : (long?)null;
                open._entries.Add(new(episode, weights.Of(episode), longest));
                rest += (double)new Window(from, longest is { } end ? episode.Wanted + end : grid.Until).Within(new(grid.From, grid.Until)).Length.Value * episode.Devices;
            }
        }

        open.WidestShare = rest > 0 ? rest / (rest + known) : 0;
        return open;
    }

    /// <summary>Expected devices by hour, and the 10th and 90th percentile, which enclose it.</summary>
    public (double[] Expected, double[] Low, double[] High) Impute(RuntimeCohort cohort, int draws, SplitMix random)
    {
        var expected = Expected(cohort.Law());
        if (_entries.Count == 0)
        {
            return (expected, expected, expected);
        }

        var paths = new double[draws][];
        for (var draw = 0; draw < draws; draw++)
        {
            paths[draw] = Draw(cohort.Draw(random), random);
        }

        var (low, high, column) = (new double[expected.Length], new double[expected.Length], new double[draws]);
        for (var hour = 0; hour < expected.Length; hour++)
        {
            for (var draw = 0; draw < draws; draw++)
            {
                column[draw] = paths[draw][hour];
            }

            Array.Sort(column);
            low[hour] = Math.Max(0, expected[hour] - (Widened * Math.Max(0, expected[hour] - column[(int)(0.1 * (draws - 1))])));
            high[hour] = expected[hour] + (Widened * Math.Max(0, column[(int)Math.Ceiling(0.9 * (draws - 1))] - expected[hour]));
        }

        return (expected, low, high);
    }

    /// <summary>Expected devices by hour.</summary>
    public double[] Expected(RuntimeLaw law)
    {
        var devices = new double[_grid.Hours];
        foreach (var entry in _entries)
        {
            var runtime = law.Of(entry.Episode);
            var from = Math.Max(entry.From, _grid.From);
            var until = Math.Min(entry.Until, _grid.Until);
            for (var hour = (int)((from - _grid.From) / Micros.PerHour); hour < devices.Length && _grid.Start(hour) < until; hour++)
            {
                var (start, end) = (Math.Max(from, _grid.Start(hour)), Math.Min(until, _grid.Start(hour + 1)));
                var survival = runtime.Survival(entry.Episode.Served, start + ((end - start) / 2) - entry.Episode.Wanted);
                if (survival < Vanished)
                {
                    break;
                }

                devices[hour] += entry.Weight * entry.Episode.Devices * survival * (end - start) / Micros.PerHour;
            }
        }

        return devices;
    }

    private double[] Draw(RuntimeFuture future, SplitMix random)
    {
        var grid = new HourGrid(_grid.From, _grid.Hours);
        foreach (var entry in _entries)
        {
            var runtime = future.Runtime(entry.Episode);
            if (random.Share() < entry.Weight)
            {
                var end = runtime >= _grid.Until - entry.Episode.Wanted ? _grid.Until : entry.Episode.Wanted + (long)runtime;
                grid.Add(new(entry.From, Math.Min(end, entry.Until)), entry.Episode.Devices);
            }
        }

        return grid.Means();
    }

    /// <param name="Longest">Requested time, where it says anything. Unit: microseconds.</param>
    private readonly record struct Entry(Episode Episode, double Weight, long? Longest)
    {
        public long From => Episode.Wanted + Episode.Served;

        public long Until => Longest is { } longest ? Episode.Wanted + longest : Instants.Never;
    }
}
