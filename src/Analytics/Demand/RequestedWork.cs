using System.Collections.Immutable;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Where each device-hour that was asked for has come: it is exactly one of these. Unit: device-microseconds, integers, so that any split adds up.</summary>
/// <param name="Served">It was held.</param>
/// <param name="Queued">Asked for by who waits or runs, and not yet held.</param>
/// <param name="Reserved">Of applications and contracts that were granted.</param>
/// <param name="Rejected">Refused or withdrawn for lack of capacity.</param>
/// <param name="Left">Asked for by jobs that gave up while they waited.</param>
public readonly record struct RequestedWork(Int128 Served, Int128 Queued, Int128 Reserved, Int128 Rejected, Int128 Left)
{
    public Int128 Total => Served + Queued + Reserved + Rejected + Left;

    public static RequestedWork operator +(RequestedWork left, RequestedWork right) => left.Plus(right);

    public RequestedWork Plus(RequestedWork other) =>
        new(Served + other.Served, Queued + other.Queued, Reserved + other.Reserved, Rejected + other.Rejected, Left + other.Left);

    /// <summary>Of jobs.</summary>
    /// <param name="remaining">How long an episode that is not over would hold its devices still. 0 or more. Unit: microseconds.</param>
    public static RequestedWork Of(IEnumerable<Episode> episodes, Func<Episode, long> remaining)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        ArgumentNullException.ThrowIfNull(remaining);
        var sum = default(RequestedWork);
        foreach (var episode in episodes)
        {
            var rest = episode.IsOver ? Int128.Zero : (Int128)episode.Devices * remaining(episode);
            sum += new RequestedWork(
                (Int128)episode.Devices * episode.Served,
                episode.State == EpisodeState.Left ? 0 : rest,
                0,
                0,
                episode.State == EpisodeState.Left ? rest : 0);
        }

        return sum;
    }

    /// <summary>Of applications and contracts, for as long as they want their devices within a window.</summary>
    /// <param name="jobs">Ids of applications that have become jobs: they are counted there.</param>
    public static RequestedWork Of(IEnumerable<RequestFact> requests, Window within, ISet<string> jobs)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(jobs);
        var sum = default(RequestedWork);
        foreach (var request in requests.DistinctBy(request => request.RequestId).Where(request => !jobs.Contains(request.RequestId)))
        {
            var work = (Int128)request.Devices * request.Wanted.Within(within).Length.Value;
            sum += request.State switch
            {
                RequestState.Pending => new(0, work, 0, 0, 0),
                RequestState.Rejected or RequestState.Withdrawn => LackOfCapacity.Is(request.Reason) ? new(0, 0, 0, work, 0) : default,
                _ => new(0, 0, work, 0, 0),
            };
        }

        return sum;
    }
}
