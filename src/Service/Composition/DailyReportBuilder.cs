using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Gathers everything a daily report is made of.</summary>
internal sealed class DailyReportBuilder(IStore store, TimeProvider clock)
{
    /// <summary>How far back the forecast and the curves look. Unit: days.</summary>
    private const int HistoryDays = 35;

    private const int RejectExamples = 20;

    /// <param name="mayIssue">False on a store opened to read: forecasts already issued are shown, none is made.</param>
    /// <exception cref="UserException">The day has not begun, or nothing was installed on it.</exception>
    public async Task<DailyReportInput> BuildAsync(
        CenterDefinition center, CardCatalog catalog, DateOnly day, long asOf, bool mayIssue, CancellationToken cancellationToken)
    {
        var devices = new CenterDevices(center, await store.ReadFactsAsync(center.Id, asOf, cancellationToken));
        var (keeper, rating) = (new CardHourKeeper(store, clock), PoolRatings.Of(center, catalog));
        return await BuildAsync(
            devices, catalog, day, (from, until) => keeper.ReadPoolHoursAsync(devices, catalog, rating, from, until, asOf, cancellationToken), asOf, mayIssue, cancellationToken);
    }

    /// <param name="hoursOf">Reads the pool-hours of local days [from, until) that are over.</param>
    /// <inheritdoc cref="BuildAsync(CenterDefinition, CardCatalog, DateOnly, long, bool, CancellationToken)"/>
    public async Task<DailyReportInput> BuildAsync(
        CenterDevices devices,
        CardCatalog catalog,
        DateOnly day,
        Func<DateOnly, DateOnly, Task<IReadOnlyList<PoolHour>>> hoursOf,
        long asOf,
        bool mayIssue,
        CancellationToken cancellationToken)
    {
        var (center, facts) = (devices.Center, devices.Facts);
        var (centerClock, now) = (center.Clock(), Math.Min(asOf, clock.Now()));
        var window = centerClock.Day(day);
        if (window.From >= now)
        {
            throw new UserException(UserMessage.Of(MessageCode.DayNotBegun, center.Id.ToString(), Iso(day), Iso(centerClock.DayOf(now))));
        }

        var past = await hoursOf(FirstDay(facts, centerClock, day), day);
        var today = (await new CardHourKeeper(store, clock).ReadAsync(devices, catalog, day, day.AddDays(1), asOf, cancellationToken)).Where(entry => entry.Hours.Length > 0).ToList();
        var jobs = JobsOf(devices, window with { Until = Math.Min(window.Until, now) });
        if (today.Count == 0 && jobs.IsEmpty && !facts.Coverage.Any(span => span.Valid.Overlaps(window)))
        {
            throw new UserException(UserMessage.Of(MessageCode.NothingInstalled, center.Id.ToString(), Iso(day)));
        }

        var hours = PoolHours.Of(today, PoolRatings.Of(center, catalog));
        var desk = new ForecastDesk(store, center, asOf, mayIssue);
        return new DailyReportInput(
            center,
            catalog,
            day,
            window,
            asOf,
            facts.Simulated,
            Until: window.Until > now ? now : null,
            today,
            hours,
            past,
            await QualityAsync(devices, catalog, today, window, asOf, cancellationToken),
            await desk.ViewsAsync(past.Concat(hours), window.Until > now ? window.From : window.Until, cancellationToken))
        {
            JobTime = jobs,
        };
    }

    /// <summary>Issues the forecasts of a day that is over, where none were: its report then has less to wait for.</summary>
    public async Task IssueAsync(CenterDevices devices, DateOnly day, Func<DateOnly, DateOnly, Task<IReadOnlyList<PoolHour>>> hoursOf, CancellationToken cancellationToken)
    {
        var centerClock = devices.Center.Clock();
        var hours = await hoursOf(FirstDay(devices.Facts, centerClock, day), day.AddDays(1));
        await new ForecastDesk(store, devices.Center, Instants.Never, mayIssue: true).ViewsAsync(hours, centerClock.Day(day).Until, cancellationToken);
    }

    private static ImmutableArray<TenantJobTime> JobsOf(CenterDevices devices, Window window)
    {
        var (facts, known) = (devices.Facts, devices.Histories.Select(history => history.Device).ToHashSet());
        return JobTime.Of(JobTime.WithoutDevices(facts.Jobs, known), window, JobTime.KnownUntil(facts.Coverage), devices.Center.FallbackPool);
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly FirstDay(CenterFacts facts, CenterClock centerClock, DateOnly day)
    {
        var starts = facts.Coverage.Select(c => c.Valid.From).Concat(facts.Telemetry.IsEmpty ? [] : [facts.Telemetry.From]).ToList();
        var first = starts.Count == 0 ? day : centerClock.DayOf(starts.Min());
        var earliest = day.AddDays(-HistoryDays);
        return first > day ? day : first < earliest ? earliest : first;
    }

    private async Task<QualityNotes> QualityAsync(
        CenterDevices devices, CardCatalog catalog, IReadOnlyList<CardDay> today, Window window, long asOf, CancellationToken cancellationToken)
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
        return new([.. sources], [.. examples], [.. unrated, .. NotRecomputed(center, today, window, await store.ReadLapsesAsync(center.Id, asOf, cancellationToken))]);
    }

    // Card-hours of the day whose facts came after their samples were removed.
    private static IEnumerable<UserMessage> NotRecomputed(CenterDefinition center, IReadOnlyList<CardDay> today, Window window, Lapses lapses)
    {
        var marks = lapses.NotRecomputed.Where(mark => mark.Window.Overlaps(window)).ToList();
        var marked = today
            .Select(day => (day.Device, Hours: day.Hours.Count(hour => marks.Exists(mark =>
                (mark.Device is null || mark.Device == day.Device) && mark.Window.Overlaps(new(hour.HourStart, hour.HourStart + Micros.PerHour))))))
            .Where(entry => entry.Hours > 0)
            .ToList();
        return marked.Count == 0
            ? []
            : [UserMessage.Of(MessageCode.HoursNotRecomputed, center.Id.Value, marked.Sum(entry => entry.Hours), marked.Count, marked[0].Device)];
    }
}
