using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Demand of those whose runtime is not known to its end: they run, wait, or left. What they served is counted elsewhere; this is the rest.</summary>
internal sealed class OpenDemand
{
    /// <summary>Below this chance of still running an episode is over.</summary>
    private const double Vanished = 1e-5;

    /// <summary>What the draws do not know, mostly that runtimes drift: with it 80 % bands hold about 80 % of hours of the replayed logs of bench/demand.</summary>
    private const double Widened = 1.25;

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
    public (double[] Expected, double[] Low, double[] High) Impute(RuntimeLaws runtimes, int draws, SplitMix random)
    {
        var open = new OpenRuntimes(runtimes, _entries.ConvertAll(entry => entry.Episode));
        var expected = Expected(i => open[i]);
        if (_entries.Count == 0)
        {
            return (expected, expected, expected);
        }

        var (paths, drawn) = (new double[draws][], new double[_entries.Count]);
        for (var draw = 0; draw < draws; draw++)
        {
            open.Draw(drawn, random);
            paths[draw] = Path(drawn, random);
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
    public double[] Expected(RuntimeLaws runtimes) => Expected(i => runtimes.Of(_entries[i].Episode));

    private double[] Expected(Func<int, RuntimeOf> law)
    {
        var devices = new double[_grid.Hours];
        var held = new Dictionary<double[], HeldTime>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _entries.Count; i++)
        {
            var (entry, runtime) = (_entries[i], law(i));
            if (runtime.InSeconds is not { } hazard || entry.Episode.Served > 0)
            {
                Add(devices, entry, runtime);
                continue;
            }

            if (!held.TryGetValue(hazard, out var times))
            {
                held[hazard] = times = new(hazard);
            }

            Add(devices, entry, times);
        }

        return devices;
    }

    private void Add(double[] devices, Entry entry, RuntimeOf runtime)
    {
        var (from, until) = (Math.Max(entry.From, _grid.From), Math.Min(entry.Until, _grid.Until));
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

    private void Add(double[] devices, Entry entry, HeldTime held)
    {
        var (from, until) = (Math.Max(entry.From, _grid.From), Math.Min(entry.Until, Math.Min(entry.From + held.Until, _grid.Until)));
        var (weight, bin) = (entry.Weight * entry.Episode.Devices / Micros.PerHour, 0);
        var before = held.Of(from - entry.From, ref bin);
        for (var hour = (int)((from - _grid.From) / Micros.PerHour); hour < devices.Length && _grid.Start(hour) < until; hour++)
        {
            var upTo = held.Of(Math.Min(until, _grid.Start(hour + 1)) - entry.From, ref bin);
            devices[hour] += weight * (upTo - before);
            before = upTo;
        }
    }

    private double[] Path(double[] runtimes, SplitMix random)
    {
        var grid = new HourGrid(_grid.From, _grid.Hours);
        for (var i = 0; i < _entries.Count; i++)
        {
            var entry = _entries[i];
            if (entry.Weight >= 1 || random.Share() < entry.Weight)
            {
                var end = runtimes[i] >= _grid.Until - entry.Episode.Wanted ? _grid.Until : entry.Episode.Wanted + (long)runtimes[i];
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
