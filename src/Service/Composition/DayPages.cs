using System.Text;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Service.Pages;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Composition;

/// <summary>Daily reports as pages and files: gathered and rendered once, kept while the day stays as it is.</summary>
internal sealed class DayPages(ServedStore store, CenterDesk desk, TimeProvider clock, IOptions<ServeOptions> options)
{
    private const int MostKept = 48;

    private readonly Fresh<(CenterId Center, DateOnly Day), (DailyReportModel Report, DailyReportInput Input)> _reports = new(clock, MostKept);
    private readonly Fresh<(CenterId Center, DateOnly Day, string Language), byte[]> _pages = new(clock, MostKept);

    /// <summary>The page of a day, UTF-8.</summary>
    /// <exception cref="Domain.Messages.UserException">No such center, the day has not begun, or nothing was installed on it.</exception>
    public async Task<byte[]> PageAsync(string center, DateOnly day, TextLookup text, CancellationToken cancellationToken)
    {
        var definition = await desk.CenterAsync(center, cancellationToken);
        var (version, pulse) = VersionOf(definition.Id, definition.Clock(), day);
        return await _pages.GetAsync(
            (definition.Id, day, text.Name),
            version,
            pulse,
            Period,
            async token =>
            {
                var (report, input) = await ReportAsync(center, day, token);
                return Encoding.UTF8.GetBytes(await PageRenderer.RenderAsync<DayPage>(
                    new() { [nameof(DayPage.Report)] = report, [nameof(DayPage.Cards)] = DayCards.Of(input), [nameof(DayPage.Text)] = text }, token));
            },
            cancellationToken);
    }

    /// <summary>The report of a day, in no language yet.</summary>
    /// <exception cref="Domain.Messages.UserException">As <see cref="PageAsync"/>.</exception>
    public async Task<(DailyReportModel Report, DailyReportInput Input)> ReportAsync(string center, DateOnly day, CancellationToken cancellationToken)
    {
        var definition = await desk.CenterAsync(center, cancellationToken);
        var (version, pulse) = VersionOf(definition.Id, definition.Clock(), day);
        return await _reports.GetAsync(
            (definition.Id, day),
            version,
            pulse,
            Period,
            async token =>
            {
                var view = await desk.ViewAsync(center, token);
                var input = await new DailyReportBuilder(store, clock).BuildAsync(
                    view.Devices, view.Catalog, day, async (from, until) => await desk.HoursAsync(view, from, until, token), Instants.Never, mayIssue: true, token);
                return (DailyReportModel.Of(input), input);
            },
            cancellationToken);
    }

    private TimeSpan Period => TimeSpan.FromSeconds(options.Value.RunningDayForSeconds);

    // A day that is over changes when its card-hours do; one that runs goes on with its samples.
    private (object Version, object Pulse) VersionOf(CenterId center, CenterClock centerClock, DateOnly day)
    {
        var isOver = centerClock.Day(day).Until <= clock.Now();
        return ((store.FactsVersion(center), store.DayVersion(center, day), isOver), isOver ? 0 : (store.SamplesVersion(center), clock.Now() / Micros.PerMinute));
    }
}
