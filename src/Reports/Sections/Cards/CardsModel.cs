using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Reports.Charts;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Cards;

/// <summary>What is remarkable about a card.</summary>
public enum CardNote
{
    /// <summary>In service all the period, and its use known and below 5 %.</summary>
    Idle,

    /// <summary>In service, and not a sample of it came.</summary>
    Silent,

    Hot,
    Failed,
    Repaired,

    /// <summary>Far below the others of its job.</summary>
    Straggler,
}

/// <summary>Cards to look at, by what is remarkable about them.</summary>
/// <param name="Availability">By pool.</param>
public sealed record CardsModel(ImmutableArray<PoolAvailability> Availability, ImmutableArray<CardGroup> Groups) : ISectionModel
{
    private const int MostRows = 8;

    public IEnumerable<Figure> Figures => Availability.Select(pool => pool.Share).Concat(Groups.SelectMany(group => group.Figures));

    public static CardsModel Of(DailyReportInput input)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var rows = Idle(input, maker).Concat(Silent(input, maker)).Concat(Hot(input, maker)).Concat(Changed(input, input.Center.Clock())).Concat(Stragglers(input, maker)).ToLookup(row => row.Note);
        return new(
            [.. PoolDay.Of(input.DayHours, input.Center).Where(day => day.Weighed.Installed > 0).Select(day => new PoolAvailability(
                PoolDay.NameOf(input.Center, day.Pool),
                maker.Amount($"cards.{day.Pool}.Availability", maker.Scope(day.Pool), MetricCatalog.Availability.Id, MetricUnit.Share, day.Weighed.Available, day.Weighed.Installed)))],
            [
                .. Enum.GetValues<CardNote>()
                    .Where(note => input.Kind == PeriodKind.Day || note is not (CardNote.Idle or CardNote.Silent))
                    .Select(note =>
                    {
                        var cards = rows[note].Select(row => row.Device).Distinct().Count();
                        var word = note.ToString().ToLowerInvariant();
                        return new CardGroup(
                            note,
                            maker.Amount($"cards.{word}", maker.Scope(part: word), MetricCatalog.Cards.Id, MetricUnit.Count, cards, 1),
                            [.. rows[note].Take(MostRows)],
                            Math.Max(0, rows[note].Count() - MostRows));
                    }),
            ]);
    }

    private static IEnumerable<CardRow> Idle(DailyReportInput input, FigureMaker maker) =>
        from card in OfCards(input)
        where card.Known * 2 >= card.Available && card.Available > 0 && card.Busy * 20 < card.Known
        select new CardRow(CardNote.Idle, card.Device, card.Pool, card.Host, null, [Time(maker, card.Device, card.Pool, "idle", card.Known - card.Busy)]);

    private static IEnumerable<CardRow> Silent(DailyReportInput input, FigureMaker maker) =>
        from card in OfCards(input)
        where card is { Samples: 0, Available: > 0 } && (input.Center.Find(card.Pool)?.HasGauge ?? true)
        select new CardRow(CardNote.Silent, card.Device, card.Pool, card.Host, null, [Time(maker, card.Device, card.Pool, "silent", card.Available)]);

    private static IEnumerable<CardRow> Hot(DailyReportInput input, FigureMaker maker) => input.Operations.Findings
        .SelectMany(day => day.Hot)
        .GroupBy(hot => (hot.Device, hot.Pool))
        .OrderByDescending(group => group.Sum(hot => hot.Micros))
        .ThenBy(group => group.Key.Device.Value, StringComparer.Ordinal)
        .Select(group => new CardRow(CardNote.Hot, group.Key.Device, group.Key.Pool, null, null,
        [
            Time(maker, group.Key.Device, group.Key.Pool, "hot", group.Sum(hot => hot.Micros)),
            maker.Amount(
                $"cards.hot.{group.Key.Device}.peak", maker.Scope(group.Key.Pool, part: group.Key.Device.Value), MetricCatalog.CardPeak.Id, MetricUnit.DegreesCelsius, group.Max(hot => hot.PeakMillidegrees), 1_000),
        ]));

    private static IEnumerable<CardRow> Changed(DailyReportInput input, CenterClock clock) => input.Operations.Changes
        .Where(change => change.Event is DeviceEvent.Failed or DeviceEvent.Repaired)
        .Select(change => new CardRow(
            change.Event == DeviceEvent.Failed ? CardNote.Failed : CardNote.Repaired, change.Device, change.Pool, change.Host, change.Reason, []) { When = LocalTimes.Moment(clock.Local(change.At)) });

    private static IEnumerable<CardRow> Stragglers(DailyReportInput input, FigureMaker maker) => input.Operations.Findings
        .SelectMany(day => day.Stragglers.Select(one => (day.Day, One: one)))
        .OrderByDescending(entry => (long)(entry.One.MedianPpm - entry.One.UsePpm) * (entry.One.HeldMicros / Micros.PerSecond))
        .ThenBy(entry => entry.One.Device.Value, StringComparer.Ordinal)
        .Select(entry =>
        {
            var (one, cell) = (entry.One, $"cards.straggler.{entry.One.Device}.{FigureMaker.At(entry.Day)}.{entry.One.JobId}");
            var scope = maker.Scope(one.Pool, one.Tenant, one.Device.Value);
            return new CardRow(CardNote.Straggler, one.Device, one.Pool, null, one.JobId,
            [
                maker.Amount($"{cell}.use", scope, MetricCatalog.CardUse.Id, MetricUnit.Share, one.UsePpm, 1_000_000),
                maker.Amount($"{cell}.median", scope, MetricCatalog.CardUse.Id, MetricUnit.Share, one.MedianPpm, 1_000_000),
            ]);
        });

    private static Figure Time(FigureMaker maker, DeviceId device, PoolId pool, string word, long micros) => maker.Amount(
        $"cards.{word}.{device}.time", maker.Scope(pool, part: device.Value), MetricCatalog.CardTime.Id, MetricUnit.Hours, micros, Micros.PerHour);

    private static IEnumerable<CardSum> OfCards(DailyReportInput input) => input.CardDays
        .Where(day => day.Hours.Length > 0)
        .Select(day => new CardSum(
            day.Device,
            day.Hours[^1].Pool,
            day.Hours[^1].Host,
            day.Hours.Sum(hour => hour.Cells.Busy),
            day.Hours.Sum(hour => hour.Cells.Available - hour.Cells.UseUnknown),
            day.Hours.Sum(hour => hour.Cells.Available),
            day.Hours.Sum(hour => hour.Samples)))
        .OrderBy(card => card.Host, StringComparer.Ordinal)
        .ThenBy(card => card.Device.Value, StringComparer.Ordinal);

    private readonly record struct CardSum(DeviceId Device, PoolId Pool, string? Host, long Busy, long Known, long Available, int Samples);
}

/// <param name="Count">How many cards.</param>
/// <param name="More">Rows that are not listed.</param>
public sealed record CardGroup(CardNote Note, Figure Count, ImmutableArray<CardRow> Rows, int More)
{
    public IEnumerable<Figure> Figures => Rows.SelectMany(row => row.Figures).Prepend(Count);
}

/// <param name="Word">A reason or a job; null: none is told.</param>
/// <param name="Figures">The evidence.</param>
public sealed record CardRow(CardNote Note, DeviceId Device, PoolId Pool, string? Host, string? Word, ImmutableArray<Figure> Figures)
{
    /// <summary>The local time of the event; null: it is of the whole period.</summary>
    public string? When { get; init; }
}

/// <param name="Name">Of the pool.</param>
/// <param name="Share">Of installed capacity that was available.</param>
public sealed record PoolAvailability(LocalText Name, Figure Share);
