using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Reports.Daily;

/// <summary>Everything the daily report is made of, gathered by its caller. The report reads nothing else: no store, no clock.</summary>
/// <param name="Center">The version of the center file in force.</param>
/// <param name="Catalog">The version of the card catalog in force.</param>
/// <param name="Window">The whole local day, as instants, also when it still runs.</param>
/// <param name="AsOf">Only what was recorded by then is in the numbers; <see cref="Instants.Never"/>: everything. Never printed.</param>
/// <param name="Simulated">True when any source is simulated: everything then says SIMULATED.</param>
/// <param name="Until">Where a running day was cut off; null: the day is over. Unit: microseconds since the Unix epoch.</param>
/// <param name="CardDays">The card-days of <paramref name="Day"/>; order does not matter.</param>
/// <param name="DayHours">The roll-ups of the same card-days: <see cref="PoolHours.Of"/>.</param>
/// <param name="History">Pool-hours before <paramref name="Day"/>, oldest first; may be empty.</param>
/// <param name="Forecasts">At most one for each pool and metric; empty: none was issued.</param>
public sealed record DailyReportInput(
    CenterDefinition Center,
    CardCatalog Catalog,
    DateOnly Day,
    Window Window,
    long AsOf,
    bool Simulated,
    long? Until,
    IReadOnlyList<CardDay> CardDays,
    IReadOnlyList<PoolHour> DayHours,
    IReadOnlyList<PoolHour> History,
    QualityNotes Quality,
    IReadOnlyList<ForecastView> Forecasts)
{
    /// <summary>What tenants held by jobs that name no device; empty: every job of the day names its devices.</summary>
    public IReadOnlyList<TenantJobTime> JobTime { get; init; } = [];

    /// <summary>The part of the day that has happened.</summary>
    public Window Elapsed => Window with { Until = Until ?? Window.Until };
}

/// <summary>What came in for a report's day, and what could not be taken.</summary>
/// <param name="Examples">Some rejected rows, as a person would look at them.</param>
/// <param name="Messages">Problems met on the way that a reader of the report should know of.</param>
public sealed record QualityNotes(
    ImmutableArray<SourceQuality> Sources, ImmutableArray<RejectedRow> Examples, ImmutableArray<UserMessage> Messages)
{
    public static QualityNotes None { get; } = new([], [], []);
}

/// <summary>The account of one source: Received = Accepted + the sum of Rejected, always.</summary>
/// <param name="Source">File, target or sender, as the user knows it.</param>
/// <param name="Format">The name of the format.</param>
/// <param name="Duplicates">Accepted rows that said again what was known.</param>
/// <param name="Conflicts">Accepted rows that met another value at their key.</param>
public sealed record SourceQuality(
    string Source,
    string Format,
    bool Simulated,
    long Received,
    long Accepted,
    ImmutableArray<(RejectReason Reason, long Count)> Rejected,
    long Duplicates,
    long Conflicts);
