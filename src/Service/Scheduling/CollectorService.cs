using System.Collections.Concurrent;
using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest;
using Headroom.Ingest.Transports.Scrape;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Scheduling;

/// <summary>How a target of a center fares; <paramref name="Health"/> is null until it was asked once.</summary>
public sealed record TargetState(CenterId Center, ScrapeTarget Target, TargetHealth? Health)
{
    /// <summary>The target's clock is too far from ours: its samples are filed under wrong hours.</summary>
    public bool IsSkewed => Health?.SkewMicros is { } skew && Math.Abs(skew) > PageClock.Tolerated;
}

/// <summary>Collects from the targets of all center files; a new version of a file takes effect at once.</summary>
internal sealed class CollectorService(ServedStore store, CenterDesk desk, TimeProvider clock, ILogger<CollectorService> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<CenterId, Collecting> _collecting = new();
    private readonly SemaphoreSlim _changed = new(0);

    /// <summary>Every target, by center and name.</summary>
    public ImmutableArray<TargetState> Targets =>
    [
        .. _collecting.Values
            .OrderBy(entry => entry.Center.Id.Value, StringComparer.Ordinal)
            .SelectMany(entry => entry.States()),
    ];

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = ScrapeClient.NewHttpClient();
        var client = new ScrapeClient(http, clock);
        void Look(object? sender, EventArgs change) => _changed.Release();
        store.DocumentsChanged += Look;
        try
        {
            while (true)
            {
                await ReconcileAsync(client, stoppingToken);
                await _changed.WaitAsync(LookEvery, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way it ends.
        }
        finally
        {
            store.DocumentsChanged -= Look;
            await Task.WhenAll(_collecting.Values.Select(entry => entry.DisposeAsync().AsTask()));
        }
    }

    private async Task ReconcileAsync(ScrapeClient client, CancellationToken cancellationToken)
    {
        var centers = (await desk.CentersAsync(cancellationToken)).Where(center => center.Targets.Length > 0).ToDictionary(center => center.Id);
        foreach (var (id, entry) in _collecting)
        {
            var isFailed = entry.Running.IsFaulted;
            if (isFailed)
            {
                ServiceLog.CollectingFailed(logger, id.Value, entry.Running.Exception!);
            }

            if (isFailed || !centers.TryGetValue(id, out var center) || !ReferenceEquals(center, entry.Center))
            {
                _collecting.TryRemove(id, out _);
                await entry.DisposeAsync();
            }
        }

        if (centers.Keys.All(_collecting.ContainsKey))
        {
            return;
        }

        var catalog = await desk.CatalogAsync(cancellationToken);
        foreach (var center in centers.Values.Where(center => !_collecting.ContainsKey(center.Id)))
        {
            ServiceLog.Collecting(logger, center.Id.Value, center.Targets.Length);
            _collecting[center.Id] = Collecting.Begin(store, center, client, new IngestOptions { Catalog = catalog, Clock = clock }, logger, cancellationToken);
        }
    }

    private sealed class Collecting : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _wasUp = new(StringComparer.Ordinal);
        private readonly CancellationTokenSource _stop;
        private readonly ScrapeLoops _loops;

        private Collecting(ServedStore store, CenterDefinition center, ScrapeClient client, IngestOptions options, ILogger logger, CancellationToken cancellationToken)
        {
            Center = center;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _loops = new(store, center, client, options) { Attempted = health => Tell(health, logger) };
            Running = _loops.RunAsync(_stop.Token);
        }

        public CenterDefinition Center { get; }

        public Task Running { get; }

        public static Collecting Begin(ServedStore store, CenterDefinition center, ScrapeClient client, IngestOptions options, ILogger logger, CancellationToken cancellationToken) =>
            new(store, center, client, options, logger, cancellationToken);

        public IEnumerable<TargetState> States()
        {
            var health = _loops.Health.ToDictionary(entry => entry.Target, StringComparer.Ordinal);
            return Center.Targets.OrderBy(target => target.Name, StringComparer.Ordinal).Select(target => new TargetState(Center.Id, target, health.GetValueOrDefault(target.Name)));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _loops.Dispose();
            _stop.Dispose();
        }

        // A target that stays as it is is not news; one that changes is.
        private void Tell(TargetHealth health, ILogger logger)
        {
            var wasUp = _wasUp.TryGetValue(health.Target, out var known) ? known : (bool?)null;
            _wasUp[health.Target] = health.IsUp;
            if (health.Problem is { } problem && wasUp != false)
            {
                ServiceLog.TargetProblem(logger, MessagePrinter.Print(problem, Texts.English));
            }
            else if (health.IsUp && wasUp != true)
            {
                ServiceLog.TargetUp(logger, Center.Id.Value, health.Target);
                if (new TargetState(Center.Id, Center.Targets.First(target => target.Name == health.Target), health) is { IsSkewed: true })
                {
                    ServiceLog.TargetProblem(logger, MessagePrinter.Print(SkewMessage(health), Texts.English));
                }
            }
        }
    }

    /// <summary>That a target's clock is wrong, and by how much.</summary>
    public static UserMessage SkewMessage(TargetHealth health) =>
        UserMessage.Of(MessageCode.ClockSkewed, health.Target, (health.SkewMicros!.Value / Micros.PerSecond).ToString("+0;-0", System.Globalization.CultureInfo.InvariantCulture), PageClock.Tolerated / Micros.PerSecond);
}
