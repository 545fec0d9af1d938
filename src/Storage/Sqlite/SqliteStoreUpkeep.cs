using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Backups;
using Headroom.Storage.Sqlite.Telemetry;
using Headroom.Storage.Sqlite.Upkeep;

namespace Headroom.Storage.Sqlite;

/// <summary>Upkeep of the file.</summary>
public sealed partial class SqliteStore : IStoreUpkeep
{
    public Task<BackupReceipt> BackUpAsync(string file, bool overwrite, CancellationToken cancellationToken) =>
        BackupWriter.WriteAsync(_database, file, overwrite, _clock, cancellationToken);

    public async Task<CompactReceipt> CompactAsync(CenterId center, RetentionCut cut, CancellationToken cancellationToken)
    {
        var before = _database.FileBytes;
        await SealAsync(center, cancellationToken).ConfigureAwait(false);
        var (rawRows, rawDays) = await RemoveRawAsync(center, cut, cancellationToken).ConfigureAwait(false);
        var (fiveMinutes, hourly, daily) = await WriteAsync(session => RemoveSums(session, State(session, center).Id, cut), cancellationToken).ConfigureAwait(false);
        await MendAsync(center, cancellationToken).ConfigureAwait(false);
        var joined = await JoinAsync(center, cancellationToken).ConfigureAwait(false);
        await _database.GiveBackAsync(cancellationToken).ConfigureAwait(false);
        return new(rawRows, rawDays, fiveMinutes, hourly, daily, joined, before, _database.FileBytes);
    }

    public async Task<int> MarkDamagedAsync(CenterId center, Window window, CancellationToken cancellationToken)
    {
        var damaged = await ReadAsync(center, [], (session, id) => new DamageFinder(session, id).Find(window, _open, cancellationToken), cancellationToken).ConfigureAwait(false);
        return damaged.Count == 0
            ? 0
            : await WriteAsync(
                session =>
                {
                    var (id, recorded) = (State(session, center).Id, RecordedClock.NewestBatch(session));
                    foreach (var (device, time) in damaged)
                    {
                        DirtyTable.Mark(session, id, device, new(time.From - DirtyTable.Context, time.Until + DirtyTable.Context), recorded);
                    }

                    return damaged.Count;
                },
                cancellationToken).ConfigureAwait(false);
    }

    public Task<Lapses> ReadLapsesAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        ReadAsync(center, Lapses.None, (session, id) => LapseTable.Read(session, id, asOf), cancellationToken);

    public Task MarkNotRecomputedAsync(CenterId center, IReadOnlyList<DirtySpan> spans, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                foreach (var span in spans)
                {
                    LapseTable.MarkNotRecomputed(session, State(session, center).Id, span);
                }

                return true;
            },
            cancellationToken);

    /// <summary>Recorded time of the newest batch; the least long in a store without any.</summary>
    public Task<long> NewestBatchAsync(CancellationToken cancellationToken) => _database.ReadAsync(RecordedClock.NewestBatch, cancellationToken);

    /// <summary>The file may not have more pages than this: a quota, and how tests fill a disk. Unit: pages.</summary>
    internal Task LimitPagesAsync(long pages, CancellationToken cancellationToken) => _database.LimitAsync(pages, cancellationToken);

    private async Task<(long Rows, int Days)> RemoveRawAsync(CenterId center, RetentionCut cut, CancellationToken cancellationToken)
    {
        if (cut.RawBefore is not { } before)
        {
            return (0, 0);
        }

        var dirty = await ReadDirtyAsync(center, cancellationToken).ConfigureAwait(false);
        var days = await ReadAsync(center, [], (session, id) => Remover.RawDays(session, id, before, dirty), cancellationToken).ConfigureAwait(false);
        var rows = 0L;
        foreach (var day in days)
        {
            rows += await WriteAsync(session => Remover.RawDay(session, State(session, center).Id, day, RecordedClock.NewestBatch(session)), cancellationToken).ConfigureAwait(false);
        }

        return (rows, days.Count);
    }

    private static (int FiveMinutes, int Hourly, int Daily) RemoveSums(Session session, long center, RetentionCut cut)
    {
        var fiveMinutes = cut.FiveMinutesBefore is { } steps ? Remover.RollUps(session, center, RollUpGrain.FiveMinutes, steps) : 0;
        var hourly = cut.HourlyBefore is { } hours ? Remover.Hours(session, center, hours, cut.HourlyMidnight, RecordedClock.NewestBatch(session)) : 0;
        if (cut.DailyBefore is not { } days)
        {
            return (fiveMinutes, hourly, 0);
        }

        Remover.RollUps(session, center, RollUpGrain.Month, new(days.Year, days.Month, 1));
        return (fiveMinutes, hourly, Remover.RollUps(session, center, RollUpGrain.Day, days));
    }

    private async Task MendAsync(CenterId center, CancellationToken cancellationToken)
    {
        var mender = new Mender();
        foreach (var block in await ReadAsync(center, [], mender.Damaged, cancellationToken).ConfigureAwait(false))
        {
            await WriteAsync(session => mender.Mend(session, State(session, center).Id, block), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> JoinAsync(CenterId center, CancellationToken cancellationToken)
    {
        var today = UtcDays.Of(_clock.Now());
        var days = await ReadAsync(center, [], (session, id) => BlockJoiner.Days(session, id, today), cancellationToken).ConfigureAwait(false);
        var (joiner, joined) = (new BlockJoiner(), 0);
        foreach (var day in days)
        {
            joined += await WriteAsync(session => joiner.Join(session, State(session, center).Id, day), cancellationToken).ConfigureAwait(false);
        }

        return joined;
    }
}
