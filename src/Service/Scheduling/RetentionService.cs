using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Service.Composition;
using Headroom.Storage;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Scheduling;

/// <summary>Retention of every center while the service runs: what <c>headroom compact</c> does, a while after the start and then once a day. Damaged samples are looked for then, too.</summary>
internal sealed class RetentionService(IStoreUpkeep upkeep, CenterDesk desk, CardHourService hours, TimeProvider clock, IOptions<ServeOptions> options, ILogger<RetentionService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(options.Value.RetainAfterSeconds), clock, stoppingToken);
            while (true)
            {
                await RetainAsync(stoppingToken);
                await Task.Delay(TimeSpan.FromHours(options.Value.RetainEveryHours), clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way it ends.
        }
    }

    private async Task RetainAsync(CancellationToken cancellationToken)
    {
        foreach (var center in await desk.CentersAsync(cancellationToken))
        {
            try
            {
                var done = await Task.Run(() => CompactAsync(center, cancellationToken), cancellationToken);
                ServiceLog.Retained(logger, center.Id.Value, done.RawRows, done.RawDays, done.BytesBefore, done.BytesAfter);
                if (await upkeep.MarkDamagedAsync(center.Id, Window.Always, cancellationToken) is var damaged and > 0)
                {
                    ServiceLog.Damaged(logger, center.Id.Value, damaged);
                    hours.Want();
                }
            }
            catch (Exception problem) when (problem is UserException or IOException)
            {
                ServiceLog.RetainingFailed(logger, center.Id.Value, problem);
            }
        }
    }

    private Task<CompactReceipt> CompactAsync(CenterDefinition center, CancellationToken cancellationToken) =>
        upkeep.CompactAsync(center.Id, RetentionCut.Of(center.Retention, center, clock.Now()), cancellationToken);
}
