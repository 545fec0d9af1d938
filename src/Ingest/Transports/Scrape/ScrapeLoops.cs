using System.Collections.Concurrent;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Storage;
using Polly;
using Polly.Retry;

namespace Headroom.Ingest.Transports.Scrape;

/// <summary>How one target fares.</summary>
/// <param name="LastSuccess">Unit: microseconds since the Unix epoch. Null: not yet.</param>
/// <param name="Failures">In a row; 0 while it is up.</param>
/// <param name="Problem">Of the last failure; null while it is up.</param>
/// <param name="Last">Of the last page that became durable.</param>
/// <param name="SkewMicros">How far the target's clock is ahead of ours (behind: negative), by its last page; null: it shows no clock. Unit: microseconds.</param>
public sealed record TargetHealth(string Target, long? LastSuccess, int Failures, UserMessage? Problem, IngestReport? Last, long? SkewMicros)
{
    public bool IsUp => LastSuccess is not null && Failures == 0;
}

/// <summary>Collects from targets: one loop each, at its own period and phase; a target that fails is asked less and less often.</summary>
public sealed class ScrapeLoops(IStore store, CenterDefinition center, ScrapeClient client, IngestOptions options) : IDisposable
{
    /// <summary>The longest a failing target is left alone.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, TargetHealth> _health = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long?> _skews = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _storeTurn = new(1, 1);

    /// <summary>Ordered by target; those never asked yet are absent.</summary>
    public IReadOnlyList<TargetHealth> Health => [.. _health.Values.OrderBy(health => health.Target, StringComparer.Ordinal)];

    /// <summary>Called after each attempt, from the loop of its target.</summary>
    public Action<TargetHealth>? Attempted { get; init; }

    /// <summary>Asks a target once and makes its page durable.</summary>
    /// <exception cref="UserException">The target is down, sends no metrics, or its page lacks what it needs.</exception>
    public async Task<IngestReport> OnceAsync(ScrapeTarget target, CancellationToken cancellationToken)
    {
        var page = await client.GetAsync(target, cancellationToken).ConfigureAwait(false);
        _skews[target.Name] = PageClock.SkewOf(page);
        _skews[target.Name] = PageClock.SkewOf(page);
        var here = options with { Format = target.Format, Host = TargetHosts.HostOf(center, target), At = page.At, Acknowledged = null };
        using var body = new MemoryStream(page.Body, writable: false);
        await _storeTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await TelemetryIngest.StreamAsync(store, center, body, target.Name, here, page.OpenMetrics, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _storeTurn.Release();
        }
    }

    /// <summary>Runs until cancelled. What a user can mend is health, not an exception.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(center.Targets.Select(target => LoopAsync(target, cancellationToken)));

    public void Dispose() => _storeTurn.Dispose();

    private async Task LoopAsync(ScrapeTarget target, CancellationToken cancellationToken)
    {
        var period = TimeSpan.FromMicroseconds(target.PeriodMicros);
        var persistent = Persistent(target, period);
        try
        {
            var next = options.Clock.Now() + PhaseOf(target);
            while (true)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(Math.Max(0, next - options.Clock.Now())), options.Clock, cancellationToken).ConfigureAwait(false);
                var report = await persistent.ExecuteAsync(async token => await OnceAsync(target, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                Note(new(target.Name, options.Clock.Now(), Failures: 0, Problem: null, report, _skews.GetValueOrDefault(target.Name)));
                var late = Math.Max(0, options.Clock.Now() - next);
                next += (1 + (late / target.PeriodMicros)) * target.PeriodMicros;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The way a loop ends.
        }
    }

    private ResiliencePipeline Persistent(ScrapeTarget target, TimeSpan period) => new ResiliencePipelineBuilder { TimeProvider = options.Clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<UserException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = period,
            MaxDelay = LongestBackOff,
            OnRetry = attempt =>
            {
                var problem = ((UserException)attempt.Outcome.Exception!).Messages[0];
                var before = _health.GetValueOrDefault(target.Name);
                Note(new(target.Name, before?.LastSuccess, (before?.Failures ?? 0) + 1, problem, before?.Last, before?.SkewMicros));
                return default;
            },
        })
        .Build();

    private void Note(TargetHealth health)
    {
        _health[health.Target] = health;
        Attempted?.Invoke(health);
    }

    // Targets are spread over the period, and each keeps its place over restarts: neighbors of one rack are not asked at once.
    private static long PhaseOf(ScrapeTarget target)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var letter in Encoding.UTF8.GetBytes(target.Name))
        {
            hash = (hash ^ letter) * 1_099_511_628_211UL;
        }

        return (long)(hash % (ulong)target.PeriodMicros);
    }
}
