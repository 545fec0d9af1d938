using System.Collections.Immutable;
using Headroom.Analytics.Demand;

namespace Headroom.Analytics.Saturation;

/// <summary>When demand outgrows theta x capacity: a distribution or what the data allow instead, never a bare date.</summary>
/// <remarks>Definition: METRICS section 6, saturation T(theta) on daily means.</remarks>
public abstract record SaturationAnswer
{
    private SaturationAnswer() { }

    /// <summary>What the answer rests on.</summary>
    public required SaturationBasis Basis { get; init; }

    /// <summary>Spells of saturation in the observed days, oldest first, also those that have ended.</summary>
    public ImmutableArray<SaturationSpell> Past { get; init; } = [];

    /// <summary>Demand of the days to come, by the sample paths; empty where demand is not an estimate.</summary>
    public ImmutableArray<DemandDay> Ahead { get; init; } = [];

    /// <summary>Saturated now, since <paramref name="Since"/>: the measured demand, or a lower bound of it, proves it.</summary>
    /// <param name="Later">What is expected next: the median end of this spell (where a phase lifts capacity) and later spells of the central path.</param>
    public sealed record SaturatedSince(DateOnly Since, ImmutableArray<SaturationSpell> Later) : SaturationAnswer;

    /// <param name="P10">First day by which a tenth of the sample paths have saturated; null: beyond the horizon.</param>
    /// <param name="By">P(T &lt;= date), rising; the last date is the horizon.</param>
    /// <param name="Never">P(not within the horizon), 0 to 1.</param>
    /// <param name="Spells">Spells of the central path inside the horizon, oldest first.</param>
    public sealed record Distribution(
        DateOnly? P10, DateOnly? P50, DateOnly? P90, ImmutableArray<DatedProbability> By, double Never, ImmutableArray<SaturationSpell> Spells) : SaturationAnswer;

    /// <summary>Fewer than one path in ten saturates by the horizon.</summary>
    public sealed record NotWithinHorizon(ImmutableArray<DatedProbability> By, double Never) : SaturationAnswer;

    /// <summary>Only a lower bound of demand exists and it proves nothing, or demand itself is refused.</summary>
    public sealed record NotIdentifiable(DemandReason Because, ImmutableArray<WouldHelp> WouldHelp) : SaturationAnswer;
}

/// <summary>What a saturation answer rests on.</summary>
/// <param name="Theta">Share of capacity that counts as full, above 0 to 1.</param>
/// <param name="Demand">How well demand is known.</param>
/// <param name="AtLeast">Mean of the lower bound over the spell (else over the last 7 days). Unit: devices. Null unless demand is a lower bound.</param>
/// <param name="Horizon">Last day that was looked at.</param>
public sealed record SaturationBasis(double Theta, CapacityKind Capacity, DemandAnswerKind Demand, double? AtLeast, DateOnly Horizon)
{
    /// <summary>What effective capacity rests on; null: capacity is usable capacity.</summary>
    public PackingEfficiency? Packing { get; init; }
}

public enum CapacityKind
{
    /// <summary>Usable capacity times packing efficiency, calibrated from data.</summary>
    Effective,
    Usable,
}

/// <summary>Demand expected of a local day. Unit: mean devices.</summary>
/// <param name="Low80">10th percentile of the sample paths.</param>
/// <param name="High80">90th percentile.</param>
public readonly record struct DemandDay(DateOnly Day, double Median, double Low80, double High80);

/// <param name="Probability">0 to 1.</param>
public readonly record struct DatedProbability(DateOnly Date, double Probability);

/// <param name="From">First local day.</param>
/// <param name="Until">First local day after it; null: open at the end of what was looked at.</param>
public readonly record struct SaturationSpell(DateOnly From, DateOnly? Until);
