using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Operations;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.Ingest.Tests;

/// <summary>Keeps what is appended, by (device, instant); what ingest never asks of a store is not supported.</summary>
internal sealed class FakeStore : IStore
{
    private readonly Lock _gate = new();
    private long _recorded;

    public SortedDictionary<(string Device, long Instant), int[]> Samples { get; } = [];

    public List<DeviceSighting> Devices { get; } = [];

    public List<FactBatch> Facts { get; } = [];

    public List<SourceNote> Notes { get; } = [];

    public List<int> BatchRows { get; } = [];

    /// <summary>The append with this number fails as a full disk would; 0: none.</summary>
    public int FailAtAppend { get; init; }

    public Task<AppendReceipt> AppendAsync(CenterId center, SampleBatch samples, SourceNote source, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (BatchRows.Count + 1 == FailAtAppend)
            {
                throw new IOException("No space left on device");
            }

            var (added, duplicates, conflicts) = (0L, 0L, 0L);
            for (var row = 0; row < samples.Count; row++)
            {
                var values = TelemetryMetrics.All.Select(metric => samples.Values(metric)[row]).ToArray();
                var key = (samples.Devices[samples.Device[row]].Id, samples.Instant[row]);
                if (!Samples.TryGetValue(key, out var known))
                {
                    Samples.Add(key, values);
                    added++;
                }
                else if (known.SequenceEqual(values))
                {
                    duplicates++;
                }
                else
                {
                    conflicts++;
                }
            }

            Devices.AddRange(samples.Devices.Except(Devices).ToArray());
            BatchRows.Add(samples.Count);
            Notes.Add(source);
            return Task.FromResult(new AppendReceipt(++_recorded, added, duplicates, conflicts));
        }
    }

    public Task<AppendReceipt> AppendAsync(CenterId center, FactBatch facts, SourceNote source, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Facts.Add(facts);
            Notes.Add(source);
            return Task.FromResult(new AppendReceipt(++_recorded, facts.Count, 0, 0));
        }
    }

    public ValueTask DisposeAsync() => default;

    public Task<bool> SaveDocumentAsync(DocumentKind kind, string id, string content, IReadOnlyCollection<CenterId> recompute, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DocumentVersion?> FindDocumentAsync(DocumentKind kind, string id, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<DocumentVersion>> ListDocumentsAsync(DocumentKind kind, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CenterFacts> ReadFactsAsync(CenterId center, long asOf, CancellationToken cancellationToken) => Task.FromResult(new CenterFacts(
        [.. Facts.SelectMany(batch => batch.Inventory)],
        [.. Facts.SelectMany(batch => batch.Jobs)],
        [.. Facts.SelectMany(batch => batch.Coverage)],
        [.. Devices.Select(device => new SightedDevice(device, 0, 0))],
        Simulated: false,
        new Window(0, 0)));

    public Task<CenterSightings> ReadSightingsAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        Task.FromResult(new CenterSightings([.. Devices.Select(device => new SightedDevice(device, 0, 0))], Simulated: false, new Window(0, 0)));

    public Task<DeviceSamples> ReadSamplesAsync(CenterId center, DeviceId device, Window window, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<DirtySpan>> ReadDirtyAsync(CenterId center, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ClearDirtyAsync(CenterId center, long recordedUpTo, long clearedUntil, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReadHourUseAsync(CenterId center, DateOnly from, DateOnly until, long asOf, Action<DeviceId, long, HourUse> each, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReadUtilizationAsync(CenterId center, Window window, UtilizationPart each, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Lapses> ReadLapsesAsync(CenterId center, long asOf, CancellationToken cancellationToken) => Task.FromResult(Lapses.None);

    public Task MarkNotRecomputedAsync(CenterId center, IReadOnlyList<DirtySpan> spans, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReadUseAsync(CenterId center, Window window, bool withPower, Action<DeviceId, DeviceSamples> each, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SaveCardDaysAsync(CenterId center, IReadOnlyList<CardDay> days, IReadOnlyDictionary<DateOnly, ImmutableArray<RollUp>> fiveMinutes, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SaveFindingsAsync(CenterId center, IReadOnlyList<DayFindings> days, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<DayFindings>> ReadFindingsAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RollUpDay>> ReadRollUpsAsync(CenterId center, RollUpScope scope, RollUpGrain grain, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<CardDay>> ReadCardDaysAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReceivedNote>> ReadReceivedAsync(CenterId center, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RejectedRow>> ReadRejectedAsync(CenterId center, long asOf, int atMost, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> KeepIssuedAsync(CenterId center, string key, string content, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> FindIssuedAsync(CenterId center, string key, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<IssuedNote>> ListIssuedAsync(CenterId center, string prefix, long asOf, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> ContentHashAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoreFault>> VerifyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
