using System.Collections.Immutable;
using System.Collections.Concurrent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Operations;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>The one store of a running service. Everything is written through it, so it knows what is new: caches ask for versions, pages for what came in.</summary>
/// <remarks>It does not own <paramref name="store"/>.</remarks>
internal sealed class ServedStore(IStore store, TimeProvider clock) : IStore
{
    private readonly ConcurrentDictionary<CenterId, long> _facts = new();
    private readonly ConcurrentDictionary<CenterId, long> _samples = new();
    private readonly ConcurrentDictionary<(CenterId Center, DateOnly Day), long> _days = new();
    private readonly ConcurrentDictionary<CenterId, long> _allDays = new();
    private readonly ConcurrentDictionary<CenterId, long> _forecasts = new();
    private readonly Fresh<CenterId, CenterFacts> _records = new(clock, atMost: 100);
    private readonly ConcurrentDictionary<CenterId, bool> _simulated = new();
    private readonly ConcurrentDictionary<(CenterId Center, string Source), SourceCounts> _sources = new();
    private long _documents;

    /// <summary>Called after records changed what card-hours are made of.</summary>
    public event EventHandler? FactsChanged;

    /// <summary>Called after a version of a document was recorded.</summary>
    public event EventHandler? DocumentsChanged;

    /// <summary>Rises with every version of a document.</summary>
    public long DocumentsVersion => Interlocked.Read(ref _documents);

    /// <summary>What came in since the start, by center and source.</summary>
    public IReadOnlyList<(CenterId Center, string Source, SourceCounts Counts)> Arrivals =>
        [.. _sources.Select(pair => (pair.Key.Center, pair.Key.Source, pair.Value)).OrderBy(entry => entry.Center.Value, StringComparer.Ordinal).ThenBy(entry => entry.Source, StringComparer.Ordinal)];

    /// <summary>Rises with documents, records, and the first simulated batch of a center.</summary>
    public long FactsVersion(CenterId center) => DocumentsVersion + _facts.GetValueOrDefault(center);

    /// <summary>Rises with every batch of samples.</summary>
    public long SamplesVersion(CenterId center) => _samples.GetValueOrDefault(center);

    /// <summary>Rises when card-hours of the day are recorded anew.</summary>
    public long DayVersion(CenterId center, DateOnly day) => _days.GetValueOrDefault((center, day));

    /// <summary>Rises when card-hours of any day up to <paramref name="last"/> are recorded anew: the day that runs changes all the time.</summary>
    public long DaysVersion(CenterId center, DateOnly last) => _days.Where(day => day.Key.Center == center && day.Key.Day <= last).Sum(day => day.Value);

    /// <summary>Rises when card-hours of any day are recorded anew.</summary>
    public long DaysVersion(CenterId center) => _allDays.GetValueOrDefault(center);

    /// <summary>Rises with every forecast that is issued.</summary>
    public long ForecastsVersion(CenterId center) => _forecasts.GetValueOrDefault(center);

    public async Task<bool> SaveDocumentAsync(DocumentKind kind, string id, string content, IReadOnlyCollection<CenterId> recompute, CancellationToken cancellationToken)
    {
        var isNew = await store.SaveDocumentAsync(kind, id, content, recompute, cancellationToken);
        if (isNew)
        {
            Interlocked.Increment(ref _documents);
            DocumentsChanged?.Invoke(this, EventArgs.Empty);
            if (recompute.Count > 0)
            {
                FactsChanged?.Invoke(this, EventArgs.Empty);
            }
        }

        return isNew;
    }

    public async Task<AppendReceipt> AppendAsync(CenterId center, SampleBatch samples, SourceNote source, CancellationToken cancellationToken)
    {
        var receipt = await store.AppendAsync(center, samples, source, cancellationToken);
        if (receipt.ChangesFacts || (source.Simulated && _simulated.TryAdd(center, true)))
        {
            Raise(_facts, center);
        }

        Raise(_samples, center);
        Count(center, source, samples.Count, receipt);
        return receipt;
    }

