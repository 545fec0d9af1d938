using Headroom.Storage.CrashWriter;

namespace Headroom.Storage.Tests.Durability;

/// <summary>The log cut or garbled where a loss of power could leave it: what was acknowledged is there; cut earlier, the store is what it was at some acknowledgment.</summary>
[TestClass]
public sealed class PowerLossTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Log_CutOrGarbledAnywhere_IsSomePrefixAndNothingAcknowledgedBeforeItIsLost()
    {
        const int batches = 60;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new StoreFolder();
        var (hashes, lengths) = (new List<string>(), new List<long>());
        byte[] database, wal;
        await using (var store = await Told.OpenAsync(folder.File()))
        {
            hashes.Add(await store.ContentHashAsync(Token));
            lengths.Add(Wal(folder.File()).LongLength);
            for (var number = 0; number < batches; number++)
            {
                await store.AppendAsync(CrashBatches.Center, CrashBatches.Samples(number), CrashBatches.Source, Token);
                hashes.Add(await store.ContentHashAsync(Token));
                lengths.Add(WalFile.CommittedLength(Wal(folder.File())));
                if (number % 9 == 8)
                {
                    await store.SealAsync(CrashBatches.Center, Token);
                    lengths[^1] = Math.Max(lengths[^1], lengths[^2]);
                }
            }

            (database, wal) = (Shared(folder.File()), Wal(folder.File()));
        }

        Assert.IsTrue(lengths.Zip(lengths.Skip(1)).All(pair => pair.First < pair.Second), "the log only grew: no part of it was in the file yet");
        var (cuts, garbled) = (0, 0);
        for (var round = 0; round < 80; round++)
        {
            // Half of them right around an acknowledgment, where mistakes would be.
            var at = round % 2 == 0 ? random.NextInt64(wal.Length + 1) : Math.Clamp(lengths[random.Next(lengths.Count)] + random.Next(-3, 4), 0, wal.Length);
            var left = wal[..(int)at];
            if (round % 3 == 0)
            {
                var noise = new byte[wal.Length - at];
                random.NextBytes(noise);
                left = [.. left, .. noise];
                garbled++;
            }
            else
            {
                cuts++;
            }

            var path = folder.File($"lost-{round}.db");
            await File.WriteAllBytesAsync(path, database, Token);
            await File.WriteAllBytesAsync(path + "-wal", left, Token);
            await using var survivor = await Told.OpenAsync(path);
            var prefix = hashes.IndexOf(await survivor.ContentHashAsync(Token));
            var acknowledged = lengths.FindLastIndex(length => length <= at);
            Assert.IsGreaterThanOrEqualTo(0, prefix, $"seed {seed}, round {round}: no prefix");
            Assert.IsGreaterThanOrEqualTo(acknowledged, prefix, $"seed {seed}, round {round}: cut at {at} of {wal.Length}");
            Assert.IsLessThanOrEqualTo(acknowledged + 1, prefix, $"seed {seed}, round {round}: more than was there");
            Assert.IsEmpty(await survivor.VerifyAsync(Token));
            for (var number = 0; number < batches; number++)
            {
                await survivor.AppendAsync(CrashBatches.Center, CrashBatches.Samples(number), CrashBatches.Source, Token);
            }

            Assert.AreEqual(hashes[^1], await survivor.ContentHashAsync(Token), "sent again, it is whole");
        }

        TestContext.WriteLine($"{cuts} cuts and {garbled} garbled ends of a log of {wal.Length} bytes and {batches} acknowledgments (seed {seed}): 0 lost, each some prefix, each whole after sending again");
    }

    [TestMethod]
    public async Task Log_CutAfterManyCheckpoints_LosesNothingAcknowledged()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new StoreFolder();
        var rounds = 0;
        await using var store = await Told.OpenAsync(folder.File());
        for (var number = 0; number < 40; number++)
        {
            // Large batches: the log is emptied every few of them.
            await store.AppendAsync(CrashBatches.Center, Told.Minutes(number * 4_000, (number + 1) * 4_000, cards: 12), CrashBatches.Source, Token);
            if (number % 4 != 3)
            {
                continue;
            }

            var (database, wal, hash) = (Shared(folder.File()), Wal(folder.File()), await store.ContentHashAsync(Token));
            var committed = (int)WalFile.CommittedLength(wal);
            var noise = new byte[random.Next(1, 20_000)];
            random.NextBytes(noise);
            foreach (var left in (byte[][])[wal[..committed], [.. wal[..committed], .. noise]])
            {
                var path = folder.File($"lost-{rounds++}.db");
                await File.WriteAllBytesAsync(path, database, Token);
                await File.WriteAllBytesAsync(path + "-wal", left, Token);
                await using var survivor = await Told.OpenAsync(path);
                Assert.AreEqual(hash, await survivor.ContentHashAsync(Token), $"seed {seed}, after batch {number}");
                Assert.IsEmpty(await survivor.VerifyAsync(Token));
            }
        }

        TestContext.WriteLine($"{rounds} ends of logs between checkpoints: 0 lost");
    }

    // The store has both open; on Windows too they may be read.
    private static byte[] Shared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Wal(string path) => Shared(path + "-wal");
}
