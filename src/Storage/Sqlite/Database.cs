using System.Collections.Concurrent;
using Dapper;
using Headroom.Domain.Messages;
using Headroom.Storage.Sqlite.Backups;
using Headroom.Storage.Sqlite.Migrations;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Sqlite;

/// <summary>The file: one writing session behind a gate, as many reading ones as are asked for, each operation in one transaction.</summary>
internal sealed partial class Database : IAsyncDisposable
{
    /// <summary>"HDRM" in the header of the file.</summary>
    public const int ApplicationId = 0x4844524D;

    /// <summary>Of a new file. Small: each table and index has a page at least, and the end of a blob leaves half a page unused on average. Half of this saves another 3 % of an hour of 400 cards, and costs 1 % of a week.</summary>
    private const int PageBytes = 1_024;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentBag<Session> _readers = [];
    private readonly StoreOptions _options;
    private readonly WriterLock? _lock;
    private readonly Session? _writer;
    private bool _isDisposed;

    private Database(StoreOptions options, WriterLock? writerLock, Session? writer) => (_options, _lock, _writer) = (options, writerLock, writer);

    public string Path => _options.Path;

    /// <exception cref="UserException">The file is missing (read only), not ours, newer than this program, locked by another writer, or its folder cannot be written.</exception>
    public static async Task<Database> OpenAsync(StoreOptions options, CancellationToken cancellationToken)
    {
        if (options.LockWaitSeconds is < 0 or > 600)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.LockWaitSeconds, "A writer waits 0 to 600 seconds for the lock.");
        }

        await Restorer.FinishAsync(options, cancellationToken).ConfigureAwait(false);
        var file = new FileInfo(options.Path);
        if (options.ReadOnly && !file.Exists)
        {
            throw new UserException(UserMessage.Of(MessageCode.FileMissing, options.Path));
        }

        var version = Migration.Newest;
        if (file is { Exists: true, Length: > 0 } || options.ReadOnly)
        {
            version = Guarded(options.Path, () =>
            {
                using var session = Connect(options, SqliteOpenMode.ReadOnly);
                return CheckOurs(session, options);
            });
        }

        if (options.ReadOnly)
        {
            if (version < Migration.Newest)
            {
                // Who only reads still needs the tables of today: the file is migrated as by a writer.
                var migrating = await OpenAsync(new StoreOptions { Path = options.Path, LockWaitSeconds = options.LockWaitSeconds }, cancellationToken).ConfigureAwait(false);
                await migrating.DisposeAsync().ConfigureAwait(false);
            }

            return new(options, null, null);
        }

        var writerLock = await WriterLock.TakeAsync(options.Path, options.LockWaitSeconds, cancellationToken).ConfigureAwait(false);
        try
        {
            return new(options, writerLock, Guarded(options.Path, () => OpenWriter(options)));
        }
        catch
        {
            writerLock.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in a writing transaction; durable when the task completes.</summary>
    /// <param name="undo">Called when the transaction was rolled back, before anyone else writes.</param>
    public async Task<T> WriteAsync<T>(Func<Session, T> work, Action undo, CancellationToken cancellationToken)
    {
        var writer = _writer ?? throw new InvalidOperationException("The store was opened to read only.");
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Guarded(Path, () =>
            {
                var result = InTransaction(writer, "BEGIN IMMEDIATE", work);
                KeepLogShort(writer);
                return result;
            });
        }
        catch
        {
            undo();
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs <paramref name="work"/> on a state of the store that does not move while it runs.</summary>
    public Task<T> ReadAsync<T>(Func<Session, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Task.FromResult(Guarded(Path, () =>
        {
            var session = _readers.TryTake(out var idle) ? idle : Connect(_options, SqliteOpenMode.ReadOnly);
            try
            {
                var result = InTransaction(session, "BEGIN", work);
                _readers.Add(session);
                return result;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }));
    }

    /// <summary>Gives pages that nothing uses back to the system, where the file was made to.</summary>
    public Task ShrinkAsync() => WriteAsync(
        session =>
        {
            using var command = session.Connection.CreateCommand();
            command.CommandText = "PRAGMA incremental_vacuum";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                // Each step frees a page.
            }

            return true;
        },
        () => { },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        await _gate.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        while (_readers.TryTake(out var session))
        {
            session.Dispose();
        }

        _writer?.Dispose();
        _lock?.Dispose();
        _gate.Dispose();
    }

    private static T InTransaction<T>(Session session, string begin, Func<Session, T> work)
    {
        session.Execute(begin);
        try
        {
            var result = work(session);
            session.Execute("COMMIT");
            return result;
        }
        catch
        {
            try
            {
                session.Execute("ROLLBACK");
            }
            catch (SqliteException)
            {
                // The engine has rolled back by itself, as it does on a full disk; the first failure is the one to tell.
            }

            throw;
        }
    }

    private static Session OpenWriter(StoreOptions options)
    {
        var session = Connect(options, SqliteOpenMode.ReadWriteCreate);
        try
        {
            var version = CheckOurs(session, options);
            if (version == 0)
            {
                session.Connection.Execute($"PRAGMA page_size = {PageBytes}; PRAGMA auto_vacuum = INCREMENTAL;");
            }

            Migrate(session, options, version);
            session.Connection.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // The schema version; 0 for an empty file.
    private static int CheckOurs(Session session, StoreOptions options)
    {
        var application = session.Connection.ExecuteScalar<long>("PRAGMA application_id");
        var version = session.Connection.ExecuteScalar<long>("PRAGMA user_version");
        var isEmpty = session.Connection.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_schema") == 0;
        if (application != ApplicationId && !(isEmpty && application == 0 && version == 0 && !options.ReadOnly))
        {
            throw new UserException(UserMessage.Of(MessageCode.DatabaseNotOurs, options.Path));
        }

        if (version > Migration.Newest)
        {
            throw new UserException(UserMessage.Of(MessageCode.DatabaseNewer, options.Path, version, Migration.Newest));
        }

        return (int)version;
    }

    private static Session Connect(StoreOptions options, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = Math.Max(1, options.LockWaitSeconds),
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;");
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure) when (SqliteProblems.Explain(failure, path) is { } problem)
        {
            throw new UserException(problem, failure);
        }
    }
}
