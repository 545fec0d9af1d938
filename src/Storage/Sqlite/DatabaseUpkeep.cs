using Dapper;
using Headroom.Domain.Messages;
using Headroom.Storage.Sqlite.Backups;
using Headroom.Storage.Sqlite.Migrations;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Sqlite;

/// <summary>What is done to the file as a whole, outside of any transaction of its contents.</summary>
internal sealed partial class Database
{
    /// <summary>The log is written back and emptied once it is this long. Unit: bytes.</summary>
    private const long LongLog = 8L << 20;

    private long _checkpointAt = LongLog;

    /// <summary>Length of the file and its log. Unit: bytes.</summary>
    public long FileBytes => LengthOf(Path) + LengthOf(Path + "-wal");

    /// <summary>Copies the state of this moment into a new file, without a page unused. Readers and the writer go on.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public void CopyTo(string file) => Guarded(Path, () =>
    {
        using var session = Connect(_options, SqliteOpenMode.ReadOnly);
        return session.Execute("VACUUM INTO @1", file);
    });

    /// <summary>The same for a file that is not open: a backup, with whatever log lies beside it.</summary>
    /// <exception cref="UserException">The file is missing, not ours, newer than this program or damaged.</exception>
    public static void Copy(string path, string file)
    {
        if (!File.Exists(path))
        {
            throw new UserException(UserMessage.Of(MessageCode.FileMissing, path));
        }

        var options = new StoreOptions { Path = path, ReadOnly = true };
        Guarded(path, () =>
        {
            using var session = Connect(options, SqliteOpenMode.ReadOnly);
            CheckOurs(session, options);
            return session.Execute("VACUUM INTO @1", file);
        });
    }

    /// <summary>Whether anything was ever recorded in a file. What cannot be read is not empty.</summary>
    public static bool IsEmpty(string path)
    {
        if (LengthOf(path) + LengthOf(path + "-wal") == 0)
        {
            return true;
        }

        try
        {
            var options = new StoreOptions { Path = path, ReadOnly = true };
            using var session = Connect(options, SqliteOpenMode.ReadOnly);
            return CheckOurs(session, options) > 0 && session.Scalar("SELECT 1 WHERE EXISTS (SELECT 1 FROM center) OR EXISTS (SELECT 1 FROM document)") is null;
        }
        catch (Exception failure) when (failure is SqliteException or UserException)
        {
            return false;
        }
    }

    /// <summary>Writes the log of a file that nobody writes to back into it, as far as the file can be read at all.</summary>
    /// <exception cref="UserException">Somebody reads the file.</exception>
    public static void Settle(string path)
    {
        try
        {
            using var session = Connect(new StoreOptions { Path = path }, SqliteOpenMode.ReadWrite);
            if (!EmptyLog(session))
            {
                throw new UserException(UserMessage.Of(MessageCode.DatabaseLocked, path));
            }
        }
        catch (SqliteException)
        {
            // Not a database any more: it is put aside as it is, its log with it.
        }
    }

    /// <summary>Runs steps that are transactions of their own, or none, while nobody else writes.</summary>
    public async Task<T> MaintainAsync<T>(Func<Session, T> work, CancellationToken cancellationToken)
    {
        var writer = _writer ?? throw new InvalidOperationException("The store was opened to read only.");
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Guarded(Path, () => work(writer));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives pages that nothing uses back to the file system.</summary>
    public Task GiveBackAsync(CancellationToken cancellationToken) => MaintainAsync(
        session =>
        {
            session.Connection.Execute("PRAGMA incremental_vacuum(0)");
            using (var reader = session.Read("PRAGMA incremental_vacuum"))
            {
                while (reader.Read())
                {
                    // Each row is a page moved.
                }
            }

            return EmptyLog(session);
        },
        cancellationToken);

    /// <summary>The file may not have more pages than this: a quota, and how tests fill a disk. Unit: pages.</summary>
    internal Task LimitAsync(long pages, CancellationToken cancellationToken) =>
        MaintainAsync(session => session.Connection.ExecuteScalar<long>($"PRAGMA max_page_count = {pages}"), cancellationToken);

    // All steps or none, with a copy of the file as it was before.
    private static void Migrate(Session session, StoreOptions options, int version)
    {
        if (version == Migration.Newest)
        {
            return;
        }

        if (version > 0 && options.KeepBeforeMigration)
        {
            var kept = $"{options.Path}.schema-{version}.backup";
            File.Delete(kept + ".partial");
            session.Execute("VACUUM INTO @1", kept + ".partial");
            DurableFile.Place(kept + ".partial", kept);
        }

        InTransaction(session, "BEGIN IMMEDIATE", s =>
        {
            foreach (var step in Migration.All.Skip(version))
            {
                s.Connection.Execute($"{step.Sql}; PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {step.Version};");
                step.Then?.Invoke(s);
            }

            return Migration.Newest;
        });
    }

    // Emptied at once where no reader is in the way: a log that is partly written back would not survive being cut, and nobody likes it long.
    private void KeepLogShort(Session session)
    {
        var length = LengthOf(Path + "-wal");
        if (length < _checkpointAt)
        {
            return;
        }

        _checkpointAt = length + LongLog;
        try
        {
            _checkpointAt = EmptyLog(session) ? LongLog : _checkpointAt;
        }
        catch (SqliteException)
        {
            // What was committed is durable in the log. A full disk is met again, and told, by the next batch.
        }
    }

    // False: a reader needs it.
    private static bool EmptyLog(Session session)
    {
        using var reader = session.Read("PRAGMA wal_checkpoint(TRUNCATE)");
        return !reader.Read() || reader.GetInt64(0) == 0;
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;
}
