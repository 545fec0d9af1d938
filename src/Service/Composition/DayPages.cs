using System.Text;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Service.Pages;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Composition;

/// <summary>Reports on days, weeks and months as pages and files: gathered and rendered once, kept while their days stay as they are.</summary>
internal sealed class DayPages(ServedStore store, CenterDesk desk, TimeProvider clock, IOptions<ServeOptions> options)
{
    private const int MostKept = 48;

    /// <summary>What arrives this soon after the end of a period does not make a second issue. Unit: microseconds.</summary>
    private const long SettledAfter = Micros.PerHour;

    private readonly Fresh<(CenterId Center, ReportPeriod Period), (DailyReportModel Report, DailyReportInput Input)> _reports = new(clock, MostKept);
    private readonly Fresh<(CenterId Center, ReportPeriod Period, string Language), byte[]> _pages = new(clock, MostKept);

    /// <summary>The page of a day, week or month, UTF-8.</summary>
    /// <exception cref="Domain.Messages.UserException">No such center, the period has not begun, or nothing was installed in it.</exception>
    public async Task<byte[]> PageAsync(string center, ReportPeriod period, TextLookup text, CancellationToken cancellationToken)
    {
        var definition = await desk.CenterAsync(center, cancellationToken);
        var (version, pulse) = VersionOf(definition.Id, definition.Clock(), period);
        return await _pages.GetAsync(
            (definition.Id, period, text.Name),
            version,
            pulse,
            Period,
            async token =>
            {
                var (report, input) = await ReportAsync(center, period, token);
                return Encoding.UTF8.GetBytes(await PageRenderer.RenderAsync<DayPage>(
                    new() { [nameof(DayPage.Report)] = report, [nameof(DayPage.Cards)] = DayCards.Of(input), [nameof(DayPage.Text)] = text }, token));
            },
            cancellationToken);
    }

    /// <summary>The report of a day, week or month, in no language yet.</summary>
    /// <exception cref="Domain.Messages.UserException">As <see cref="PageAsync"/>.</exception>
    public async Task<(DailyReportModel Report, DailyReportInput Input)> ReportAsync(string center, ReportPeriod period, CancellationToken cancellationToken)
    {
        var definition = await desk.CenterAsync(center, cancellationToken);
        var (version, pulse) = VersionOf(definition.Id, definition.Clock(), period);
        return await _reports.GetAsync(
            (definition.Id, period),
            version,
            pulse,
            Period,
            async token =>
            {
                var view = await desk.ViewAsync(center, token);
                var input = await new DailyReportBuilder(store, clock).BuildAsync(
                    view.Devices, view.Catalog, period, async (from, until) => await desk.HoursAsync(view, from, until, token), Instants.Never, mayIssue: true, token);
                var report = DailyReportModel.Of(input);
                return (await new ReportVersions(store).IssueAsync(report, Instants.Never, mayKeep: clock.Now() >= input.Window.Until + SettledAfter, token), input);
            },
            cancellationToken);
    }

    /// <summary>Issues the forecasts of a day that is over, where none were.</summary>
    public async Task IssueAsync(CenterView view, DateOnly day, CancellationToken cancellationToken) =>
        await new DailyReportBuilder(store, clock).IssueAsync(view.Devices, view.Catalog, day, async (from, until) => await desk.HoursAsync(view, from, until, cancellationToken), cancellationToken);

    private TimeSpan Period => TimeSpan.FromSeconds(options.Value.RunningDayForSeconds);

    // What is over changes when its card-hours do; what runs goes on with its samples.
    private (object Version, object Pulse) VersionOf(CenterId center, CenterClock centerClock, ReportPeriod period)
    {
        var isOver = period.Window(centerClock).Until <= clock.Now();
        return ((store.FactsVersion(center), period.Days.Sum(day => store.DayVersion(center, day)), isOver), isOver ? 0 : (store.SamplesVersion(center), clock.Now() / Micros.PerMinute));
    }
}
