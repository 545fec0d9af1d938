using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Work that waits: devices asked for, each for as long as it would hold them. Unit: device-days.</summary>
/// <param name="Low80">10th percentile; not above <paramref name="DeviceDays"/>.</param>
/// <param name="High80">90th percentile; not below <paramref name="DeviceDays"/>.</param>
public readonly record struct Backlog(double DeviceDays, double Low80, double High80)
{
    private const int Draws = 100;

    /// <summary>Capacity that serves demand and clears the backlog in so many days: D + B / T. Unit: devices.</summary>
    /// <param name="demand">With its 80 % band.</param>
    public (double Mean, double Low80, double High80) Required((double Mean, double Low, double High) demand, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        return (demand.Mean + (DeviceDays / days), demand.Low + (Low80 / days), demand.High + (High80 / days));
    }

    /// <returns>Null: there is no job log, or too few runtimes in it to say how long those that wait would run.</returns>
    public static Backlog? Of(DemandInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Episodes is not { } episodes)
        {
            return null;
        }

        var waiting = episodes.Where(episode => episode.State == EpisodeState.Waiting).ToList();
        if (waiting.Count == 0)
        {
            return default(Backlog);
        }

        var runtimes = input.LawsOf(episodes);
        return runtimes.Ends < LatentDemand.FewestRuntimes ? null : Of(waiting, new OpenRuntimes(runtimes, waiting, Draws, new SplitMix(input.Seed)));
    }

    private static Backlog Of(List<Episode> waiting, OpenRuntimes runtimes)
    {
        var (sums, drawn) = (new double[Draws], new double[Draws]);
        foreach (var (i, episode) in waiting.Index())
        {
            runtimes.Draw(i, drawn);
            for (var draw = 0; draw < Draws; draw++)
            {
                sums[draw] += episode.Devices * (Math.Min(drawn[draw], Longest(episode)) - episode.Served);
            }
        }

        Array.Sort(sums);
        var mean = waiting.Index().Sum(open => open.Item.Devices * runtimes[open.Index].MeanBeyond(open.Item.Served, Longest(open.Item))) / Micros.PerDay;
        return new(mean, Math.Min(mean, sums[Draws / 10] / Micros.PerDay), Math.Max(mean, sums[(9 * Draws / 10) - 1] / Micros.PerDay));
    }

    private static double Longest(Episode episode) => episode.Requested is { } requested && requested > episode.Served ? requested : double.PositiveInfinity;
}
