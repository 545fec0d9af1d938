using Headroom.Domain.Messages;

namespace Headroom.Storage.Sqlite;

/// <summary>At most one process writes a database: an exclusive lock on the file <c>DATABASE.lock</c>, which the system drops when its holder dies.</summary>
internal sealed class WriterLock : IDisposable
{
    private const int RetryMilliseconds = 50;
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <exception cref="UserException">Another writer keeps it longer than <paramref name="waitSeconds"/>, or the folder cannot be written.</exception>
    public static async Task<WriterLock> TakeAsync(string database, int waitSeconds, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (waitSeconds * 1_000L);
        while (true)
        {
            try
            {
                return new(new FileStream(database + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
            }
            catch (IOException failure) when (failure.HResult is WouldBlock or SharingViolation or LockViolation)
            {
                if (Environment.TickCount64 >= deadline)
                {
                    throw new UserException(UserMessage.Of(MessageCode.DatabaseLocked, database, waitSeconds), failure);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new UserException(UserMessage.Of(MessageCode.FolderUnwritable, database, failure.Message), failure);
            }

            await Task.Delay(RetryMilliseconds, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _file.Dispose();
}
