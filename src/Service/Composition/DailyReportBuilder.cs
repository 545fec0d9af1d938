using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Gathers everything the report on a day, a week or a month is made of.</summary>
internal sealed class DailyReportBuilder(IStore store, TimeProvider clock)
{
    /// <summary>How far back the forecast and the curves look. Unit: days.</summary>
    private const int HistoryDays = 35;

    /// <summary>How many weeks a week, and months a month, is compared with.</summary>
    private const int WeeksBefore = 4;

    private const int RejectExamples = 20;

    /// <param name="mayIssue">False on a store opened to read: forecasts already issued are shown, none is made.</param>
    /// <exception cref="UserException">The period has not begun, or nothing was installed in it.</exception>
    public async Task<DailyReportInput> BuildAsync(
        CenterDefinition center, CardCatalog catalog, ReportPeriod period, long asOf, bool mayIssue, CancellationToken cancellationToken)
    {
        var devices = await CenterDevices.ReadAsync(store, center, period.First, period.Until, asOf, cancellationToken);
        var (keeper, rating) = (new CardHourKeeper(store, clock), PoolRatings.Of(center, catalog));
        return await BuildAsync(
            devices, catalog, period, (from, until) => keeper.ReadPoolHoursAsync(center, catalog, rating, from, until, asOf, cancellationToken), asOf, mayIssue, cancellationToken);
    }

    /// <param name="hoursOf">Reads the pool-hours of local days [from, until) that are over.</param>
    /// <inheritdoc cref="BuildAsync(CenterDefinition, CardCatalog, ReportPeriod, long, bool, CancellationToken)"/>
    public async Task<DailyReportInput> BuildAsync(
        CenterDevices devices,
        CardCatalog catalog,
        ReportPeriod period,
        Func<DateOnly, DateOnly, Task<IReadOnlyList<PoolHour>>> hoursOf,
        long asOf,
        bool mayIssue,
        CancellationToken cancellationToken)
    {
        var (center, facts) = (devices.Center, devices.Facts);
        var (centerClock, now) = (center.Clock(), Math.Min(asOf, clock.Now()));
        var window = period.Window(centerClock);
        if (window.From >= now)
        {
            throw new UserException(UserMessage.Of(MessageCode.DayNotBegun, center.Id.ToString(), Iso(period.First), Iso(centerClock.DayOf(now))));
        }

        var (isDay, rating) = (period.Kind == PeriodKind.Day, PoolRatings.Of(center, catalog));
        var past = await hoursOf(FirstDay(facts, centerClock, period), period.First);
        var cards = isDay ? await CardDaysAsync(devices, catalog, period, asOf, cancellationToken) : [];
        var sums = isDay ? PeriodSums.Of(cards) : await new DaySums(store, clock, devices, catalog, asOf).ReadAsync(period.First, period.Until, cancellationToken);
        var jobs = JobsOf(devices, window with { Until = Math.Min(window.Until, now) });
        if (sums.Pools.Count == 0 && jobs.IsEmpty && !facts.Coverage.Any(span => span.Valid.Overlaps(window)) && !facts.Counts.Any(count => window.Contains(count.Hour)))
        {
            throw new UserException(UserMessage.Of(MessageCode.NothingInstalled, center.Id.ToString(), Iso(period.First)));
        }

        var hours = isDay
            ? PoolHours.Of(cards, rating)
            : await new CardHourKeeper(store, clock).ReadPoolHoursAsync(devices, catalog, rating, period.First, period.Until, asOf, cancellationToken);
        return new DailyReportInput(
            center,
            catalog,
            period.First,
            window,
            asOf,
            facts.Simulated,
            Until: window.Until > now ? now : null,
            cards,
            hours,
            past,
            await QualityAsync(devices, catalog, period, cards, asOf, cancellationToken),
            isDay ? await ForecastsAsync(devices, catalog, past.Concat(hours), window.Until > now ? window.From : window.Until, asOf, mayIssue, cancellationToken) : [])
        {
            Kind = period.Kind,
            Sums = sums,
            JobTime = jobs,
            Operations = await new OperationsReader(store, clock).ReadAsync(devices, catalog, rating, period, window with { Until = Math.Min(window.Until, now) }, hours, asOf, cancellationToken),
            Fed = FedOf(facts, window with { Until = Math.Min(window.Until, now) }),
        };
    }

    /// <summary>Issues the forecasts of a day that is over, where none were: its report then has less to wait for.</summary>
    public async Task IssueAsync(CenterDevices devices, CardCatalog catalog, DateOnly day, Func<DateOnly, DateOnly, Task<IReadOnlyList<PoolHour>>> hoursOf, CancellationToken cancellationToken)
    {
        var centerClock = devices.Center.Clock();
        var hours = await hoursOf(FirstDay(devices.Facts, centerClock, ReportPeriod.Of(PeriodKind.Day, day)), day.AddDays(1));
        await ForecastsAsync(devices, catalog, hours, centerClock.Day(day).Until, Instants.Never, mayIssue: true, cancellationToken);
    }

