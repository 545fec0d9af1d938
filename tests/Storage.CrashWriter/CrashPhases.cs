using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;
using Headroom.Storage.Sqlite.Backups;

namespace Headroom.Storage.CrashWriter;

/// <summary>What a writer may be doing when it is killed.</summary>
public static class CrashPhases
{
    public static readonly IReadOnlyList<string> All = ["append", "seal", "hours", "compact", "backup", "restore", "migrate"];

    private static readonly CenterDefinition Crashed = CenterDefinition.NewDraft(CrashBatches.Center);
    private static readonly CenterDefinition Past = CenterDefinition.NewDraft(new("past"));
    private static readonly long PastStart = Instants.From(new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly CardCatalog NoCatalog = new([]);

    public static string BackupOf(string database) => database + ".backup";

    /// <summary>Does once what the phase is named for; returns the store to go on with.</summary>
    public static async Task<SqliteStore> RunAsync(SqliteStore store, string phase, string path, int number, CancellationToken cancellationToken)
    {
        switch (phase)
        {
            case "seal":
                await store.SealAsync(CrashBatches.Center, cancellationToken).ConfigureAwait(false);
                break;
            case "hours":
                await new CardHourKeeper(store, TimeProvider.System).UpdateAsync(Crashed, NoCatalog, null, cancellationToken).ConfigureAwait(false);
                break;
            case "compact":
                await CompactAsync(store, number, cancellationToken).ConfigureAwait(false);
                break;
            case "backup":
                await store.BackUpAsync(BackupOf(path), overwrite: true, cancellationToken).ConfigureAwait(false);
                break;
            case "restore":
                return await RestoreAsync(store, path, cancellationToken).ConfigureAwait(false);
            default:
                if (number % 7 == 0)
                {
                    await store.SealAsync(CrashBatches.Center, cancellationToken).ConfigureAwait(false);
                }

                break;
        }

        return store;
    }

    // A backup of this moment is put in place of the store it was made of.
    private static async Task<SqliteStore> RestoreAsync(SqliteStore store, string path, CancellationToken cancellationToken)
    {
        await store.BackUpAsync(BackupOf(path), overwrite: true, cancellationToken).ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
        var done = await Restorer.RestoreAsync(new() { Path = path }, BackupOf(path), force: true, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        File.Delete(done.SetAside!);
        return await SqliteStore.OpenAsync(new() { Path = path }, TimeProvider.System, cancellationToken).ConfigureAwait(false);
    }

    // Small blocks of one center are joined; a day of another is computed, and its samples are removed.
    private static async Task CompactAsync(SqliteStore store, int number, CancellationToken cancellationToken)
    {
        await store.CompactAsync(CrashBatches.Center, RetentionCut.Nothing, cancellationToken).ConfigureAwait(false);
        var day = PastStart + (number * Micros.PerDay);
        var batch = new SampleBatch();
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            var row = batch.Add(batch.Ordinal(new("GPU-past", null, null, null, null)), day + (minute * Micros.PerMinute));
            batch.Set(row, TelemetryMetrics.Utilization, minute * 7 % 101 * 10_000);
        }

        await store.AppendAsync(Past.Id, batch, CrashBatches.Source, cancellationToken).ConfigureAwait(false);
        await new CardHourKeeper(store, TimeProvider.System).UpdateAsync(Past, NoCatalog, null, cancellationToken).ConfigureAwait(false);
        await store.CompactAsync(Past.Id, new(day, DateOnly.MaxValue, null, null), cancellationToken).ConfigureAwait(false);
    }
}
