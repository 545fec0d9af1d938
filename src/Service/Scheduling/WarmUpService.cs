using Headroom.Domain.Messages;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Pages;

namespace Headroom.Service.Scheduling;

/// <summary>Makes what is looked at first before somebody looks: each center and its last whole day, its demand, its months from the newest back, then days of the past. Demand is made again soon after what it is made of has changed.</summary>
internal sealed class WarmUpService(CenterDesk desk, AuditPages audits, DayPages pages, SaturationPages saturations, DemandPages demands, ILogger<WarmUpService> logger) : BackgroundService
{
    /// <summary>Between two days of the past, so that what is asked and what comes in go first.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(50);

    /// <summary>Between two looks at what has changed: files in a row are one change.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (long Facts, long Days)> _demands = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await EachAsync(FirstAsync, stoppingToken);
            await EachAsync(DemandAsync, stoppingToken);
            await Task.WhenAll(EachAsync(PastAsync, stoppingToken), KeepAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop does not wait for pages nobody asked for.
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(s_look, cancellationToken);
            await EachAsync(DemandAsync, cancellationToken);
        }
    }

    private async Task EachAsync(Func<string, CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        foreach (var center in await desk.CentersAsync(cancellationToken))
        {
            await MakeAsync(center.Id.Value, make, cancellationToken);
        }
    }

    private async Task MakeAsync(string center, Func<string, CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        try
        {
            await make(center, cancellationToken);
        }
        catch (UserException problem)
        {
            ServiceLog.TargetProblem(logger, MessagePrinter.Print(problem.Messages[0], Texts.English));
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // What is made ahead must not end the service: the page that fails says so to who asks for it.
            ServiceLog.WarmingFailed(logger, center, problem);
        }
    }

    private async Task DemandAsync(string center, CancellationToken cancellationToken)
    {
        var version = saturations.VersionOf(new(center), DateOnly.MaxValue);
        if (_demands.TryGetValue(center, out var made) && made == version)
        {
            return;
        }

        _demands[center] = version;
        if ((await desk.ViewAsync(center, cancellationToken)).LastWholeDay is { } day)
        {
            await demands.PageAsync(center, day, clearBy: null, Texts.For(Texts.English), cancellationToken);
        }
    }

    private async Task FirstAsync(string center, CancellationToken cancellationToken)
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
    }

    private async Task PastAsync(string center, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        foreach (var month in view.Days.Select(day => new DateOnly(day.Year, day.Month, 1)).Distinct().ToList())
        {
            await CenterModel.ReadAsync(view, month, desk, audits, cancellationToken);
        }

        foreach (var past in view.Days.Where(past => past < view.Today))
        {
            await pages.IssueAsync(view, past, cancellationToken);
            await Task.Delay(s_breath, cancellationToken);
        }
    }
}
