using Headroom.Domain.Messages;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Sqlite;

/// <summary>Failures of the engine that a user can mend, as messages; the rest stays the exception it was.</summary>
internal static class SqliteProblems
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The index of the log cannot grow; on a full disk this comes first.</summary>
    private const int NoRoomForIndex = IoError | (19 << 8);

    private const int WriteFailed = IoError | (3 << 8);

    public static UserMessage? Explain(SqliteException failure, string path) => failure.SqliteErrorCode switch
    {
        Busy or Locked => UserMessage.Of(MessageCode.DatabaseLocked, path),
        Full => UserMessage.Of(MessageCode.DiskFull, path),
        IoError when failure.SqliteExtendedErrorCode is NoRoomForIndex or WriteFailed => UserMessage.Of(MessageCode.DiskFull, path),
        ReadOnly or IoError or CannotOpen => UserMessage.Of(MessageCode.FolderUnwritable, path, failure.Message),
        Corrupt => UserMessage.Of(MessageCode.DatabaseDamaged, path, failure.Message),
        NotADatabase => UserMessage.Of(MessageCode.DatabaseNotOurs, path),
        _ => null,
    };

    /// <param name="place">Card and day, or table and row.</param>
    public static UserException Damaged(string path, string place, string what) =>
        new(UserMessage.Of(MessageCode.DatabaseDamaged, path, place, what));
}
