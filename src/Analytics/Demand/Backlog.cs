using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Work that waits: devices asked for, each for as long as it would hold them. Unit: device-days.</summary>
/// <param name="Low80">10th percentile; not above <paramref name="DeviceDays"/>.</param>
/// <param name="High80">90th percentile; not below <paramref name="DeviceDays"/>.</param>
public readonly record struct Backlog(double DeviceDays, double Low80, double High80)
{
    private const int Draws = 100;

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

        var cohort = RuntimeCohort.Of(episodes, input.Runtimes, input.Now);
        return cohort.Ends < LatentDemand.FewestRuntimes ? null : Of(waiting, cohort, new SplitMix(input.Seed));
    }

    private static Backlog Of(List<Episode> waiting, RuntimeCohort cohort, SplitMix random)
    {
        var sums = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            var future = cohort.Draw(random);
            foreach (var episode in waiting)
            {
                sums[draw] += episode.Devices * (Math.Min(future.Runtime(episode), Longest(episode)) - episode.Served);
            }
        }

        Array.Sort(sums);
        var law = cohort.Law();
        var mean = waiting.Sum(episode => episode.Devices * law.Of(episode).MeanBeyond(episode.Served, Longest(episode))) / Micros.PerDay;
        return new(mean, Math.Min(mean, sums[Draws / 10] / Micros.PerDay), Math.Max(mean, sums[(9 * Draws / 10) - 1] / Micros.PerDay));
    }

    private static double Longest(Episode episode) => episode.Requested is { } requested && requested > episode.Served ? requested : double.PositiveInfinity;
}
