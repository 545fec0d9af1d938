namespace Headroom.Storage;

/// <summary>How a store is opened.</summary>
public sealed class StoreOptions
{
    /// <summary>The database file. Created when it does not exist and <see cref="ReadOnly"/> is false.</summary>
    public required string Path { get; init; }

    /// <summary>True: many may read at once; nothing can be appended.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How long a second writer waits for the first. Unit: seconds. Range: 0 to 600.</summary>
    public int LockWaitSeconds { get; init; } = 5;

    /// <summary>False: an older file is migrated without a copy beside it, since it is a copy itself.</summary>
    internal bool KeepBeforeMigration { get; init; } = true;
}
