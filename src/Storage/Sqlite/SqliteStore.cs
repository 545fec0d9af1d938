using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Operations;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Sqlite.CardDays;
using Headroom.Storage.Sqlite.Facts;
using Headroom.Storage.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Sqlite;

/// <summary>The store in one SQLite file, its layout in docs/storage-format.md.</summary>
public sealed partial class SqliteStore : IStore
{
    /// <summary>Fewer staged rows than this stay staged when the store is closed. Unit: rows.</summary>
    private const long RowsWorthSealing = 16_384;

    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly OpenSamplesCache _open;
    private readonly SampleAppender _appender;
    private readonly Sealer _sealer;
    private readonly Words _words = new();
    private readonly Dictionary<CenterId, CenterState> _centers = [];

    private SqliteStore(Database database, TimeProvider clock)
    {
        (_database, _clock, _open) = (database, clock, new());
        (_appender, _sealer) = (new(_open, database.Path), new(_open, database.Path));
    }

    /// <summary>Opens a store, and creates it where it may and there is none.</summary>
    /// <exception cref="UserException">The file is missing (read only), not ours, newer than this program, locked by another writer, or its folder cannot be written.</exception>
    public static async Task<SqliteStore> OpenAsync(StoreOptions options, TimeProvider clock, CancellationToken cancellationToken) =>
        new(await Database.OpenAsync(options, cancellationToken).ConfigureAwait(false), clock);

