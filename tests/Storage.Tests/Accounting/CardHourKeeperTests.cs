using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Accounting;

/// <summary>The keeper over a store gives what the accountant gives, in whatever order things became known.</summary>
[TestClass]
public sealed class CardHourKeeperTests
{
    private static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("wuhan")) with { Zone = "Asia/Shanghai" };
    private static readonly SourceNote Source = new("test", "csv", Simulated: true, Rejects: null);
    private static readonly DateOnly First = new(2026, 3, 1);
    private static readonly DateOnly End = new(2026, 3, 5);
    private static readonly long Start = Center.Clock().Day(First).From;
    private static readonly CardCatalog Catalog = new(
        [new("Huawei", "Ascend 910A", [], DeviceKind.Card, 256_000_000, null, 32_768, 310_000, 1, "test", First, Certain: true)]);

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Update_EverythingAtOnce_IsWhatTheAccountantSays()
    {
        using var folder = new StoreFolder();
        var clock = new StandingClock(Start + (6 * Micros.PerDay));
        await using var store = await OpenAsync(folder, clock);
        foreach (var piece in Pieces())
        {
            await piece(store, Token);
        }

        var keeper = new CardHourKeeper(store, clock);
        var computed = await keeper.UpdateAsync(Center, Catalog, null, Token);
        var stored = await store.ReadCardDaysAsync(Center.Id, First, End, Instants.Never, Token);

        Assert.IsGreaterThan(0, computed);
        Assert.IsNotEmpty(stored);
        var direct = await DirectAsync(store, clock);
        CollectionAssert.AreEqual(direct, Filled(await keeper.ReadAsync(Center, Catalog, First, End, Instants.Never, Token)));
        Assert.IsTrue(Filled(stored).TrueForAll(direct.Contains), "what is stored is what the accountant says");
        await AssertRollUpsAsync(store);
        Assert.AreEqual(0, await keeper.UpdateAsync(Center, Catalog, null, Token), "nothing stays dirty of days that are over");
        Assert.IsTrue(direct.SelectMany(day => day.Hours).Any(hour => hour.SilentZero > 0) && direct.SelectMany(day => day.Hours).Any(hour => hour.Tenants.Length > 0), "the case has something to say");
    }

    [TestMethod]
    public void Update_AfterEachPieceInAnyOrder_EndsAsIfAllHadComeFirst()
    {
        var expected = ExpectedAsync().GetAwaiter().GetResult();
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var actual = PieceByPieceAsync(new Random(seed)).GetAwaiter().GetResult();
            CollectionAssert.AreEqual(expected, actual);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private async Task<List<CardDay>> ExpectedAsync()
    {
        using var folder = new StoreFolder();
        var clock = new StandingClock(Start + (6 * Micros.PerDay));
        await using var store = await OpenAsync(folder, clock);
        foreach (var piece in Pieces())
        {
            await piece(store, Token);
        }

        return await DirectAsync(store, clock);
    }

    private async Task<List<CardDay>> PieceByPieceAsync(Random random)
    {
        using var folder = new StoreFolder();
        var clock = new StandingClock(Start + (6 * Micros.PerDay));
        await using var store = await OpenAsync(folder, clock);
        var keeper = new CardHourKeeper(store, clock);
        var pieces = Pieces().ToArray();
        random.Shuffle(pieces);
        foreach (var piece in pieces)
        {
            await piece(store, Token);
            await keeper.UpdateAsync(Center, Catalog, null, Token);
            if (random.Next(4) == 0)
            {
                await store.SealAsync(Center.Id, Token);
            }
        }

        await AssertRollUpsAsync(store);
        return Filled(await keeper.ReadAsync(Center, Catalog, First, End, Instants.Never, Token));
    }

    // Every roll-up against sums made here, number by number, from the card-hours; five minutes against their hours.
    private async Task AssertRollUpsAsync(SqliteStore store)
    {
        var hours = (await store.ReadCardDaysAsync(Center.Id, First.AddDays(-40), End, Instants.Never, Token)).SelectMany(day => day.Hours.Select(hour => (day.Day, Hour: hour))).ToList();
        foreach (var (grain, period) in new (RollUpGrain, Func<DateOnly, CardHour, (DateOnly, long)>)[]
        {
            (RollUpGrain.Hour, (day, hour) => (day, hour.HourStart)),
            (RollUpGrain.Day, (day, _) => (day, 0)),
            (RollUpGrain.Month, (day, _) => (new(day.Year, day.Month, 1), 0)),
        })
        {
            var expected = hours
                .GroupBy(entry => (Period: period(entry.Day, entry.Hour), Host: entry.Hour.Host ?? "", entry.Hour.Pool, entry.Hour.Model))
                .Select(group => (
                    group.Key,
                    Cells: string.Join(' ', Enumerable.Range(0, HourCells.Count).Select(cell => group.Sum(entry => entry.Hour.Cells.Micros[cell]))),
                    Energy: group.Sum(entry => entry.Hour.EnergyNanojoules),
                    Samples: group.Sum(entry => entry.Hour.Samples),
                    Uses: group.SelectMany(entry => entry.Hour.Uses.Counts).Sum(bin => bin.Percent * (long)bin.Samples)))
                .ToHashSet();
            var actual = (await RollUpsAsync(store, RollUpScope.Host, grain))
                .Select(entry => (
                    Key: (Period: (entry.Day, grain == RollUpGrain.Hour ? entry.RollUp.Start : 0), Host: entry.RollUp.Key.Name, entry.RollUp.Key.Pool, entry.RollUp.Key.Model),
                    Cells: string.Join(' ', entry.RollUp.Cells.Micros.ToArray()),
                    Energy: (long)entry.RollUp.EnergyNanojoules,
                    Samples: (int)entry.RollUp.Samples,
                    Uses: entry.RollUp.Uses.Counts.Sum(bin => bin.Percent * (long)bin.Samples)))
                .ToHashSet();
            Assert.IsTrue(expected.SetEquals(actual), $"{grain}");
            Assert.AreEqual(
                hours.SelectMany(entry => entry.Hour.Tenants).Sum(tenant => tenant.Allocated),
                (await RollUpsAsync(store, RollUpScope.Tenant, grain)).Sum(entry => entry.RollUp.Cells.Allocated));
        }

        var steps = (await RollUpsAsync(store, RollUpScope.Pool, RollUpGrain.FiveMinutes))
            .GroupBy(entry => (entry.RollUp.Key, Hour: Center.Clock().HourOf(entry.RollUp.Start).From))
            .Select(group => (group.Key, Cells: string.Join(' ', Enumerable.Range(0, HourCells.Count).Select(cell => group.Sum(entry => entry.RollUp.Cells.Micros[cell])))))
            .ToHashSet();
        Assert.IsTrue(steps.SetEquals((await RollUpsAsync(store, RollUpScope.Pool, RollUpGrain.Hour))
            .Where(entry => entry.RollUp.Cells.Installed > 0)
            .Select(entry => (Key: (entry.RollUp.Key, Hour: entry.RollUp.Start), Cells: string.Join(' ', entry.RollUp.Cells.Micros.ToArray())))));
        var uses = new List<(string Device, long Hour, HourUse Use)>();
        await store.ReadHourUseAsync(Center.Id, First, End, Instants.Never, (device, hour, use) => uses.Add((device.Value, hour, use)), Token);
        Assert.AreEqual(
            string.Join(' ', (await store.ReadCardDaysAsync(Center.Id, First, End, Instants.Never, Token)).SelectMany(day => day.Hours.Select(hour => $"{day.Device} {hour.HourStart} {hour.Cells.Busy}")).Order(StringComparer.Ordinal)),
            string.Join(' ', uses.Select(use => $"{use.Device} {use.Hour} {use.Use.Busy}").Order(StringComparer.Ordinal)));
        Assert.IsEmpty(await store.VerifyAsync(Token));
    }

    private async Task<List<(DateOnly Day, RollUp RollUp)>> RollUpsAsync(SqliteStore store, RollUpScope scope, RollUpGrain grain) =>
        [.. (await store.ReadRollUpsAsync(Center.Id, scope, grain, First.AddDays(-40), End, Instants.Never, Token)).SelectMany(day => day.RollUps.Select(sum => (day.Day, sum)))];

    // Straight from the samples and facts, without anything stored of card-days.
    private async Task<List<CardDay>> DirectAsync(SqliteStore store, StandingClock clock)
    {
        var facts = await store.ReadFactsAsync(Center.Id, Instants.Never, Token);
        var rules = new AccountingRules(Center.PeriodMicros, model => Catalog.Find(model)?.RatedPowerMilliwatts);
        var context = CardDayAccountant.ContextMicros(Center.PeriodMicros);
        var days = new List<CardDay>();
        foreach (var history in CardHourKeeper.HistoriesOf(Center, facts))
        {
            for (var day = First; day < End; day = day.AddDays(1))
            {
                var window = Center.Clock().Day(day);
                var samples = await store.ReadSamplesAsync(Center.Id, history.Device, new(window.From - context, window.Until + context), Token);
                days.Add(CardDayAccountant.Account(history, samples, rules, Center.Clock(), day, clock.Now));
            }
        }

        return Filled(days);
    }

    // A day on which nothing was installed says nothing, stored or not.
    private static List<CardDay> Filled(IEnumerable<CardDay> days) =>
        [.. days.Where(day => !day.Hours.IsEmpty).OrderBy(day => day.Day).ThenBy(day => day.Device.Value, StringComparer.Ordinal)];

    // Four cards over four days: samples in parts, a silent zero across midnight, a correction, a swap in one slot, a repair, jobs that start, end and stay open, coverage in parts.
    private static IEnumerable<Func<IStore, CancellationToken, Task>> Pieces()
    {
        yield return Samples("GPU-1", 0, 30, (minute, _) => (minute * 7 % 101 * 10_000, 200_000));
        yield return Samples("GPU-1", 30, 95, (minute, _) => (minute * 3 % 101 * 10_000, 200_000));
        yield return Samples("GPU-2", 0, 47, (_, _) => (500_000, 200_000));
        yield return Samples("GPU-2", 47, 49, (minute, _) => (minute % 60 < 58 ? 0 : 10_000, 250_000));
        yield return Samples("GPU-2", 49, 60, (_, _) => (900_000, 250_000));
        yield return Samples("GPU-3", 40, 70, (minute, _) => (minute % 2 * 1_000_000, 100_000), host: "host-1", slot: "0");
        yield return Samples("GPU-4", 26, 28, (_, _) => (700_000, TelemetryMetrics.Missing));
        yield return Samples("GPU-1", 29, 31, (_, _) => (1_000_000, 310_000), revision: 1);
        yield return Facts(FactBatch.Empty with { Inventory = [Inventory("GPU-1", InventoryEvent.Installed, 26, null, "0")] });
        yield return Facts(FactBatch.Empty with { Inventory = [Inventory("GPU-2", InventoryEvent.Installed, -500, null, "1"), Inventory("GPU-2", InventoryEvent.Moved, 50, null, "5")] });
        yield return Facts(FactBatch.Empty with { Inventory = [Inventory("GPU-2", InventoryEvent.Repair, 10, null, null)] });
        yield return Facts(FactBatch.Empty with { Inventory = [Inventory("GPU-2", InventoryEvent.Repair, 10, 14, null)] });
        yield return Facts(FactBatch.Empty with { Inventory = [Inventory("GPU-2", InventoryEvent.Retired, 80, null, null)] });
        yield return Facts(FactBatch.Empty with { Jobs = [Job("1", 5, null, "GPU-1", "GPU-2")] });
        yield return Facts(FactBatch.Empty with { Jobs = [Job("1", 5, 55, "GPU-1", "GPU-2")] });
        yield return Facts(FactBatch.Empty with { Jobs = [Job("2", 60, null, "GPU-1", "GPU-3")] });
        yield return Facts(FactBatch.Empty with { Jobs = [Job("3", 20, 21, "GPU-4")] });
        yield return Facts(FactBatch.Empty with { Coverage = [new(FeedCoverage.Jobs, new(At(0), At(30)))] });
        yield return Facts(FactBatch.Empty with { Coverage = [new(FeedCoverage.Jobs, new(At(40), At(65)))] });
        yield return Facts(FactBatch.Empty with { Coverage = [new(FeedCoverage.Jobs, new(At(75), At(90)))] });
    }

    private static long At(int hour) => Start + (hour * Micros.PerHour);

    private static Func<IStore, CancellationToken, Task> Samples(
        string device, int fromHour, int untilHour, Func<int, int, (int Use, int Power)> value, string? host = null, string? slot = null, int revision = 0) => (store, token) =>
    {
        var batch = new SampleBatch { Revision = revision };
        for (var minute = fromHour * 60; minute < untilHour * 60; minute++)
        {
            var row = batch.Add(batch.Ordinal(new(device, host, slot, "Ascend 910A", null)), Start + (minute * Micros.PerMinute));
            var (use, power) = value(minute, row);
            batch.Set(row, TelemetryMetrics.Utilization, use);
            batch.Set(row, TelemetryMetrics.Power, power);
        }

        return store.AppendAsync(Center.Id, batch, Source, token);
    };

    private static Func<IStore, CancellationToken, Task> Facts(FactBatch facts) => (store, token) => store.AppendAsync(Center.Id, facts, Source, token);

    private static InventoryFact Inventory(string device, InventoryEvent what, int fromHour, int? untilHour, string? slot) =>
        new(new(device), what, new(At(fromHour), untilHour is { } until ? At(until) : Instants.Never), slot is null ? null : "host-1", slot, "Ascend 910A", new PoolId("ai"), null);

    private static JobFact Job(string id, int start, int? end, params string[] devices) => new(
        "slurm",
        id,
        new($"tenant-{id}"),
        At(start) - Micros.PerHour,
        null,
        At(start),
        end is { } hour ? At(hour) : null,
        devices.Length,
        end is null ? JobState.Running : JobState.Completed,
        null,
        null,
        [.. devices.Select(device => new DeviceId(device))],
        null,
        Preemptible: false,
        null,
        null);

    private async Task<SqliteStore> OpenAsync(StoreFolder folder, TimeProvider clock) =>
        await SqliteStore.OpenAsync(new() { Path = folder.File() }, clock, Token);
}
