using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Latent demand of parts of a job log: tenants, sectors, sizes. Parts add up to the whole.</summary>
/// <param name="Latent">Mean devices wanted over the window.</param>
/// <param name="Served">Mean devices held.</param>
/// <param name="Queued">Mean devices that waited: a stock.</param>
/// <param name="Left">Requests that gave up while they waited.</param>
public readonly record struct DemandGroup(string Name, double Latent, double Served, double Queued, int Left)
{
    /// <param name="names">For each side of demand the part of it that an episode belongs to.</param>
    /// <param name="within">Whole hours.</param>
    /// <returns>For each side its parts, largest first; empty: no job log, or too few runtimes to say how long open jobs run.</returns>
    public static ImmutableArray<ImmutableArray<DemandGroup>> Of(DemandInput input, IReadOnlyCollection<Func<Episode, string>> names, Window within)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(names);
        if (input.Episodes is not { } episodes || within.IsEmpty)
        {
            return [.. names.Select(_ => ImmutableArray<DemandGroup>.Empty)];
        }

        var runtimes = input.LawsOf(episodes);
        var known = runtimes.Ends < LatentDemand.FewestRuntimes ? null : runtimes;
        var weights = new WouldHaveRun(episodes);
        return
        [
            .. names.Select(name => episodes.GroupBy(name).Select(part => Of(part.Key, [.. part], known, weights, within)).Where(part => part.Latent > 0 || part.Queued > 0)
                .OrderByDescending(part => part.Latent).ThenBy(part => part.Name, StringComparer.Ordinal).ToImmutableArray()),
        ];
    }

    private static DemandGroup Of(string name, List<Episode> episodes, RuntimeLaws? runtimes, WouldHaveRun weights, Window within)
    {
        var hours = (int)(within.Length.Value / Micros.PerHour);
        HourGrid Grid() => new(within.From, hours);
        var (wanted, served, queued) = (Grid(), Grid(), Grid());
        foreach (var episode in episodes)
        {
            wanted.Add(new(episode.Wanted, episode.Wanted + episode.Served), episode.Devices);
            foreach (var stay in episode.InQueue)
            {
                queued.Add(stay, episode.Devices);
            }

            if (episode.Started is { } started)
            {
                served.Add(new(started, started + episode.Served), episode.Devices);
            }
        }

        var open = runtimes is null ? 0 : OpenDemand.Of(episodes, Grid(), weights).Expected(runtimes).Average();
        return new(name, wanted.Means().Average() + open, served.Means().Average(), queued.Means().Average(), episodes.Count(episode => episode.HasLeft));
    }
}
