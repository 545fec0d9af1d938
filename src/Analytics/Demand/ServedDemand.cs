using System.Collections.Immutable;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>What served devices, and pending ones where they are counted, say of demand without a job log.</summary>
internal static class ServedDemand
{
    /// <summary>Below this share of the installed devices in every hour nobody can have waited, though nobody counted.</summary>
    private const double ClearlyBelow = 0.80;

    /// <summary>A queue of less than this share of what is served moves nothing.</summary>
    private const double NegligibleQueue = 0.01;

    private const double AlmostAlways = 0.9;
    private const double Steady = 0.25;
    private const double Grows = 1.5;
    private const int Draws = 100;

    public static DemandAnswer Of(DemandInput input)
    {
        if (input.ServedIsFloor)
        {
            return FullOrNearly(input);
        }

        return CountedHours.Of(input.Observed) is not null ? Counted(input) : Uncounted(input);
    }

    /// <summary>Served devices, and what was applied for in vain, as a bound: there is no upper one.</summary>
    public static DemandSeries Bound(DemandInput input) => new(input.Applied.AddedTo(Exactly(input.Observed)), []);

    private static DemandAnswer Counted(DemandInput input)
    {
        var observed = input.Observed;
        var queue = observed.Sum(hour => hour.Queued ?? 0);
        if (queue > NegligibleQueue * observed.Sum(hour => hour.Allocated))
        {
            return Balanced(input);
        }

        // A count that stays at zero while all is full counts nothing.
        return queue > 0 || !observed.Any(hour => hour.IsFull) ? Served(input) : FullOrNearly(input);
    }

    /// <summary>From the queue and a sample of runtimes, where the counts can be true.</summary>
    public static DemandAnswer Balanced(DemandInput input)
    {
        if (CountedHours.Of(input.Observed) is not { } hours || input.Runtimes.IsEmpty)
        {
            return new DemandAnswer.LowerBound(Bound(input), DemandReason.QueueWithoutJobs, [WouldHelp.Jobs, WouldHelp.Requests, WouldHelp.Runtimes]);
        }

        if (input.Runtimes.Length < LatentDemand.FewestRuntimes)
        {
            return new DemandAnswer.LowerBound(Bound(input), DemandReason.RuntimesUnknown, [WouldHelp.Runtimes, WouldHelp.Jobs]);
        }

        var runtimes = RuntimeSample.Of(input.Runtimes);
        var pace = new QueuePace(hours, runtimes);
        if (!LittlesLaw.Holds(hours, pace, runtimes, input.Runtimes))
        {
            return new DemandAnswer.Refused(DemandReason.LittlesLaw, [WouldHelp.QueueCounts, WouldHelp.Jobs, WouldHelp.Requests]);
        }

        if (NeverClears(hours))
        {
            return new DemandAnswer.LowerBound(Bound(input), DemandReason.QueueNeverClears, [WouldHelp.Jobs, WouldHelp.Requests]);
        }

        var (mean, low, high) = new FlowBalance(hours, runtimes, pace).Of(Draws, new SplitMix(input.Seed));
        var observed = input.Observed.Select(hour => hours.IndexOf(hour.Start)).Select(i => new DemandHour(hours.From + (i * Micros.PerHour), mean[i], low[i], high[i])).ToImmutableArray();
        return new DemandAnswer.Estimate(new(input.Applied.AddedTo(observed), DemandAhead.Of(observed, input)), DemandMethod.FlowBalance)
        {
            Caveats = hours.Queued[0] > NegligibleQueue * hours.Served[0] ? [DemandCaveat.NobodyLeaves, DemandCaveat.QueueBeforeWindow] : [DemandCaveat.NobodyLeaves],
        };
    }

    private static DemandAnswer Uncounted(DemandInput input) =>
        input.Observed.All(hour => hour.Allocated <= ClearlyBelow * hour.Installed && hour.Queued is null or 0) ? Served(input) : FullOrNearly(input);

    private static DemandAnswer.Estimate Served(DemandInput input)
    {
        var hours = Exactly(input.Observed);
        return new(new(input.Applied.AddedTo(hours), DemandAhead.Of(hours, input)), DemandMethod.ServedBelowCapacity);
    }

    private static DemandAnswer FullOrNearly(DemandInput input) => input.IsLoss && LossDemand.Of(input.Observed) is { } hours
        ? new DemandAnswer.Estimate(new(input.Applied.AddedTo(hours), DemandAhead.Of(hours, input)), DemandMethod.CensoredLevel)
        : new DemandAnswer.LowerBound(
            Bound(input),
            input.Observed.Any(hour => hour.IsFull) ? DemandReason.FullWithoutQueue : DemandReason.NearlyFullWithoutQueue,
            [WouldHelp.Jobs, WouldHelp.Requests, WouldHelp.QueueCounts]);

    /// <summary>Whether the queue is there almost all the time and stays as it is. Where nobody leaves it would grow, or clear now and then.</summary>
    private static bool NeverClears(CountedHours hours)
    {
        var (half, queued) = (hours.Count / 2, hours.Queued);
        var waiting = queued.Index().Count(hour => hour.Item > NegligibleQueue * hours.Served[hour.Index]);
        var (mean, before, after) = (queued.Average(), queued[..half].Average(), queued[half..].Average());
        var spread = Math.Sqrt(queued.Average(devices => (devices - mean) * (devices - mean)));
        return waiting > AlmostAlways * hours.Count && after < Grows * before && before < Grows * after && spread < Steady * mean;
    }

    private static ImmutableArray<DemandHour> Exactly(ImmutableArray<ObservedHour> observed) =>
        [.. observed.Select(hour => DemandHour.Exactly(hour.Start, hour.Allocated))];
}
