using System.Collections.Immutable;

namespace Headroom.Analytics.Demand;

/// <summary>What can honestly be said about latent demand: a number, a floor under it, or nothing.</summary>
public abstract record DemandAnswer
{
    private DemandAnswer() { }

    public abstract DemandAnswerKind Kind { get; }

    /// <summary>What is shown hour by hour; null where the answer is refused.</summary>
    public abstract DemandSeries? Hourly { get; }

    public sealed record Estimate(DemandSeries Series, DemandMethod Method) : DemandAnswer
    {
        public override DemandAnswerKind Kind => DemandAnswerKind.Estimate;

        public override DemandSeries Hourly => Series;

        /// <summary>What the number takes for granted.</summary>
        public ImmutableArray<DemandCaveat> Caveats { get; init; } = [];

        /// <summary>Data that would take its place.</summary>
        public ImmutableArray<WouldHelp> WouldHelp => [.. Caveats.Select(Lifts).Distinct()];

        private static WouldHelp Lifts(DemandCaveat caveat) => caveat switch
        {
            DemandCaveat.NobodyLeaves => Demand.WouldHelp.Jobs,
            DemandCaveat.QueueBeforeWindow => Demand.WouldHelp.EarlierCounts,
            DemandCaveat.PatienceApartFromRuntime or DemandCaveat.PatienceGrowsWithRuntime => Demand.WouldHelp.RequestedTimes,
            DemandCaveat.LeftForGood => Demand.WouldHelp.JobNames,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Demand is at least the series; how much more cannot be told. There is no point estimate and no upper band.</summary>
    /// <param name="Series">What was served; its bands are the bound itself.</param>
    public sealed record LowerBound(DemandSeries Series, DemandReason Because, ImmutableArray<WouldHelp> WouldHelp) : DemandAnswer
    {
        public override DemandAnswerKind Kind => DemandAnswerKind.LowerBound;

        public override DemandSeries Hourly => Series;
    }

    public sealed record Refused(DemandReason Because, ImmutableArray<WouldHelp> WouldHelp) : DemandAnswer
    {
        public override DemandAnswerKind Kind => DemandAnswerKind.Refused;

        public override DemandSeries? Hourly => null;
    }
}

public enum DemandAnswerKind
{
    Estimate,
    LowerBound,
    Refused,
}

/// <summary>How an estimate was made.</summary>
public enum DemandMethod
{
    /// <summary>Interval sweep over jobs and requests, each from the time it could have started.</summary>
    IntervalSweep,

    /// <summary>Clearly below capacity and nobody waits: what is served is what is wanted.</summary>
    ServedBelowCapacity,

    /// <summary>Served and queued devices and a sample of runtimes: D = U + Q - f * Q.</summary>
    FlowBalance,

    /// <summary>A censored regression of served devices, where a loss regime was declared.</summary>
    CensoredLevel,
}

/// <summary>What an estimate takes for granted, because the data do not say.</summary>
public enum DemandCaveat
{
    /// <summary>Nobody leaves the queue unserved: who does is missing from the number.</summary>
    NobodyLeaves,

    /// <summary>A queue stood at the first hour; before it, it is taken to have been as long.</summary>
    QueueBeforeWindow,

    /// <summary>Who left is taken to have been as patient with a long job as with a short one: if people wait longer for long jobs, the number is too high.</summary>
    PatienceApartFromRuntime,

    /// <summary>Jobs have no names: who gave up and submitted the same job again under another id counts twice.</summary>
    LeftForGood,

    /// <summary>Who left is taken to have been the less patient the shorter his job, as fast as those that stayed show.</summary>
    PatienceGrowsWithRuntime,
}

/// <summary>Why there is no point estimate.</summary>
public enum DemandReason
{
    /// <summary>Hours at or near full, and neither jobs, requests nor pending counts: the size of demand above capacity is not identifiable.</summary>
    FullWithoutQueue,

    /// <summary>Not full, but close enough that a gang job could have waited unseen.</summary>
    NearlyFullWithoutQueue,

    /// <summary>Pending devices are counted. They are a stock: how long each would run, and since when it waits, is not known.</summary>
    QueueWithoutJobs,

    /// <summary>The counted queue violates Little's law: it falls by more than can have started, stands still, or is not arrivals times waits.</summary>
    LittlesLaw,

    /// <summary>Somebody waits almost all the time, and the queue neither clears nor grows: some leave it unserved, and nobody counts them.</summary>
    QueueNeverClears,

    /// <summary>The job log accounts for too few of the devices that were seen allocated.</summary>
    JobsIncomplete,

    /// <summary>Much has not ended, and too few jobs have to say how long it will run.</summary>
    RuntimesUnknown,

    /// <summary>Nothing was observed.</summary>
    NothingObserved,
}

/// <summary>What would turn the answer into an estimate.</summary>
public enum WouldHelp
{
    Jobs,
    Requests,
    QueueCounts,
    Runtimes,
    Telemetry,

    /// <summary>Counts from before the queue began.</summary>
    EarlierCounts,

    /// <summary>How long jobs asked to run, those that left among them.</summary>
    RequestedTimes,
    JobNames,
}