    private Task<ImmutableArray<ForecastView>> ForecastsAsync(
        CenterDevices devices, CardCatalog catalog, IEnumerable<PoolHour> hours, long issuedAt, long asOf, bool mayIssue, CancellationToken cancellationToken)
    {
        var (center, facts, known) = (devices.Center, devices.Facts, hours.Where(hour => hour.HourStart < issuedAt).ToList());
        var ahead = new Window(issuedAt, issuedAt + (ForecastDesk.Horizon * Micros.PerHour));
        var demand = new Lazy<CenterDemand>(() => CenterDemand.Of(devices, catalog, known, issuedAt));
        ImmutableArray<KnownEvent> Ahead(PoolId pool) => demand.Value.Pools.FirstOrDefault(p => p.Pool == pool) is { } at ? KnownAhead.Of(at, ahead) : [];
        return new ForecastDesk(store, center, asOf, mayIssue, Ahead).ViewsAsync(known, issuedAt, cancellationToken);
    }

    private static ImmutableArray<TenantJobTime> JobsOf(CenterDevices devices, Window window)
    {
        var (facts, known) = (devices.Facts, devices.Histories.Select(history => history.Device).ToHashSet());
        return JobTime.Of(JobTime.WithoutDevices(facts.Jobs, known), window, JobTime.KnownUntil(facts.Coverage), devices.Center.FallbackPool);
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly FirstDay(CenterFacts facts, CenterClock centerClock, ReportPeriod period)
    {
        var starts = Feeds(facts).Select(span => span.From).ToList();
        var (day, first) = (period.First, starts.Count == 0 ? period.First : centerClock.DayOf(starts.Min()));
        var earliest = period.Kind switch
        {
            PeriodKind.Day => day.AddDays(-HistoryDays),
            PeriodKind.Week => day.AddDays(-7 * WeeksBefore),
            _ => period.Before.First,
        };
        return first > day ? day : first < earliest ? earliest : first;
    }

    // A register of contracts says nothing of what was done.
    private static IEnumerable<Window> Feeds(CenterFacts facts) => facts.Coverage.Where(span => span.Feed != FeedCoverage.Contracts).Select(span => span.Valid).Concat(facts.Telemetry.IsEmpty ? [] : [facts.Telemetry]);

    // Where there is telemetry it is what tells of use.
    private static Window? FedOf(CenterFacts facts, Window elapsed)
    {
        var fed = (facts.Telemetry.IsEmpty ? facts.Coverage.Select(span => span.Valid) : [facts.Telemetry]).Select(span => span.Within(elapsed)).Where(span => !span.IsEmpty).ToList();
        return fed.Count == 0 ? null : new(fed.Min(span => span.From), fed.Max(span => span.Until));
    }

    private async Task<List<CardDay>> CardDaysAsync(CenterDevices devices, CardCatalog catalog, ReportPeriod period, long asOf, CancellationToken cancellationToken) =>
        [.. (await new CardHourKeeper(store, clock).ReadAsync(devices, catalog, period.First, period.Until, asOf, cancellationToken)).Where(entry => entry.Hours.Length > 0)];

    private async Task<QualityNotes> QualityAsync(
        CenterDevices devices, CardCatalog catalog, ReportPeriod period, List<CardDay> cards, long asOf, CancellationToken cancellationToken)
    {
        var center = devices.Center;
        var received = await store.ReadReceivedAsync(center.Id, asOf, cancellationToken);
        var sources = received
            .GroupBy(note => (Kind: SourceKind.Of(note.Source), note.Format))
            .Select(group => new SourceQuality(
                SourceKind.NameOf(group.Key.Kind, [.. group.Select(note => note.Source).Distinct()]),
                group.Key.Format,
                group.Any(note => note.Simulated),
                group.Sum(note => note.Received),
                group.Sum(note => note.Accepted),
                [.. group.SelectMany(note => note.Rejected).GroupBy(pair => pair.Reason).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Sum(entry => entry.Count)))],
                group.Sum(note => note.Duplicates),
                group.Sum(note => note.Conflicts)));
        var examples = await store.ReadRejectedAsync(center.Id, asOf, RejectExamples, cancellationToken);
        var unrated = devices.Histories
            .SelectMany(history => history.Placements)
            .Where(placement => placement.Model is not null && catalog.Find(placement.Model) is null)
            .GroupBy(placement => placement.Model!)
            .Select(group => UserMessage.Of(MessageCode.ModelNotInCatalog, center.Id.Value, group.Key, group.Count()));
        var window = period.Window(center.Clock());
        var marks = (await store.ReadLapsesAsync(center.Id, asOf, cancellationToken)).NotRecomputed.Where(mark => mark.Window.Overlaps(window)).ToList();
        var marked = marks.Count == 0 || period.Kind == PeriodKind.Day ? cards : await CardDaysAsync(devices, catalog, period, asOf, cancellationToken);
        return new([.. sources], [.. examples], [.. unrated, .. NotRecomputed(center, marked, marks)]);
    }

    // Card-hours whose facts came after their samples were removed.
    private static IEnumerable<UserMessage> NotRecomputed(CenterDefinition center, List<CardDay> cards, List<DirtySpan> marks)
    {
        var marked = cards
            .Select(day => (day.Device, Hours: day.Hours.Count(hour => marks.Exists(mark =>
                (mark.Device is null || mark.Device == day.Device) && mark.Window.Overlaps(new(hour.HourStart, hour.HourStart + Micros.PerHour))))))
            .Where(entry => entry.Hours > 0)
            .ToList();
        return marked.Count == 0
            ? []
            : [UserMessage.Of(MessageCode.HoursNotRecomputed, center.Id.Value, marked.Sum(entry => entry.Hours), marked.Count, marked[0].Device)];
    }
}
