using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite;
using Headroom.Storage.Sqlite.Backups;

namespace Headroom.Storage.Tests.Durability;

[TestClass]
public sealed class BackupTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task BackUp_WhileBatchesComeIn_IsAPrefixOfWhatWasAcknowledged()
    {
        using var folder = new StoreFolder();
        const int batches = 120;
        await using var store = await Told.OpenAsync(folder.File());
        await using var reader = await OpenToReadAsync(store, folder.File());
        var (acknowledged, hashes) = (0, new List<string>());
        var writing = Task.Run(
            async () =>
            {
                for (var batch = 0; batch < batches; batch++)
                {
                    await store.AppendAsync(Told.Center.Id, Told.Minutes(batch * 60, (batch + 1) * 60), Told.Source, Token);
                    Volatile.Write(ref acknowledged, batch + 1);
                    if (batch % 25 == 24)
                    {
                        await store.SealAsync(Told.Center.Id, Token);
                    }
                }
            },
            Token);
        for (var number = 0; !writing.IsCompleted; number++)
        {
            var before = Volatile.Read(ref acknowledged);
            var backup = await reader.BackUpAsync(folder.File($"backup-{number}.db"), overwrite: false, Token);
            var after = Volatile.Read(ref acknowledged);

            await using var copy = await Told.OpenAsync(backup.File, readOnly: true);
            var minutes = (await copy.ReadSamplesAsync(Told.Center.Id, new("GPU-1"), Window.Always, Token)).Count;
            Assert.AreEqual(0, minutes % 60, "whole batches");
            Assert.IsTrue(minutes / 60 >= before && minutes / 60 <= after + 1, $"{before} <= {minutes / 60} <= {after} + 1");
            Assert.IsEmpty(await copy.VerifyAsync(Token));
            Assert.AreEqual(backup.ContentHash, await copy.ContentHashAsync(Token));
            hashes.Add(backup.ContentHash);
        }

        await writing;
        await using var calm = await Told.OpenAsync(folder.File("calm.db"));
        var prefixes = new HashSet<string> { await calm.ContentHashAsync(Token) };
        for (var batch = 0; batch < batches; batch++)
        {
            await calm.AppendAsync(Told.Center.Id, Told.Minutes(batch * 60, (batch + 1) * 60), Told.Source, Token);
            prefixes.Add(await calm.ContentHashAsync(Token));
        }

        Assert.IsNotEmpty(hashes);
        Assert.IsTrue(hashes.TrueForAll(prefixes.Contains), "each backup is some prefix");
        Assert.IsEmpty(Directory.GetFiles(Path.GetDirectoryName(folder.File())!, "backup-*.partial*"));
        TestContext.WriteLine($"{hashes.Count} backups during {batches} batches, {hashes.Distinct().Count()} different");
    }

    [TestMethod]
    public async Task BackUp_OverAFileThatIsThere_IsRefusedUnlessAsked()
    {
        using var folder = new StoreFolder();
        await using var store = await Told.OpenAsync(folder.File());
        await File.WriteAllTextAsync(folder.File("b.db"), "mine", Token);

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => store.BackUpAsync(folder.File("b.db"), overwrite: false, Token));
        Assert.AreEqual(MessageCode.BackupExists, failure.Messages[0].Code);
        Assert.AreEqual("mine", await File.ReadAllTextAsync(folder.File("b.db"), Token));

        var backup = await store.BackUpAsync(folder.File("b.db"), overwrite: true, Token);
        Assert.AreEqual(await store.ContentHashAsync(Token), backup.ContentHash);
    }

    [TestMethod]
    public async Task BackUp_OfADamagedStore_NamesTheFaultAndLeavesNoFile()
    {
        using var folder = new StoreFolder();
        await FillAsync(folder.File(), 600);
        Told.Flip(folder.File(), "block", "use", 1, length => length - 10);
        await using var store = await Told.OpenAsync(folder.File());

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => store.BackUpAsync(folder.File("b.db"), overwrite: false, Token));

        Assert.AreEqual(MessageCode.BackupDamaged, failure.Messages[0].Code);
        Assert.StartsWith("wuhan/GPU-", failure.Messages[0].Arguments[0], StringComparison.Ordinal);
        Assert.IsFalse(File.Exists(folder.File("b.db")));
        Assert.IsFalse(File.Exists(folder.File("b.db.partial")));
    }

    [TestMethod]
    public async Task Restore_IntoNothing_GivesTheSameStore()
    {
        using var folder = new StoreFolder();
        var hash = await FillAsync(folder.File(), 600);
        await BackUpAsync(folder.File(), folder.File("b.db"));

        var restored = await RestoreAsync(folder.File("new.db"), folder.File("b.db"), force: false);

        Assert.AreEqual(hash, restored.ContentHash);
        Assert.IsNull(restored.SetAside);
        await using var store = await Told.OpenAsync(folder.File("new.db"));
        Assert.AreEqual(hash, await store.ContentHashAsync(Token));
        Assert.AreEqual(1, (await store.AppendAsync(Told.Center.Id, Told.Minutes(600, 601, cards: 1), Told.Source, Token)).New, "it goes on from there");
    }

    [TestMethod]
    public async Task Restore_OverData_IsRefusedUntilForcedAndKeepsTheOldOne()
    {
        using var folder = new StoreFolder();
        await FillAsync(folder.File("other.db"), 60);
        await BackUpAsync(folder.File("other.db"), folder.File("b.db"));
        var old = await FillAsync(folder.File(), 600);

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => RestoreAsync(folder.File(), folder.File("b.db"), force: false));
        Assert.AreEqual(MessageCode.RestoreNotEmpty, failure.Messages[0].Code);

        var restored = await RestoreAsync(folder.File(), folder.File("b.db"), force: true);
        await using (var store = await Told.OpenAsync(folder.File()))
        {
            Assert.AreEqual(restored.ContentHash, await store.ContentHashAsync(Token));
        }

        await using var aside = await Told.OpenAsync(restored.SetAside!);
        Assert.AreEqual(old, await aside.ContentHashAsync(Token));
    }

    [TestMethod]
    public async Task Restore_ADamagedBackup_TouchesNothing()
    {
        using var folder = new StoreFolder();
        var old = await FillAsync(folder.File(), 600);
        await BackUpAsync(folder.File(), folder.File("b.db"));
        Told.Flip(folder.File("b.db"), "block", "others", 1, length => length - 10);

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => RestoreAsync(folder.File(), folder.File("b.db"), force: true));

        Assert.AreEqual((MessageCode.BackupDamaged, folder.File("b.db")), (failure.Messages[0].Code, failure.Messages[0].Place));
        await using var store = await Told.OpenAsync(folder.File());
        Assert.AreEqual(old, await store.ContentHashAsync(Token));
        Assert.IsEmpty(Directory.GetFiles(Path.GetDirectoryName(folder.File())!, "*.restoring*"));
    }

    [TestMethod]
    public async Task Restore_WhileAWriterIsAtWork_IsRefused()
    {
        using var folder = new StoreFolder();
        await FillAsync(folder.File(), 60);
        await BackUpAsync(folder.File(), folder.File("b.db"));
        await using var writer = await Told.OpenAsync(folder.File());

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => RestoreAsync(folder.File(), folder.File("b.db"), force: true));

        Assert.AreEqual(MessageCode.DatabaseLocked, failure.Messages[0].Code);
    }

    [TestMethod]
    [DataRow("nothing there", MessageCode.FileMissing, DisplayName = "a file that is not there")]
    [DataRow("a letter", MessageCode.DatabaseNotOurs, DisplayName = "a file of someone else")]
    public async Task Restore_WhatIsNoBackup_SaysSo(string what, MessageCode expected)
    {
        using var folder = new StoreFolder();
        if (what == "a letter")
        {
            await File.WriteAllTextAsync(folder.File("b.db"), string.Concat(Enumerable.Repeat("this is a letter\n", 200)), Token);
        }

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => RestoreAsync(folder.File(), folder.File("b.db"), force: false));

        Assert.AreEqual(expected, failure.Messages[0].Code);
    }

    private async Task<string> FillAsync(string path, int minutes)
    {
        await using var store = await Told.OpenAsync(path);
        await store.AppendAsync(Told.Center.Id, Told.Minutes(0, minutes), Told.Source, Token);
        await store.SealAsync(Told.Center.Id, Token);
        return await store.ContentHashAsync(Token);
    }

    private async Task BackUpAsync(string path, string file)
    {
        await using var store = await Told.OpenAsync(path, readOnly: true);
        await store.BackUpAsync(file, overwrite: false, Token);
    }

    private Task<RestoreReceipt> RestoreAsync(string path, string backup, bool force) =>
        Restorer.RestoreAsync(new() { Path = path, LockWaitSeconds = 0 }, backup, force, TimeProvider.System, Token);

    // A file that holds nothing yet cannot be opened to read before its writer made it.
    private static Task<SqliteStore> OpenToReadAsync(SqliteStore writer, string path)
    {
        Assert.IsNotNull(writer);
        return Told.OpenAsync(path, readOnly: true);
    }
}