    public async Task<AppendReceipt> AppendAsync(CenterId center, FactBatch facts, SourceNote source, CancellationToken cancellationToken)
    {
        var receipt = await store.AppendAsync(center, facts, source, cancellationToken);
        Raise(_facts, center);
        Count(center, source, facts.Count, receipt);
        FactsChanged?.Invoke(this, EventArgs.Empty);
        return receipt;
    }

    public async Task SaveCardDaysAsync(
        CenterId center, IReadOnlyList<CardDay> days, IReadOnlyDictionary<DateOnly, ImmutableArray<RollUp>> fiveMinutes, CancellationToken cancellationToken)
    {
        await store.SaveCardDaysAsync(center, days, fiveMinutes, cancellationToken);
        foreach (var day in days.Select(day => day.Day).Distinct())
        {
            _days.AddOrUpdate((center, day), 1, (_, version) => version + 1);
        }

        Raise(_allDays, center);
    }

    public Task<DocumentVersion?> FindDocumentAsync(DocumentKind kind, string id, long asOf, CancellationToken cancellationToken) =>
        store.FindDocumentAsync(kind, id, asOf, cancellationToken);

    public Task<IReadOnlyList<DocumentVersion>> ListDocumentsAsync(DocumentKind kind, long asOf, CancellationToken cancellationToken) =>
        store.ListDocumentsAsync(kind, asOf, cancellationToken);

    /// <remarks>Records, tens of thousands of jobs among them, are read once while they stay as they are.</remarks>
    public async Task<CenterFacts> ReadFactsAsync(CenterId center, long asOf, CancellationToken cancellationToken)
    {
        if (asOf != Instants.Never)
        {
            return await store.ReadFactsAsync(center, asOf, cancellationToken);
        }

        var records = await _records.GetAsync(
            center, FactsVersion(center), pulse: 0, TimeSpan.Zero, token => store.ReadFactsAsync(center, Instants.Never, token), cancellationToken);
        var seen = await store.ReadSightingsAsync(center, Instants.Never, cancellationToken);
        return records with { Devices = seen.Devices, Simulated = seen.Simulated, Telemetry = seen.Telemetry };
    }

    public Task<CenterSightings> ReadSightingsAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        store.ReadSightingsAsync(center, asOf, cancellationToken);

    public Task<DeviceSamples> ReadSamplesAsync(CenterId center, DeviceId device, Window window, CancellationToken cancellationToken) =>
        store.ReadSamplesAsync(center, device, window, cancellationToken);

    public Task ReadHourUseAsync(CenterId center, DateOnly from, DateOnly until, long asOf, Action<DeviceId, long, HourUse> each, CancellationToken cancellationToken) =>
        store.ReadHourUseAsync(center, from, until, asOf, each, cancellationToken);

    public Task ReadUtilizationAsync(CenterId center, Window window, UtilizationPart each, CancellationToken cancellationToken) =>
        store.ReadUtilizationAsync(center, window, each, cancellationToken);

    public Task<Lapses> ReadLapsesAsync(CenterId center, long asOf, CancellationToken cancellationToken) => store.ReadLapsesAsync(center, asOf, cancellationToken);

    public Task MarkNotRecomputedAsync(CenterId center, IReadOnlyList<DirtySpan> spans, CancellationToken cancellationToken) =>
        store.MarkNotRecomputedAsync(center, spans, cancellationToken);

    public Task ReadUseAsync(CenterId center, Window window, bool withPower, Action<DeviceId, DeviceSamples> each, CancellationToken cancellationToken) =>
        store.ReadUseAsync(center, window, withPower, each, cancellationToken);

    public Task SaveFindingsAsync(CenterId center, IReadOnlyList<DayFindings> days, CancellationToken cancellationToken) =>
        store.SaveFindingsAsync(center, days, cancellationToken);

    public Task<IReadOnlyList<DayFindings>> ReadFindingsAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        store.ReadFindingsAsync(center, from, until, asOf, cancellationToken);

