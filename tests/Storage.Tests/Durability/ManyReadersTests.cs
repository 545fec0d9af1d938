using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;

namespace Headroom.Storage.Tests.Durability;

/// <summary>Any number read while one writes; nobody ever hears of a busy database.</summary>
[TestClass]
public sealed class ManyReadersTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Readers_BesideAWriterThatSealsComputesAndCompacts_SeeWholeBatchesAndNoFailure()
    {
        const int batches = 150;
        using var folder = new StoreFolder();
        var clock = new SetClock(Told.Start + (30 * Micros.PerDay));
        await using var store = await Told.OpenAsync(folder.File(), clock);
        await store.AppendAsync(Told.Center.Id, Told.Minutes(0, 60), Told.Source, Token);
        var writing = Task.Run(
            async () =>
            {
                for (var batch = 1; batch < batches; batch++)
                {
                    await store.AppendAsync(Told.Center.Id, Told.Minutes(batch * 60, (batch + 1) * 60), Told.Source, Token);
                    switch (batch % 15)
                    {
                        case 4:
                            await store.SealAsync(Told.Center.Id, Token);
                            break;
                        case 9:
                            await new CardHourKeeper(store, clock).UpdateAsync(Told.Center, Told.Catalog, null, Token);
                            break;
                        case 14:
                            await store.CompactAsync(Told.Center.Id, RetentionCut.Nothing, Token);
                            break;
                        default:
                            break;
                    }
                }
            },
            Token);
        var reads = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(
            async () =>
            {
                var (seen, count) = (0, 0);
                while (!writing.IsCompleted)
                {
                    // Some keep their store open, some come and go.
                    await using var reader = await Told.OpenAsync(folder.File(), clock, readOnly: true);
                    for (var again = 0; again <= number && !writing.IsCompleted; again++)
                    {
                        var minutes = (await reader.ReadSamplesAsync(Told.Center.Id, new($"GPU-{1 + (number % 3)}"), Window.Always, Token)).Count;
                        Assert.AreEqual(0, minutes % 60);
                        Assert.IsGreaterThanOrEqualTo(seen, minutes, "nothing that was seen goes away");
                        seen = minutes;
                        await reader.ReadCardDaysAsync(Told.Center.Id, Told.FirstDay, Told.FirstDay.AddDays(7), Instants.Never, Token);
                        await reader.ReadDirtyAsync(Told.Center.Id, Token);
                        count++;
                    }
                }

                return count;
            },
            Token)));
        await writing;

        Assert.AreEqual(batches * 60, (await store.ReadSamplesAsync(Told.Center.Id, new("GPU-1"), Window.Always, Token)).Count);
        Assert.IsEmpty(await store.VerifyAsync(Token));
        TestContext.WriteLine($"8 readers made {reads.Sum()} rounds of reads beside {batches} batches, no failure");
    }

    [TestMethod]
    public async Task SecondWriter_IsToldThatTheDatabaseIsLocked_AndGetsItsTurnAfterwards()
    {
        using var folder = new StoreFolder();
        var first = await Told.OpenAsync(folder.File());
        for (var again = 0; again < 20; again++)
        {
            var failure = await Assert.ThrowsExactlyAsync<UserException>(() => Told.OpenAsync(folder.File()));
            Assert.AreEqual(MessageCode.DatabaseLocked, failure.Messages[0].Code);
            await first.AppendAsync(Told.Center.Id, Told.Minutes(again, again + 1), Told.Source, Token);
        }

        var waiting = Told.OpenAsync(folder.File(), wait: 30);
        await first.DisposeAsync();
        await using var second = await waiting;
        Assert.AreEqual(20, (await second.ReadSamplesAsync(Told.Center.Id, new("GPU-1"), Window.Always, Token)).Count);
    }

    [TestMethod]
    public async Task Log_WhileAReaderStays_GrowsAndIsShortAgainAfterwards()
    {
        using var folder = new StoreFolder();
        await using var store = await Told.OpenAsync(folder.File());
        await store.AppendAsync(Told.Center.Id, Told.Minutes(0, 10), Told.Source, Token);
        using (var staying = Told.Connect(folder.File()))
        {
            using var command = staying.CreateCommand();
            command.CommandText = "BEGIN; SELECT COUNT(*) FROM staged;";
            command.ExecuteScalar();
            await GrowAsync(0);
        }

        var grown = new FileInfo(folder.File() + "-wal").Length;
        await GrowAsync(100);
        Assert.IsGreaterThan(12L << 20, grown);
        Assert.IsLessThan(12L << 20, new FileInfo(folder.File() + "-wal").Length);
        Assert.IsEmpty(await store.VerifyAsync(Token));
        TestContext.WriteLine($"log of {grown} bytes while a reader stayed, {new FileInfo(folder.File() + "-wal").Length} afterwards");

        async Task GrowAsync(int from)
        {
            for (var report = from; report < from + 20; report++)
            {
                await store.KeepIssuedAsync(Told.Center.Id, $"report {report}", new string('x', 1 << 20), Token);
            }
        }
    }
}
