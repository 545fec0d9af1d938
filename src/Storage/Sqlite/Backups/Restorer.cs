using System.Globalization;
using Headroom.Domain.Messages;

namespace Headroom.Storage.Sqlite.Backups;

/// <summary>Puts a backup where the database is: copied and checked first, then both change places by name.</summary>
public static class Restorer
{
    private const string Unfinished = ".restoring";

    /// <summary>A copy that was checked: from here on the restore is carried to its end, whatever happens.</summary>
    private const string Checked = ".restored";

    /// <param name="force">True: also over a database that holds data, which is put aside under another name.</param>
    /// <exception cref="UserException">The backup is missing, not ours, newer than this program or damaged; somebody works with the database; or it holds data.</exception>
    public static async Task<RestoreReceipt> RestoreAsync(StoreOptions options, string backup, bool force, TimeProvider clock, CancellationToken cancellationToken)
    {
        var part = options.Path + Unfinished;
        using var writerLock = await WriterLock.TakeAsync(options.Path, options.LockWaitSeconds, cancellationToken).ConfigureAwait(false);
        if (!force && !Database.IsEmpty(options.Path))
        {
            throw new UserException(UserMessage.Of(MessageCode.RestoreNotEmpty, options.Path));
        }

        try
        {
            BackupWriter.Discard(part);
            BackupWriter.Discard(options.Path + Checked);
            Database.Copy(backup, part);
            var (hash, recorded) = await CheckAsync(backup, part, clock, cancellationToken).ConfigureAwait(false);
            DurableFile.Place(part, options.Path + Checked);
            var aside = SetAside(options.Path, clock);
            DurableFile.Place(options.Path + Checked, options.Path);
            return new(hash, recorded, aside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserException(UserMessage.Of(MessageCode.FolderUnwritable, options.Path, failure.Message), failure);
        }
        finally
        {
            BackupWriter.Discard(part);
        }
    }

    /// <summary>Carries a restore to its end that was killed after the old file was set aside and before the new one was in its place.</summary>
    internal static async Task FinishAsync(StoreOptions options, CancellationToken cancellationToken)
    {
        if (File.Exists(options.Path) || !File.Exists(options.Path + Checked))
        {
            return;
        }

        using var writerLock = await WriterLock.TakeAsync(options.Path, options.LockWaitSeconds, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(options.Path) && File.Exists(options.Path + Checked))
        {
            DurableFile.Place(options.Path + Checked, options.Path);
        }
    }

    // Faults are those of the backup, whose name the user knows.
    private static async Task<(string ContentHash, long Recorded)> CheckAsync(string backup, string part, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await BackupWriter.CheckAsync(part, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (UserException failure)
        {
            throw new UserException([.. failure.Messages.Select(message => message with { Place = backup })], failure);
        }
    }

    // The log goes first: left beside the restored file it would be taken for its own.
    private static string? SetAside(string path, TimeProvider clock)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        Database.Settle(path);
        var name = $"{path}.before-restore-{clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        var aside = name;
        for (var number = 2; File.Exists(aside); number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
        }

        if (File.Exists(path + "-wal"))
        {
            File.Move(path + "-wal", aside + "-wal");
        }

        File.Delete(path + "-shm");
        File.Move(path, aside);
        return aside;
    }
}
