using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Sqlite;

/// <summary>Large batches go straight into blocks; what they leave is what small ones leave.</summary>
[TestClass]
public sealed class LargeBatchTests
{
    private static readonly CenterId Wuhan = new("wuhan");
    private static readonly SourceNote Source = new("usage.csv", "csv", Simulated: false, Rejects: null);
    private static readonly long Midnight = SentGen.Midnight;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public async Task Append_RowsInAnyOrderSplitAndRepetition_LeaveWhatTheOracleSaysAndOneHash(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 90_000).Select(_ => AnyRow(random)).ToArray();
        var oracle = new Oracle();
        oracle.Append(new(0, rows));
        using var folder = new StoreFolder();
        await using var large = await OpenAsync(folder.File("large.db"));
        await using var small = await OpenAsync(folder.File("small.db"));
        foreach (var piece in rows.Chunk(40_000).Append(rows[..50_000]))
        {
            await large.AppendAsync(Wuhan, new Sent(0, piece).ToBatch(), Source, Token);
        }

        random.Shuffle(rows);
        foreach (var piece in rows.Chunk(7_000))
        {
            await small.AppendAsync(Wuhan, new Sent(0, piece).ToBatch(), Source, Token);
            await small.SealAsync(Wuhan, Token);
        }

        foreach (var device in oracle.Devices)
        {
            var expected = oracle.Samples(device, Window.Always);
            var actual = await large.ReadSamplesAsync(Wuhan, new(device), Window.Always, Token);
            CollectionAssert.AreEqual(expected.Instants, actual.Instants);
            CollectionAssert.AreEqual(expected.UsePpm, actual.UsePpm);
            CollectionAssert.AreEqual(expected.PowerMilliwatts, actual.PowerMilliwatts);
        }

        Assert.AreEqual(await small.ContentHashAsync(Token), await large.ContentHashAsync(Token));
        Assert.IsEmpty(await large.VerifyAsync(Token));
        Assert.IsEmpty(await small.VerifyAsync(Token));
        await AssertPartsAsync(large, oracle);
        await AssertPartsAsync(small, oracle);
    }

    // The readers for sums see the same winning view, each instant once.
    private async Task AssertPartsAsync(SqliteStore store, Oracle oracle)
    {
        var window = new Window(Midnight - Micros.PerHour, Midnight + (20 * Micros.PerHour));
        var parts = new Dictionary<string, SortedDictionary<long, int>>();
        await store.ReadUtilizationAsync(
            Wuhan,
            window,
            (device, instants, use) =>
            {
                var known = parts.TryGetValue(device.Value, out var rows) ? rows : parts[device.Value] = [];
                for (var i = 0; i < instants.Length; i++)
                {
                    known.Add(instants[i], use[i]);
                }
            },
            Token);
        var whole = new Dictionary<string, (long[] Instants, int[] Use, int[] Power)>();
        await store.ReadUseAsync(Wuhan, window, withPower: true, (device, samples) => whole.Add(device.Value, (samples.Instants, samples.UsePpm, samples.PowerMilliwatts)), Token);
        foreach (var device in oracle.Devices)
        {
            var expected = oracle.Samples(device, window);
            CollectionAssert.AreEqual(expected.Instants, parts[device].Keys.ToArray());
            CollectionAssert.AreEqual(expected.UsePpm, parts[device].Values.ToArray());
            CollectionAssert.AreEqual(expected.Instants, whole[device].Instants);
            CollectionAssert.AreEqual(expected.UsePpm, whole[device].Use);
            CollectionAssert.AreEqual(expected.PowerMilliwatts, whole[device].Power);
        }
    }

    private static Row AnyRow(Random random) => new(
        $"GPU-{random.Next(5)}",
        Midnight + ((random.Next(9_000) - 2_000) * 15 * Micros.PerSecond),
        random.Next(10) == 0 ? null : random.Next(101) * 10_000,
        Power: random.Next(4) == 0 ? null : random.Next(3_000) * 100);

    private Task<SqliteStore> OpenAsync(string path) => SqliteStore.OpenAsync(new() { Path = path }, TimeProvider.System, Token);
}
