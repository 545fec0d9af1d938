using System.Collections.Immutable;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>What latent demand is asked of.</summary>
/// <param name="Observed">Ascending, each hour once, all a whole number of hours apart.</param>
/// <param name="Episodes">Null: no job log. Empty: a job log that names no job.</param>
/// <param name="Now">The end of what is known. Unit: microseconds since the Unix epoch.</param>
public sealed record DemandInput(ImmutableArray<ObservedHour> Observed, ImmutableArray<Episode>? Episodes, long Now)
{
    private KnownLaws? _laws;

    /// <summary>Runtimes of finished jobs, of this log or any other.</summary>
    public ImmutableArray<FinishedRuntime> Runtimes { get; init; } = [];

    /// <summary>Counts by tenant; empty: tenants are not known.</summary>
    public ImmutableArray<TenantCount> Tenants { get; init; } = [];

    /// <summary>By model, where the pool has several and it is known who held which; empty: it has one, or that is not known.</summary>
    public ImmutableArray<ModelCount> Models { get; init; } = [];

    /// <summary>The episodes as if nobody had submitted a job again under another id; empty: nobody has.</summary>
    public ImmutableArray<Episode> Apart { get; init; } = [];

    /// <summary>False: jobs have no names, so that one submitted again under another id counts as another demand.</summary>
    public bool AreJobsNamed { get; init; } = true;

    /// <summary>Jobs that were submitted again under another id, and are one demand with the one before.</summary>
    public int Retries => Episodes is { } episodes && !Apart.IsEmpty ? Apart.Length - episodes.Length : 0;

    /// <summary>Devices that were down or drained in an observed hour, by its start.</summary>
    public ImmutableDictionary<long, double> Down { get; init; } = ImmutableDictionary<long, double>.Empty;

    /// <summary>True: it was declared that who finds no place goes elsewhere. Else who finds none waits.</summary>
    public bool IsLoss { get; init; }

    /// <summary>What is applied for and under contract.</summary>
    public AppliedDemand Applied { get; init; } = AppliedDemand.None;

    /// <summary>True: some hours have no allocation source, and what was seen busy in them is only a floor under what was allocated.</summary>
    public bool ServedIsFloor { get; init; }

    /// <summary>Hours to forecast after the observed ones.</summary>
    public int Horizon { get; init; }

    public ulong Seed { get; init; }

    /// <summary>How long the jobs of the log run: worked out once for all who ask.</summary>
    internal RuntimeLaws LawsOf(ImmutableArray<Episode> episodes)
    {
        if (_laws is not { } known || known.Episodes != episodes || known.Extra != Runtimes || known.Now != Now)
        {
            _laws = known = new(episodes, Runtimes, Now, RuntimeLaws.Of(episodes, Runtimes, Now));
        }

        return known.Laws;
    }

    /// <summary>The same with a job log, as far as it is known by <see cref="Now"/>.</summary>
    public DemandInput With(IReadOnlyCollection<JobFact> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var episodes = Demand.Episodes.Of(jobs, Now);
        var areNamed = jobs.Any(job => job.Name is not null);
        var apart = areNamed ? Demand.Episodes.Apart(jobs, Now) : [];
        return this with { Episodes = episodes, Apart = apart.Length == episodes.Length ? [] : apart, AreJobsNamed = areNamed || jobs.Count == 0 };
    }

    private sealed record KnownLaws(ImmutableArray<Episode> Episodes, ImmutableArray<FinishedRuntime> Extra, long Now, RuntimeLaws Laws);
}

/// <summary>Demand as it would be if every request started when it could: from a job log, else from what the counts allow.</summary>
public static class LatentDemand
{
    /// <summary>A log that accounts for less than this share of the allocated devices is not the whole log.</summary>
    private const double Explained = 0.95;

    /// <summary>With fewer known runtimes than this nothing is said of those that have not ended.</summary>
    internal const int FewestRuntimes = 20;

    /// <summary>Share of demand that may hang on runtimes nobody knows before it is no estimate.</summary>
    private const double Negligible = 0.01;

    private const int Draws = 100;

    public static DemandAnswer Of(DemandInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Observed.IsEmpty)
        {
            return new DemandAnswer.Refused(DemandReason.NothingObserved, [WouldHelp.Telemetry, WouldHelp.Jobs]);
        }

