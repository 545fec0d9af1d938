using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Durability;

/// <summary>A flipped byte is found and named, the rest stays readable, the time that is lost is unknown, and files sent again heal it.</summary>
[TestClass]
public sealed class DamageTests
{
    private const int Day = 24 * 60;

    private readonly SetClock _clock = new(Told.Start + (5 * Micros.PerDay));

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task CardHours_OfADamagedChunk_AreUnknownUntilItsFileComesAgain()
    {
        using var folder = new StoreFolder();
        string hash;
        IReadOnlyList<CardDay> whole;
        await using (var store = await Told.OpenAsync(folder.File(), _clock))
        {
            await store.AppendAsync(Told.Center.Id, Told.Minutes(0, 3 * Day), Told.Source, Token);
            await store.SealAsync(Told.Center.Id, Token);
            hash = await store.ContentHashAsync(Token);
            whole = await new CardHourKeeper(store, _clock).ReadAsync(Told.Center, Told.Catalog, Told.FirstDay, Told.FirstDay.AddDays(3), Instants.Never, Token);
        }

        // The last segment of the second day: GPU-3.
        Told.Flip(folder.File(), "block", "use", 2, length => length - 10);

        await using var damaged = await Told.OpenAsync(folder.File(), _clock);
        var fault = (await damaged.VerifyAsync(Token)).Single();
        Assert.AreEqual("wuhan/GPU-3 2026-03-02", fault.Place);
        var keeper = new CardHourKeeper(damaged, _clock);
        await keeper.UpdateAsync(Told.Center, Told.Catalog, null, Token);
        Assert.AreEqual(1, await damaged.MarkDamagedAsync(Told.Center.Id, Window.Always, Token));
        Assert.AreEqual(0, await damaged.MarkDamagedAsync(Told.Center.Id, new(Told.Start, Told.Start + Micros.PerDay), Token), "the day before");
        Assert.IsGreaterThan(0, await keeper.UpdateAsync(Told.Center, Told.Catalog, null, Token), "no exception for the whole");
        var computed = await damaged.ReadCardDaysAsync(Told.Center.Id, Told.FirstDay, Told.FirstDay.AddDays(3), Instants.Never, Token);
        foreach (var (expected, actual) in whole.Zip(computed))
        {
            if (expected.Device.Value == "GPU-3" && expected.Day == Told.FirstDay.AddDays(1))
            {
                Assert.AreEqual(24 * Micros.PerHour, actual.Hours.Sum(hour => hour.Cells.Installed));
                Assert.IsGreaterThan(23 * Micros.PerHour, actual.Hours.Sum(hour => hour.Cells.UseUnknown), "all but the reach of a neighboring sample");
            }
            else if (expected.Device.Value != "GPU-3")
            {
                Assert.AreEqual(expected, actual);
            }
        }

        await damaged.AppendAsync(Told.Center.Id, Told.Minutes(Day, 2 * Day), Told.Source, Token);
        await keeper.UpdateAsync(Told.Center, Told.Catalog, null, Token);
        CollectionAssert.AreEqual(whole.ToList(), (await damaged.ReadCardDaysAsync(Told.Center.Id, Told.FirstDay, Told.FirstDay.AddDays(3), Instants.Never, Token)).ToList());
        await damaged.CompactAsync(Told.Center.Id, RetentionCut.Nothing, Token);
        Assert.IsEmpty(await damaged.VerifyAsync(Token), "what was damaged is gone once it came again");
        Assert.AreEqual(hash, await damaged.ContentHashAsync(Token));
    }

    [TestMethod]
    [DataRow("use", DisplayName = "instants and utilization")]
    [DataRow("others", DisplayName = "the other gauges")]
    public async Task Verify_AnyByteOfABlockFlipped_IsFoundAndNamesCardAndDay(string column)
    {
        using var folder = new StoreFolder();
        int length;
        await using (var store = await Told.OpenAsync(folder.File(), _clock))
        {
            await store.AppendAsync(Told.Center.Id, Told.Minutes(0, 300), Told.Source, Token);
            await store.SealAsync(Told.Center.Id, Token);
        }

        await using (var connection = Told.Connect(folder.File()))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT length({column}) FROM block";
            length = (int)(long)command.ExecuteScalar()!;
        }

        var random = new Random(4);
        var places = Enumerable.Range(0, Math.Min(12, length)).Concat(Enumerable.Range(0, 40).Select(_ => random.Next(length))).Distinct().ToList();
        foreach (var place in places)
        {
            Told.Flip(folder.File(), "block", column, 1, _ => place);
            await using (var store = await Told.OpenAsync(folder.File(), _clock, readOnly: true))
            {
                var faults = await store.VerifyAsync(Token);
                Assert.IsNotEmpty(faults, $"byte {place} of {length}");
                Assert.IsTrue(faults.All(fault => fault.Place.StartsWith("wuhan/GPU-", StringComparison.Ordinal) && fault.Place.EndsWith(" 2026-03-01", StringComparison.Ordinal)), faults[0].Place);
                await new CardHourKeeper(store, _clock).ReadAsync(Told.Center, Told.Catalog, Told.FirstDay, Told.FirstDay.AddDays(1), Instants.Never, Token);
            }

            Told.Flip(folder.File(), "block", column, 1, _ => place);
        }

        TestContext.WriteLine($"{places.Count} bytes of {length} flipped, all found");
    }

    [TestMethod]
    public async Task StagedBatch_Damaged_IsLeftOutAndKept()
    {
        using var folder = new StoreFolder();
        await using (var store = await Told.OpenAsync(folder.File(), _clock))
        {
            await store.AppendAsync(Told.Center.Id, Told.Minutes(0, 100), Told.Source, Token);
            await store.AppendAsync(Told.Center.Id, Told.Minutes(100, 200), Told.Source, Token);
        }

        Told.Flip(folder.File(), "staged", "data", 1, length => length / 2);

        await using var damaged = await Told.OpenAsync(folder.File(), _clock);
        Assert.AreEqual(100, (await damaged.ReadSamplesAsync(Told.Center.Id, new("GPU-2"), Window.Always, Token)).Count, "the other batch is read");
        await damaged.SealAsync(Told.Center.Id, Token);
        var faults = await damaged.VerifyAsync(Token);
        CollectionAssert.AreEqual(new[] { "wuhan/GPU-1", "wuhan/GPU-2", "wuhan/GPU-3" }, faults.Select(fault => fault.Place).ToArray());
        Assert.IsTrue(faults.All(fault => fault.Kind == FaultKind.Staged && fault.Detail.StartsWith("staged batch 1: ", StringComparison.Ordinal)), faults[0].Detail);
        Assert.AreEqual(300, (await damaged.AppendAsync(Told.Center.Id, Told.Minutes(0, 100), Told.Source, Token)).New);
        Assert.AreEqual(200, (await damaged.ReadSamplesAsync(Told.Center.Id, new("GPU-2"), Window.Always, Token)).Count);
    }
}
