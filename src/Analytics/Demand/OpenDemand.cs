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

    /// <summary>Of so many open episodes fewer draws say as much.</summary>
    private const int Many = 10_000;

    private const int Fewer = 40;
    private const double NinetiethOfNormal = 1.2816;

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
        draws = _entries.Count > Many ? Math.Min(draws, Fewer) : draws;
        var open = new OpenRuntimes(runtimes, _entries.ConvertAll(entry => entry.Episode), draws, random);
        var expected = Expected(i => open[i]);
        if (_entries.Count == 0)
        {
            return (expected, expected, expected);
        }

        var paths = Paths(open, draws, random);
        var (low, high, column) = (new double[expected.Length], new double[expected.Length], new double[draws]);
        for (var hour = 0; hour < expected.Length; hour++)
        {
            for (var draw = 0; draw < draws; draw++)
            {
                column[draw] = paths[draw][hour];
            }

            var (tenth, ninetieth) = _entries.Count > Many ? OfMany(column) : Deciles(column);
            low[hour] = Math.Max(0, expected[hour] - (Widened * Math.Max(0, expected[hour] - tenth)));
            high[hour] = expected[hour] + (Widened * Math.Max(0, ninetieth - expected[hour]));
        }

        return (expected, low, high);
    }

    /// <summary>Expected devices by hour.</summary>
    public double[] Expected(RuntimeLaws runtimes) => Expected(i => runtimes.Of(_entries[i].Episode));

    private static (double Tenth, double Ninetieth) Deciles(double[] drawn)
    {
        Array.Sort(drawn);
        return (drawn[(int)(0.1 * (drawn.Length - 1))], drawn[(int)Math.Ceiling(0.9 * (drawn.Length - 1))]);
    }

    /// <summary>Of sums of many, which are normal but for their scale on each side: surer from few draws than the deciles themselves.</summary>
    private static (double Tenth, double Ninetieth) OfMany(double[] drawn)
    {
        var (mean, below, above) = (drawn.Average(), 0.0, 0.0);
        foreach (var devices in drawn)
        {
            var off = devices - mean;
            (below, above) = off < 0 ? (below + (off * off), above) : (below, above + (off * off));
        }

        return (mean - (NinetiethOfNormal * Math.Sqrt(2 * below / drawn.Length)), mean + (NinetiethOfNormal * Math.Sqrt(2 * above / drawn.Length)));
    }

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

    /// <summary>Devices by hour, for each draw.</summary>
    private double[][] Paths(OpenRuntimes open, int draws, SplitMix random)
    {
        HourGrid[] grids = [.. Enumerable.Range(0, draws).Select(_ => new HourGrid(_grid.From, _grid.Hours))];
        var runtimes = new double[draws];
        for (var i = 0; i < _entries.Count; i++)
        {
            open.Draw(i, runtimes);
            Add(grids, _entries[i], runtimes, random);
        }

        return [.. grids.Select(grid => grid.Means())];
    }

    private void Add(HourGrid[] grids, in Entry entry, double[] runtimes, SplitMix random)
    {
        for (var draw = 0; draw < grids.Length; draw++)
        {
            if (entry.Weight >= 1 || random.Share() < entry.Weight)
            {
                var end = runtimes[draw] >= _grid.Until - entry.Episode.Wanted ? _grid.Until : entry.Episode.Wanted + (long)runtimes[draw];
                grids[draw].Add(new(entry.From, Math.Min(end, entry.Until)), entry.Episode.Devices);
            }
        }
    }

    /// <param name="Longest">Requested time, where it says anything. Unit: microseconds.</param>
    private readonly record struct Entry(Episode Episode, double Weight, long? Longest)
    {
        public long From => Episode.Wanted + Episode.Served;

        public long Until => Longest is { } longest ? Episode.Wanted + longest : Instants.Never;
    }
}
