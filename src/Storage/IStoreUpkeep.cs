using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Storage;

/// <summary>What keeps a store in good order: copies, retention, room. One implementation per engine that has its own files.</summary>
public interface IStoreUpkeep
{
    /// <summary>Copies the store as it is at one moment into a file, while others read and one writes; the copy is checked before it gets its name.</summary>
    /// <param name="overwrite">False: a file of that name is left alone.</param>
    /// <exception cref="Domain.Messages.UserException">The file is there already, cannot be written, or the copy is not as it was written: then there is no file.</exception>
    Task<BackupReceipt> BackUpAsync(string file, bool overwrite, CancellationToken cancellationToken);

    /// <summary>Looks at the checksums of samples inside a window and makes the time of those that are damaged dirty: computed again, it is unknown.</summary>
    /// <returns>How many pieces of samples are damaged.</returns>
    Task<int> MarkDamagedAsync(CenterId center, Window window, CancellationToken cancellationToken);

    /// <summary>Removes what a center no longer keeps, joins small blocks, and gives the room back. What is left reads as before.</summary>
    /// <remarks>Raw samples of a day with dirty time stay: bring card-hours up to date first. Each step is a transaction of its own; a kill between two loses nothing.</remarks>
    Task<CompactReceipt> CompactAsync(CenterId center, RetentionCut cut, CancellationToken cancellationToken);
}

/// <param name="Bytes">Size of the file.</param>
/// <param name="ContentHash">Of the copy.</param>
/// <param name="Recorded">Newest batch in the copy. Unit: microseconds since the Unix epoch; the least long: none.</param>
public sealed record BackupReceipt(string File, long Bytes, string ContentHash, long Recorded);

/// <param name="SetAside">Where the database that was there before is now; null: there was none.</param>
public sealed record RestoreReceipt(string ContentHash, long Recorded, string? SetAside);

/// <param name="RawRows">Samples removed. Unit: rows.</param>
/// <param name="RawDays">UTC days whose samples were removed.</param>
/// <param name="FiveMinuteDays">Local days whose steps of five minutes were removed.</param>
/// <param name="HourlyDays">Local days whose card-hours were removed.</param>
/// <param name="DailyDays">Local days whose daily sums were removed.</param>
/// <param name="BlocksJoined">Small blocks that became part of larger ones.</param>
public sealed record CompactReceipt(long RawRows, int RawDays, int FiveMinuteDays, int HourlyDays, int DailyDays, int BlocksJoined, long BytesBefore, long BytesAfter);
