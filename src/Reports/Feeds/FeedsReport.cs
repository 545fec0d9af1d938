using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Ledger;
using Headroom.Domain.Telemetry;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections;

namespace Headroom.Reports.Feeds;

/// <summary>What one source delivered in one local day of receiving.</summary>
/// <param name="Late">Samples that came an hour or more after their instant.</param>
/// <param name="Lag">How old its newest sample was when it came, at best; negative: its clock is ahead of ours. Unit: microseconds. Null: no samples, or nobody kept it.</param>
/// <param name="Last">When its last batch became durable. Unit: microseconds since the Unix epoch.</param>
public sealed record FeedQuality(
    string Source, string Format, long Received, long Accepted, long Duplicates, long Conflicts, long Late, long? Lag, long Last, ImmutableArray<(RejectReason Reason, long Count)> Rejected);

/// <summary>How much of one card's day is known.</summary>
/// <param name="Coverage">Known use over available time, 0 to 1; null: the card was not available.</param>
/// <param name="SilentZeroHours">Unknown because the gauge read 0 at high power. Unit: hours.</param>
public sealed record CardQuality(DeviceId Device, string? Host, double? Coverage, double SilentZeroHours, int Samples)
{
    /// <summary>Whether a person should look at it.</summary>
    public bool IsPoor => Coverage is null or < 0.95 || SilentZeroHours > 0;
}

/// <summary>A card that had samples before the day, and none in its last hour.</summary>
/// <param name="LastSample">Unit: microseconds since the Unix epoch.</param>
public sealed record QuietCard(DeviceId Device, string? Host, long LastSample);

/// <summary>What does not fit in the cards, and nobody has settled.</summary>
/// <param name="Kind">In snake case, the same in every language.</param>
/// <param name="Other">The other card, the hosts, or the host of the inventory; null: there is none.</param>
public sealed record OpenQuestion(string Kind, DeviceId Device, string? Other);

/// <summary>What a center's feeds were worth on one local day.</summary>
/// <param name="Coverage">Of all cards of pools with a gauge together; null: none was available.</param>
/// <param name="Cards">Of pools with a gauge.</param>
/// <param name="WithoutGauge">Pools whose devices report no utilization by their nature, and how many those are.</param>
/// <param name="Twice">Its requests that other centers have too.</param>
/// <param name="Unchecked">Models without a rated power: their silent zeros cannot be found.</param>
public sealed record FeedsReport(
    CenterId Center,
    LocalText Name,
    string Zone,
    DateOnly Day,
    bool Simulated,
    double? Coverage,
    ImmutableArray<FeedQuality> Sources,
    ImmutableArray<CardQuality> Cards,
    ImmutableArray<QuietCard> Quiet,
    ImmutableArray<OpenQuestion> Questions,
    ImmutableArray<FiledTwice> Twice,
    ImmutableArray<string> Unchecked,
    ImmutableArray<(LocalText Pool, int Devices)> WithoutGauge) : ISectionModel
{
    /// <summary>Cards that a person should look at, the least known first.</summary>
    public ImmutableArray<CardQuality> PoorCards { get; } = [.. Cards.Where(card => card.IsPoor).OrderBy(card => card.Coverage ?? -1).ThenBy(card => card.Device.Value, StringComparer.Ordinal)];

    /// <summary>None: these are counts of rows, not metrics.</summary>
    public IEnumerable<Figure> Figures => [];
}
