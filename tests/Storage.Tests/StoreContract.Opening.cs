using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>Opening, locks, and readers beside a writer.</summary>
public abstract partial class StoreContract
{
    [TestMethod]
    public async Task Read_ACenterNeverSeen_IsEmpty()
    {
        await using var store = await OpenAsync(_folder.File());

        Assert.AreEqual(0, (await store.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count);
        Assert.IsEmpty((await store.ReadFactsAsync(Wuhan, Instants.Never, Token)).Devices);
        Assert.IsEmpty(await store.ReadDirtyAsync(Wuhan, Token));
        Assert.IsEmpty(await store.ReadCardDaysAsync(Wuhan, new(2026, 1, 1), new(2027, 1, 1), Instants.Never, Token));
    }

    [TestMethod]
    public async Task Open_ASecondWriter_IsToldThatTheDatabaseIsLocked()
    {
        await using var first = await OpenAsync(_folder.File());

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(_folder.File()));
        await using var reader = await OpenAsync(_folder.File(), readOnly: true);

        Assert.AreEqual(MessageCode.DatabaseLocked, failure.Messages[0].Code);
        Assert.AreEqual(0, (await reader.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count);
    }

    [TestMethod]
    public async Task Open_ToReadWhatIsNotThere_SaysSo()
    {
        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(_folder.File(), readOnly: true));

        Assert.AreEqual(MessageCode.FileMissing, failure.Messages[0].Code);
    }

    [TestMethod]
    public async Task Open_InAFolderThatIsNone_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.File("note.txt"), "x", Token);

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(Path.Combine(_folder.File("note.txt"), "headroom.db")));

        Assert.AreEqual(MessageCode.FolderUnwritable, failure.Messages[0].Code);
    }

    [TestMethod]
    public async Task Open_AFileOfSomeoneElse_IsRefusedAndLeftAlone()
    {
        var text = string.Concat(Enumerable.Repeat("this is a letter, not a database\n", 100));
        await File.WriteAllTextAsync(_folder.File(), text, Token);

        var failure = await Assert.ThrowsExactlyAsync<UserException>(() => OpenAsync(_folder.File()));

        Assert.AreEqual(MessageCode.DatabaseNotOurs, failure.Messages[0].Code);
        Assert.AreEqual(text, await File.ReadAllTextAsync(_folder.File(), Token));
    }

    [TestMethod]
    public async Task Read_WhileOthersAppend_SeesWholeBatches()
    {
        await using var store = await OpenAsync(_folder.File());
        await using var reader = await OpenAsync(_folder.File(), readOnly: true);
        var writing = Task.Run(
            async () =>
            {
                for (var batch = 0; batch < 60; batch++)
                {
                    await AppendAsync(store, new(0, [.. Enumerable.Range(0, 10).Select(i => new Row("GPU-1", Noon + (((batch * 10) + i) * 1_000L), i))]));
                    if (batch % 20 == 19)
                    {
                        await PackAsync(store);
                    }
                }
            },
            Token);
        while (!writing.IsCompleted)
        {
            foreach (var source in (IStore[])[store, reader])
            {
                var count = (await source.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count;
                Assert.AreEqual(0, count % 10);
            }

            await Task.Yield();
        }

        await writing;
        Assert.AreEqual(600, (await reader.ReadSamplesAsync(Wuhan, new("GPU-1"), Ever, Token)).Count);
    }
}
