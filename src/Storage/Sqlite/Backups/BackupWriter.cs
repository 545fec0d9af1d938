using Headroom.Domain.Messages;

namespace Headroom.Storage.Sqlite.Backups;

/// <summary>Writes a backup beside its name, checks it, and only then gives it the name.</summary>
internal static class BackupWriter
{
    private const string Unfinished = ".partial";

    /// <exception cref="UserException">As <see cref="IStoreUpkeep.BackUpAsync"/>.</exception>
    public static async Task<BackupReceipt> WriteAsync(Database database, string file, bool overwrite, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!overwrite && File.Exists(file))
        {
            throw new UserException(UserMessage.Of(MessageCode.BackupExists, file));
        }

        var part = file + Unfinished;
        try
        {
            File.Delete(part);
            database.CopyTo(part);
            var (hash, recorded) = await CheckAsync(part, clock, cancellationToken).ConfigureAwait(false);
            DurableFile.Place(part, file);
            return new(file, new FileInfo(file).Length, hash, recorded);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserException(UserMessage.Of(MessageCode.FolderUnwritable, file, failure.Message), failure);
        }
        finally
        {
            Discard(part);
        }
    }

    /// <summary>Reads all of a copy that nobody else knows of.</summary>
    /// <exception cref="UserException">It is not as it was written.</exception>
    public static async Task<(string ContentHash, long Recorded)> CheckAsync(string part, TimeProvider clock, CancellationToken cancellationToken)
    {
        var store = await SqliteStore.OpenAsync(new() { Path = part, KeepBeforeMigration = false }, clock, cancellationToken).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            var faults = await store.VerifyAsync(cancellationToken).ConfigureAwait(false);
            return faults is [var first, ..]
                ? throw new UserException(UserMessage.Of(MessageCode.BackupDamaged, part, first.Place, first.Detail, faults.Count))
                : (await store.ContentHashAsync(cancellationToken).ConfigureAwait(false), await store.NewestBatchAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>Removes a copy and what lies beside it.</summary>
    public static void Discard(string part)
    {
        foreach (var leftover in (string[])[part, part + "-wal", part + "-shm", part + "-journal", part + ".lock"])
        {
            File.Delete(leftover);
        }
    }
}