        return input.Episodes is { } episodes ? Direct(input, episodes) : ServedDemand.Of(input);
    }

    private static DemandAnswer Direct(DemandInput input, ImmutableArray<Episode> episodes)
    {
        var (first, last) = (input.Observed[0].Start, input.Observed[^1].Start);
        var hours = (int)((last - first) / Micros.PerHour) + 1;
        if (!Explains(episodes, input, new(first, hours)))
        {
            return Incomplete(input, episodes);
        }

        if (!LittlesLaw.Agrees(input.Observed, Waiting(episodes, input, new(first, hours))))
        {
            return new DemandAnswer.Refused(DemandReason.LittlesLaw, [WouldHelp.QueueCounts, WouldHelp.Jobs]);
        }

        var grid = new HourGrid(first, hours);
        foreach (var episode in episodes)
        {
            grid.Add(new(episode.Wanted, episode.Wanted + episode.Served), episode.Devices);
        }

        var known = grid.Means();
        var runtimes = input.LawsOf(episodes);
        var open = OpenDemand.Of(episodes, grid);
        if (open.Count > 0 && runtimes.Ends < FewestRuntimes && open.WidestShare > Negligible)
        {
            return new DemandAnswer.LowerBound(Bound(input, known), DemandReason.RuntimesUnknown, [WouldHelp.Runtimes]);
        }

        var (expected, low, high) = open.Impute(runtimes, Draws, new SplitMix(input.Seed));
        var series = ImmutableArray.CreateBuilder<DemandHour>(input.Observed.Length);
        foreach (var hour in input.Observed)
        {
            var i = (int)((hour.Start - first) / Micros.PerHour);
            series.Add(new(hour.Start, known[i] + expected[i], known[i] + low[i], known[i] + high[i]));
        }

        var observed = series.MoveToImmutable();
        return new DemandAnswer.Estimate(new(input.Applied.AddedTo(observed), DemandAhead.Of(observed, input)), DemandMethod.IntervalSweep)
        {
            Caveats = ShareThatLeft(episodes) > Negligible ? [.. OfThoseThatLeft(runtimes.PatienceGrows, input.AreJobsNamed)] : [],
        };
    }

    /// <summary>Of all devices that were asked for.</summary>
    private static double ShareThatLeft(ImmutableArray<Episode> episodes)
    {
        var (left, all) = (0L, 0L);
        foreach (var episode in episodes)
        {
            left += episode.HasLeft ? episode.Devices : 0;
            all += episode.Devices;
        }

        return all > 0 ? (double)left / all : 0;
    }

    /// <summary>Part of a log is a sample of runtimes and waits: enough where who waits is counted.</summary>
    private static DemandAnswer Incomplete(DemandInput input, ImmutableArray<Episode> episodes)
    {
        var bound = new DemandAnswer.LowerBound(ServedDemand.Bound(input), DemandReason.JobsIncomplete, [WouldHelp.Jobs]);
        if (CountedHours.Of(input.Observed) is null)
        {
            return bound;
        }

        var sample = episodes.Where(episode => episode is { IsOver: true, Started: not null }).OrderBy(episode => episode.Started)
            .Select(episode => new FinishedRuntime(episode.Devices, episode.Served) { Waited = episode.Waited });
        var answer = ServedDemand.Of(input with { Runtimes = [.. input.Runtimes, .. sample] });
        return answer is DemandAnswer.LowerBound ? bound : answer;
    }

    private static IEnumerable<DemandCaveat> OfThoseThatLeft(bool patienceGrows, bool areNamed)
    {
        yield return patienceGrows ? DemandCaveat.PatienceGrowsWithRuntime : DemandCaveat.PatienceApartFromRuntime;
        if (!areNamed)
        {
            yield return DemandCaveat.LeftForGood;
        }
    }

    /// <summary>Devices that wait by the log, in each observed hour.</summary>
    private static double[] Waiting(ImmutableArray<Episode> episodes, DemandInput input, HourGrid grid)
    {
        foreach (var (stay, devices) in episodes.SelectMany(episode => episode.InQueue.Select(stay => (stay, episode.Devices))))
        {
            grid.Add(stay, devices);
        }

        var waiting = grid.Means();
        return [.. input.Observed.Select(hour => waiting[(int)((hour.Start - grid.From) / Micros.PerHour)])];
    }

    /// <summary>Whether the log accounts for the devices that were seen allocated.</summary>
    private static bool Explains(ImmutableArray<Episode> episodes, DemandInput input, HourGrid grid)
    {
        foreach (var episode in episodes)
        {
            if (episode.Started is { } started)
            {
                grid.Add(new(started, started + episode.Served), episode.Devices);
            }
        }

        var running = grid.Means();
        var (seen, accounted) = (0.0, 0.0);
        foreach (var hour in input.Observed)
        {
            seen += hour.Allocated;
            accounted += running[(int)((hour.Start - grid.From) / Micros.PerHour)];
        }

        return accounted >= Explained * seen;
    }

    private static DemandSeries Bound(DemandInput input, double[] known)
    {
        var first = input.Observed[0].Start;
        var hours = input.Observed.Select(hour => DemandHour.Exactly(hour.Start, Math.Max(hour.Allocated, known[(int)((hour.Start - first) / Micros.PerHour)])));
        return new(input.Applied.AddedTo([.. hours]), []);
    }
}
