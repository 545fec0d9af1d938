using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Audits;

/// <summary>How a sentence about a period can be meant.</summary>
public enum ClaimReading
{
    /// <summary>P·h used over P·h of the period: the ratio of sums.</summary>
    Period,

    /// <summary>The mean of the days' percentages, as a "daily average" is published.</summary>
    MeanOfDays,

    /// <summary>The mean over days of the mean of each day's hourly percentages.</summary>
    MeanOfHours,

    /// <summary>On every single day: the day that is worst for the sentence.</summary>
    EveryDay,

    /// <summary>The 95th percentile of the five-minute values.</summary>
    Peak,
}

public enum ClaimVerdict
{
    /// <summary>Even if all that is unknown spoke against it.</summary>
    Holds,

    /// <summary>Even if all that is unknown spoke for it.</summary>
    DoesNotHold,

    CannotBeTold,
}

/// <summary>One definition and one way to read the sentence.</summary>
/// <param name="Value">With coverage and bounds.</param>
public sealed record ClaimTest(ClaimReading Reading, Figure Value, ClaimVerdict Verdict);

public sealed record PoolAudit(PoolId Pool, LocalText Name, Precision Precision, ImmutableArray<ClaimTest> Tests);

/// <summary>A sentence under every definition it may have been meant in.</summary>
/// <param name="From">First local day.</param>
/// <param name="To">Last local day, included.</param>
/// <param name="Claim">As it was published; null: asked, not published.</param>
public sealed record ClaimAudit(ClaimTerm Term, DateOnly From, DateOnly To, ImmutableArray<PoolAudit> Pools, PublishedClaim? Claim);
