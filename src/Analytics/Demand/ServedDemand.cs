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
        if (input.ServedIsFloor)
        {
            return FullOrNearly(input);
        }

        return input.Observed.All(hour => hour.Queued is not null) ? Counted(input) : Uncounted(input);
    }

    /// <summary>Served devices, and what was applied for in vain, as a bound: there is no upper one.</summary>
    public static DemandSeries Bound(DemandInput input) => new(input.Applied.AddedTo(Exactly(input.Observed)), []);

    private static DemandAnswer Counted(DemandInput input)
    {
        var observed = input.Observed;
        var queue = observed.Sum(hour => hour.Queued!.Value);
        if (queue > NegligibleQueue * observed.Sum(hour => hour.Allocated))
        {
            return new DemandAnswer.LowerBound(Bound(input), DemandReason.QueueWithoutJobs, [WouldHelp.Jobs, WouldHelp.Requests]);
        }

        // A count that stays at zero while all is full counts nothing.
        return queue > 0 || !observed.Any(hour => hour.IsFull) ? Served(input) : FullOrNearly(input);
    }

    private static DemandAnswer Uncounted(DemandInput input) =>
        input.Observed.All(hour => hour.Allocated <= ClearlyBelow * hour.Installed && hour.Queued is null or 0) ? Served(input) : FullOrNearly(input);

    private static DemandAnswer.Estimate Served(DemandInput input)
    {
        var hours = Exactly(input.Observed);
        return new(new(input.Applied.AddedTo(hours), DemandAhead.Of(hours, input)), DemandMethod.ServedBelowCapacity);
    }

    private static DemandAnswer.LowerBound FullOrNearly(DemandInput input) => new(
        Bound(input),
        input.Observed.Any(hour => hour.IsFull) ? DemandReason.FullWithoutQueue : DemandReason.NearlyFullWithoutQueue,
        [WouldHelp.Jobs, WouldHelp.Requests, WouldHelp.QueueCounts]);

    private static ImmutableArray<DemandHour> Exactly(ImmutableArray<ObservedHour> observed) =>
        [.. observed.Select(hour => DemandHour.Exactly(hour.Start, hour.Allocated))];
}
