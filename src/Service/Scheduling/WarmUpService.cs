using Headroom.Domain.Messages;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Pages;

namespace Headroom.Service.Scheduling;

/// <summary>Makes what is looked at first before somebody looks: each center, its last whole day, its months from the newest back, then its saturation.</summary>
internal sealed class WarmUpService(CenterDesk desk, AuditPages audits, DayPages pages, SaturationPages saturations, ILogger<WarmUpService> logger) : BackgroundService
{
    /// <summary>Between two days of the past, so that what is asked and what comes in go first.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            foreach (var center in await desk.CentersAsync(stoppingToken))
            {
                await WarmAsync(center.Id.Value, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop does not wait for pages nobody asked for.
        }
    }

    private async Task WarmAsync(string center, CancellationToken cancellationToken)
    {
        try
        {
            var view = await desk.ViewAsync(center, cancellationToken);
            await CenterModel.ReadAsync(view, month: null, desk, audits, cancellationToken);
            if (view.LastWholeDay is { } day)
            {
                foreach (var language in Texts.Languages)
                {
                    await pages.PageAsync(center, ReportPeriod.Of(PeriodKind.Day, day), Texts.For(language), cancellationToken);
                }
            }

            foreach (var month in view.Days.Select(day => new DateOnly(day.Year, day.Month, 1)).Distinct().ToList())
            {
                await CenterModel.ReadAsync(view, month, desk, audits, cancellationToken);
            }

            if (view.LastWholeDay is { } last)
            {
                await saturations.ReportAsync(center, last, cancellationToken);
            }

            foreach (var past in view.Days.Where(past => past < view.Today))
            {
                await pages.IssueAsync(view, past, cancellationToken);
                await Task.Delay(s_breath, cancellationToken);
            }
        }
        catch (UserException problem)
        {
            ServiceLog.TargetProblem(logger, MessagePrinter.Print(problem.Messages[0], Texts.English));
        }
    }
}
