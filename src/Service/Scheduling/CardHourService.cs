using System.Threading.Channels;
using Headroom.Domain.Messages;
using Headroom.Service.Composition;
using Headroom.Storage.Accounting;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Scheduling;

/// <summary>Brings card-hours up to what was received: at the start, every few minutes, and soon after records or a body came in.</summary>
internal sealed class CardHourService(ServedStore store, CenterDesk desk, TimeProvider clock, IOptions<ServeOptions> options, ILogger<CardHourService> logger) : BackgroundService
{
    // Several files in a row are accounted for together.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Asks for a turn soon.</summary>
    public void Want() => _wanted.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        store.FactsChanged += OnFactsChanged;
        try
        {
            while (true)
            {
                await AccountAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way it ends.
        }
        finally
        {
            store.FactsChanged -= OnFactsChanged;
        }
    }

    private void OnFactsChanged(object? sender, EventArgs change) => Want();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wanted = _wanted.Reader.WaitToReadAsync(turn.Token).AsTask();
        var first = await Task.WhenAny(wanted, Task.Delay(TimeSpan.FromSeconds(options.Value.AccountEverySeconds), clock, turn.Token));
        await turn.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first == wanted)
        {
            await Task.Delay(Soon, clock, cancellationToken);
            _wanted.Reader.TryRead(out _);
        }
    }

    private async Task AccountAsync(CancellationToken cancellationToken)
    {
        var catalog = await desk.CatalogAsync(cancellationToken);
        foreach (var center in await desk.CentersAsync(cancellationToken))
        {
            try
            {
                var days = await Task.Run(() => new CardHourKeeper(store, clock).UpdateAsync(center, catalog, progress: null, cancellationToken), cancellationToken);
                if (days > 0)
                {
                    ServiceLog.Accounted(logger, center.Id.Value, days);
                }
            }
            catch (Exception problem) when (problem is UserException or IOException)
            {
                ServiceLog.AccountingFailed(logger, center.Id.Value, problem);
            }
        }
    }
}
