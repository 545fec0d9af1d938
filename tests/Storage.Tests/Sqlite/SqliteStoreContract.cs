using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Sqlite;

[TestClass]
public sealed class SqliteStoreContract : StoreContract
{
    private protected override async Task<IStore> OpenAsync(string path, bool readOnly = false) =>
        await SqliteStore.OpenAsync(new() { Path = path, ReadOnly = readOnly, LockWaitSeconds = 0 }, Clock, TestContext.CancellationToken);

    private protected override Task PackAsync(IStore store) => ((SqliteStore)store).SealAsync(Wuhan, TestContext.CancellationToken);
}
