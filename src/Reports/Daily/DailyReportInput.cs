using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Reports.Daily;

/// <summary>Everything the report on a day, a week or a month is made of, gathered by its caller. The report reads nothing else: no store, no clock.</summary>
/// <param name="Center">The version of the center file in force.</param>
/// <param name="Catalog">The version of the card catalog in force.</param>
/// <param name="Day">The first local day of the report's period.</param>
/// <param name="Window">The whole period, as instants, also when it still runs.</param>
/// <param name="AsOf">Only what was recorded by then is in the numbers; <see cref="Instants.Never"/>: everything. Never printed.</param>
/// <param name="Simulated">True when any source is simulated: everything then says SIMULATED.</param>
/// <param name="Until">Where a running period was cut off; null: it is over. Unit: microseconds since the Unix epoch.</param>
/// <param name="CardDays">The card-days of a single day; order does not matter. Longer periods have none: they are made from <paramref name="DayHours"/> and <see cref="Sums"/>.</param>
/// <param name="DayHours">Pool-hours of the period; of a day, the roll-ups of its card-days: <see cref="PoolHours.Of(IEnumerable{CardDay}, Func{PoolId, string?, long?})"/>.</param>
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

    public PeriodKind Kind { get; init; } = PeriodKind.Day;

    public ReportPeriod Period => ReportPeriod.Of(Kind, Day);

    /// <summary>The sums of the period's card-hours.</summary>
    public PeriodSums Sums { get => field ?? PeriodSums.Of(CardDays); init; }

    /// <summary>The time that telemetry reaches, or records where there is none; null: not told apart from the period.</summary>
    public Window? Fed { get; init; }

    /// <summary>How the center ran, beside its card-hours.</summary>
    public OperationsView Operations { get; init; } = OperationsView.None;

    /// <summary>The part of the period that has happened.</summary>
    public Window Elapsed => Window with { Until = Until ?? Window.Until };
}

/// <summary>Card-hours of a report's period added up, each kind of sum over the same card-hours.</summary>
/// <param name="Pools">By pool and model, an hour or a local day each.</param>
/// <param name="Tenants">By tenant, pool and model: allocated time alone.</param>
/// <param name="Hosts">By host, pool and model.</param>
public sealed record PeriodSums(IReadOnlyList<RollUp> Pools, IReadOnlyList<RollUp> Tenants, IReadOnlyList<RollUp> Hosts)
{
    public static PeriodSums Of(IReadOnlyList<CardDay> days) => new(
        RollUps.OfHours(RollUpScope.Pool, days), RollUps.OfHours(RollUpScope.Tenant, days), RollUps.OfHours(RollUpScope.Host, days));
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