    public Task<bool> SaveDocumentAsync(DocumentKind kind, string id, string content, IReadOnlyCollection<CenterId> recompute, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                if (!DocumentTable.Save(session, kind, id, content, _clock))
                {
                    return false;
                }

                foreach (var center in recompute.Select(center => CenterState.Find(session, center)).OfType<long>())
                {
                    DirtyTable.Mark(session, center, DirtyTable.Everyone, Window.Always, RecordedClock.NewestBatch(session));
                }

                return true;
            },
            cancellationToken);

    public Task<DocumentVersion?> FindDocumentAsync(DocumentKind kind, string id, long asOf, CancellationToken cancellationToken) =>
        _database.ReadAsync(session => DocumentTable.List(session, kind, asOf, id).SingleOrDefault(), cancellationToken);

    public Task<IReadOnlyList<DocumentVersion>> ListDocumentsAsync(DocumentKind kind, long asOf, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<DocumentVersion>>(session => DocumentTable.List(session, kind, asOf), cancellationToken);

    public async Task<AppendReceipt> AppendAsync(CenterId center, SampleBatch samples, SourceNote source, CancellationToken cancellationToken)
    {
        var (receipt, isSealDue) = await WriteAsync(
            session =>
            {
                var recorded = RecordedClock.NextBatch(session, _clock);
                var state = State(session, center);
                BatchHosts.Hear(session, state, samples, recorded);
                var counts = _appender.Append(session, state, samples, recorded);
                var changes = LabeledHoldings.Of(state, samples.Held);
                new FactAppender(session, state, recorded).Append(changes);
                var age = SampleAge.Of(samples.Instant, recorded);
                ReceivedTable.Add(session, state.Id, source, samples.Count, counts, age, recorded);
                return (new AppendReceipt(recorded, counts.New, counts.Duplicates, counts.Conflicts) { Late = age?.Late ?? 0, ChangesFacts = changes.Count > 0 }, Sealer.IsDue(state));
            },
            cancellationToken).ConfigureAwait(false);
        if (isSealDue)
        {
            await TrySealAsync(center).ConfigureAwait(false);
        }

        return receipt;
    }

    public Task<AppendReceipt> AppendAsync(CenterId center, FactBatch facts, SourceNote source, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                var recorded = RecordedClock.NextBatch(session, _clock);
                var state = State(session, center);
                var counts = new FactAppender(session, state, recorded).Append(facts);
                ReceivedTable.Add(session, state.Id, source, facts.Count, counts, age: null, recorded);
                return new AppendReceipt(recorded, counts.New, counts.Duplicates, counts.Conflicts);
            },
            cancellationToken);

    public Task<CenterFacts> ReadFactsAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        ReadFactsAsync(center, asOf, (session, id) => FactReader.Read(session, id, asOf), cancellationToken);

    public async Task<CenterFacts> ReadFactsAsync(CenterId center, Window window, long asOf, CancellationToken cancellationToken) => asOf == Instants.Never
        ? await ReadFactsAsync(center, asOf, (session, id) => FactReader.Read(session, id, window), cancellationToken).ConfigureAwait(false)
        : (await ReadFactsAsync(center, asOf, cancellationToken).ConfigureAwait(false)).Touching(window);

    public Task<CenterSightings> ReadSightingsAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        ReadAsync(center, new CenterSightings([], Simulated: false, default), (session, id) => Sightings(session, id, asOf), cancellationToken);

    public Task<DeviceSamples> ReadSamplesAsync(CenterId center, DeviceId device, Window window, CancellationToken cancellationToken) =>
        ReadAsync(
            center,
            DeviceSamples.None,
            (session, id) => session.Scalar("SELECT id FROM device WHERE center = @1 AND name = @2", id, device.Value) is long number
                ? new SampleReader(new(_database.Path, cachedBlocks: 0), _open).Read(session, id, number, window).ToDeviceSamples()
                : DeviceSamples.None,
            cancellationToken);

    public Task<IReadOnlyList<DirtySpan>> ReadDirtyAsync(CenterId center, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DirtySpan>>(center, [], (session, id) => DirtyTable.Read(session, id, _open), cancellationToken);

    public Task ClearDirtyAsync(CenterId center, long recordedUpTo, long clearedUntil, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                DirtyTable.Clear(session, State(session, center).Id, recordedUpTo, clearedUntil, _open);
                return true;
            },
            cancellationToken);

    public Task SaveCardDaysAsync(
        CenterId center, IReadOnlyList<CardDay> days, IReadOnlyDictionary<DateOnly, ImmutableArray<RollUp>> fiveMinutes, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                var (state, recorded) = (State(session, center), RecordedClock.NewestBatch(session));
                var changed = CardPacks.Save(session, state, days, recorded, _words, _database.Path);
                RollUpTable.Update(session, state.Id, changed, fiveMinutes, recorded, _words, _database.Path);
                return true;
            },
            cancellationToken);

    public Task SaveFindingsAsync(CenterId center, IReadOnlyList<DayFindings> days, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                var (state, recorded) = (State(session, center), RecordedClock.NewestBatch(session));
                foreach (var day in days)
                {
                    FindingsTable.Save(session, state.Id, day, recorded);
                }

                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<DayFindings>> ReadFindingsAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DayFindings>>(center, [], (session, id) => FindingsTable.Read(session, id, from, until, asOf, _database.Path), cancellationToken);

    public Task<IReadOnlyList<RollUpDay>> ReadRollUpsAsync(
        CenterId center, RollUpScope scope, RollUpGrain grain, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RollUpDay>>(center, [], (session, id) => RollUpTable.Read(session, id, scope, grain, from, until, asOf, new(), _database.Path), cancellationToken);

    public Task ReadHourUseAsync(CenterId center, DateOnly from, DateOnly until, long asOf, Action<DeviceId, long, HourUse> each, CancellationToken cancellationToken) =>
        ReadAsync(
            center,
            true,
            (session, id) =>
            {
                CardPacks.ReadUse(session, id, from, until, asOf, _database.Path, each);
                return true;
            },
            cancellationToken);

    public Task ReadUtilizationAsync(CenterId center, Window window, UtilizationPart each, CancellationToken cancellationToken) =>
        ReadAsync(
            center,
            true,
            (session, id) =>
            {
                new UtilizationReader(_open, _database.Path).Read(session, id, window, each, cancellationToken);
                return true;
            },
            cancellationToken);

    public Task ReadUseAsync(CenterId center, Window window, bool withPower, Action<DeviceId, DeviceSamples> each, CancellationToken cancellationToken) =>
        ReadAsync(
            center,
            true,
            (session, id) =>
            {
                new UseReader(_open).Read(session, id, window, withPower, (device, samples) =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    each(device, samples);
                });
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<CardDay>> ReadCardDaysAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CardDay>>(center, [], (session, id) => CardPacks.Read(session, id, from, until, asOf, _database.Path), cancellationToken);

    public Task<IReadOnlyList<ReceivedNote>> ReadReceivedAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ReceivedNote>>(center, [], (session, id) => ReceivedTable.Read(session, id, asOf), cancellationToken);

    public Task<IReadOnlyList<RejectedRow>> ReadRejectedAsync(CenterId center, long asOf, int atMost, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RejectedRow>>(center, [], (session, id) => ReceivedTable.ReadRejected(session, id, asOf, atMost), cancellationToken);

    public Task<bool> KeepIssuedAsync(CenterId center, string key, string content, CancellationToken cancellationToken) =>
        WriteAsync(session => IssuedTable.Keep(session, State(session, center).Id, key, content, _clock), cancellationToken);

    public Task<string?> FindIssuedAsync(CenterId center, string key, long asOf, CancellationToken cancellationToken) =>
        ReadAsync(center, null, (session, id) => IssuedTable.Find(session, id, key, asOf), cancellationToken);

    public Task<IReadOnlyList<IssuedNote>> ListIssuedAsync(CenterId center, string prefix, long asOf, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<IssuedNote>>(center, [], (session, id) => IssuedTable.List(session, id, prefix, asOf), cancellationToken);

    public Task<string> ContentHashAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session =>
            {
                using var hasher = new ContentHasher(session, new(new(_database.Path), _open), _open);
                return hasher.Hash(cancellationToken);
            },
            cancellationToken);

    public Task<IReadOnlyList<StoreFault>> VerifyAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(session => new Verifier(session).Verify(cancellationToken), cancellationToken);

    /// <summary>Seals what is staged of a center: fewer bytes, faster reads. Done by itself when enough is staged.</summary>
    public Task SealAsync(CenterId center, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                _sealer.Seal(session, State(session, center));
                return true;
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await SealBeforeCloseAsync().ConfigureAwait(false);
        }
        finally
        {
            await _database.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task SealBeforeCloseAsync()
    {
        foreach (var center in _centers.Where(pair => pair.Value.StagedRows >= RowsWorthSealing).Select(pair => pair.Key).ToList())
        {
            await TrySealAsync(center).ConfigureAwait(false);
        }

        if (_centers.Count > 0)
        {
            await TryAsync(_database.ShrinkAsync).ConfigureAwait(false);
        }
    }

    // The rows are durable already: a failure to pack them (a full disk, most often) is met again, and told, by the next append.
    private Task TrySealAsync(CenterId center) => TryAsync(() => SealAsync(center, CancellationToken.None));

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (UserException)
        {
            // Nothing is lost: readers see staged samples as they see sealed ones.
        }
    }

    private CenterState State(Session session, CenterId center)
    {
        if (!_centers.TryGetValue(center, out var state))
        {
            _centers[center] = state = CenterState.Load(session, center, _open);
        }

        return state;
    }

    private Task<T> WriteAsync<T>(Func<Session, T> work, CancellationToken cancellationToken) => _database.WriteAsync(work, Forget, cancellationToken);

    // What was rolled back must not stay in memory.
    private void Forget()
    {
        _centers.Clear();
        _words.Forget();
        _open.Forget();
        _appender.Forget();
    }

    private Task<CenterFacts> ReadFactsAsync(CenterId center, long asOf, Func<Session, long, FactBatch> read, CancellationToken cancellationToken) =>
        ReadAsync(
            center,
            new CenterFacts([], [], [], [], Simulated: false, default),
            (session, id) =>
            {
                var (facts, seen) = (read(session, id), Sightings(session, id, asOf));
                return new CenterFacts(facts.Inventory, LabeledJobs.Placed(facts.Jobs, facts.Allocations), facts.Coverage, seen.Devices, seen.Simulated, seen.Telemetry)
                {
                    Requests = facts.Requests,
                    Allocations = facts.Allocations,
                    Counts = facts.Counts,
                    Meters = facts.Meters,
                    Settlements = facts.Settlements,
                };
            },
            cancellationToken);

    private CenterSightings Sightings(Session session, long center, long asOf)
    {
        var devices = SightingTable.Read(session, center, asOf, _open);
        return new(
            [.. devices],
            ReceivedTable.IsSimulated(session, center, asOf),
            devices.Count == 0 ? default : new(devices.Min(device => device.FirstSample), devices.Max(device => device.LastSample) + 1));
    }

    private Task<T> ReadAsync<T>(CenterId center, T empty, Func<Session, long, T> work, CancellationToken cancellationToken) =>
        _database.ReadAsync(session => CenterState.Find(session, center) is { } id ? work(session, id) : empty, cancellationToken);
}
