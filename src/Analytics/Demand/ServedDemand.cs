using System.Collections.Immutable;

namespace Headroom.Analytics.Demand;

/// <summary>What served devices, and pending ones where they are counted, say of demand without a job log.</summary>
internal static class ServedDemand
{
    /// <summary>Below this share of the installed devices in every hour nobody can have waited, though nobody counted.</summary>
    private const double ClearlyBelow = 0.80;

    /// <summary>A queue of less than this share of what is served moves nothing.</summary>
    private const double NegligibleQueue = 0.01;

    public static DemandAnswer Of(DemandInput input)
    {
        var observed = input.Observed;
        return observed.All(hour => hour.Queued is not null) ? Counted(input) : Uncounted(input, observed);
    }

    /// <summary>Served devices as a bound: there is no upper one.</summary>
    public static DemandSeries Bound(ImmutableArray<ObservedHour> observed) => new(Exactly(observed), []);

    private static DemandAnswer Counted(DemandInput input)
    {
        var observed = input.Observed;
        var queue = observed.Sum(hour => hour.Queued!.Value);
        if (queue > NegligibleQueue * observed.Sum(hour => hour.Allocated))
        {
            return new DemandAnswer.LowerBound(Bound(observed), DemandReason.QueueWithoutJobs, [WouldHelp.Jobs, WouldHelp.Requests]);
        }

        // A count that stays at zero while all is full counts nothing.
        return queue > 0 || !observed.Any(hour => hour.IsFull) ? Served(input) : FullOrNearly(observed);
    }

    private static DemandAnswer Uncounted(DemandInput input, ImmutableArray<ObservedHour> observed) =>
        observed.All(hour => hour.Allocated <= ClearlyBelow * hour.Installed && hour.Queued is null or 0) ? Served(input) : FullOrNearly(observed);

    private static DemandAnswer.Estimate Served(DemandInput input)
    {
        var hours = Exactly(input.Observed);
        return new(new(hours, DemandAhead.Of(hours, input.Horizon)), DemandMethod.ServedBelowCapacity);
    }

    private static DemandAnswer.LowerBound FullOrNearly(ImmutableArray<ObservedHour> observed) => new(
        Bound(observed),
        observed.Any(hour => hour.IsFull) ? DemandReason.FullWithoutQueue : DemandReason.NearlyFullWithoutQueue,
        [WouldHelp.Jobs, WouldHelp.Requests, WouldHelp.QueueCounts]);

    private static ImmutableArray<DemandHour> Exactly(ImmutableArray<ObservedHour> observed) =>
        [.. observed.Select(hour => DemandHour.Exactly(hour.Start, hour.Allocated))];
}