    public Task<IReadOnlyList<RollUpDay>> ReadRollUpsAsync(
        CenterId center, RollUpScope scope, RollUpGrain grain, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        store.ReadRollUpsAsync(center, scope, grain, from, until, asOf, cancellationToken);

    public Task<IReadOnlyList<DirtySpan>> ReadDirtyAsync(CenterId center, CancellationToken cancellationToken) =>
        store.ReadDirtyAsync(center, cancellationToken);

    public Task ClearDirtyAsync(CenterId center, long recordedUpTo, long clearedUntil, CancellationToken cancellationToken) =>
        store.ClearDirtyAsync(center, recordedUpTo, clearedUntil, cancellationToken);

    public Task<IReadOnlyList<CardDay>> ReadCardDaysAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        store.ReadCardDaysAsync(center, from, until, asOf, cancellationToken);

    public Task<IReadOnlyList<ReceivedNote>> ReadReceivedAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        store.ReadReceivedAsync(center, asOf, cancellationToken);

    public Task<IReadOnlyList<RejectedRow>> ReadRejectedAsync(CenterId center, long asOf, int atMost, CancellationToken cancellationToken) =>
        store.ReadRejectedAsync(center, asOf, atMost, cancellationToken);

    public async Task<bool> KeepIssuedAsync(CenterId center, string key, string content, CancellationToken cancellationToken)
    {
        var isNew = await store.KeepIssuedAsync(center, key, content, cancellationToken);
        if (isNew && TrackDesk.IsForecast(key))
        {
            _forecasts.AddOrUpdate(center, 1, static (_, count) => count + 1);
        }

        return isNew;
    }

    public Task<string?> FindIssuedAsync(CenterId center, string key, long asOf, CancellationToken cancellationToken) =>
        store.FindIssuedAsync(center, key, asOf, cancellationToken);

    public Task<IReadOnlyList<IssuedNote>> ListIssuedAsync(CenterId center, string prefix, long asOf, CancellationToken cancellationToken) =>
        store.ListIssuedAsync(center, prefix, asOf, cancellationToken);

    public Task<string> ContentHashAsync(CancellationToken cancellationToken) => store.ContentHashAsync(cancellationToken);

    public Task<IReadOnlyList<StoreFault>> VerifyAsync(CancellationToken cancellationToken) => store.VerifyAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Raise(ConcurrentDictionary<CenterId, long> versions, CenterId center) => versions.AddOrUpdate(center, 1, (_, version) => version + 1);

    private void Count(CenterId center, SourceNote note, long rows, AppendReceipt receipt) =>
        _sources.GetOrAdd((center, note.Source), _ => new()).Add(note.Rejects?.Received ?? rows, note.Rejects?.Accepted ?? rows, note.Rejects, receipt, clock.Now());
}

/// <summary>What one source sent since the start. Received = accepted + rejected.</summary>
internal sealed class SourceCounts
{
    private readonly Lock _lock = new();
    private readonly long[] _rejected = new long[Enum.GetValues<RejectReason>().Length];
    private long _received;
    private long _accepted;
    private long _duplicates;
    private long _conflicts;
    private long _late;
    private long _last;

    /// <summary>One consistent reading.</summary>
    public SourceReading Read()
    {
        lock (_lock)
        {
            return new(_received, _accepted, [.. Enum.GetValues<RejectReason>().Select(reason => (reason, _rejected[(int)reason])).Where(pair => pair.Item2 > 0)], _duplicates, _conflicts, _late, _last);
        }
    }

    public void Add(long received, long accepted, RejectCounts? rejects, AppendReceipt receipt, long now)
    {
        lock (_lock)
        {
            (_duplicates, _conflicts, _late) = (_duplicates + receipt.Duplicates, _conflicts + receipt.Conflicts, _late + receipt.Late);
            _received += received;
            _accepted += accepted;
            _last = now;
            foreach (var (reason, count) in rejects?.ByReason ?? [])
            {
                _rejected[(int)reason] += count;
            }
        }
    }
}

/// <param name="Last">When the last batch became durable. Unit: microseconds since the Unix epoch.</param>
internal sealed record SourceReading(long Received, long Accepted, IReadOnlyList<(RejectReason Reason, long Count)> Rejected, long Duplicates, long Conflicts, long Late, long Last);
