using System.Collections.Immutable;
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

namespace Headroom.Storage.Tests.Durability;

/// <summary>Random batches, conflicts and late records, against a dictionary that is walked second by second.</summary>
[TestClass]
public sealed class OracleTests
{
    private const long Second = Micros.PerSecond;
    private const int Step = 300;

    // Two days in UTC; a sample stands for five minutes, a gap of more than 12.5 is unknown.
    private static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("c")) with { PeriodMicros = Step * Second };
    private static readonly DateOnly First = new(2026, 3, 1);
    private static readonly long Start = Center.Clock().Day(First).From;
    private static readonly SourceNote Source = new("x", "csv", Simulated: true, Rejects: null);
    private static readonly string[] Devices = ["GPU-1", "GPU-2"];

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public void CardHours_OfRandomBatchesAndRecordsInAnyOrder_AreThoseOfANaiveWalk()
    {
        var (cases, hours) = (0, 0);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            hours += CheckAsync(new Random(seed)).GetAwaiter().GetResult();
            cases++;
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
        TestContext.WriteLine($"{cases} random stores, {hours} card-hours, all equal, hashes equal in every order");
    }

    private async Task<int> CheckAsync(Random random)
    {
        var told = Pieces(random);
        using var folder = new StoreFolder();
        var clock = new SetClock(Start + (10 * Micros.PerDay));
        var hashes = new HashSet<string>();
        List<CardDay>? before = null;
        var (naive, count) = (new NaiveHours(told), 0);
        for (var order = 0; order < 2; order++)
        {
            await using var store = await Told.OpenAsync(folder.File($"{order}.db"), clock);
            var keeper = new CardHourKeeper(store, clock);
            var pieces = told.ToList();
            if (order > 0)
            {
                pieces = [.. told.SelectMany(piece => piece.Split(random))];
                pieces.AddRange(told.Where(_ => random.Next(3) == 0));
                random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pieces));
            }

            foreach (var piece in pieces)
            {
                await piece.AppendAsync(store, Token);
                if (order > 0 && random.Next(3) == 0)
                {
                    await keeper.UpdateAsync(Center, Told.Catalog, null, Token);
                }

                if (random.Next(4) == 0)
                {
                    await store.SealAsync(Center.Id, Token);
                }

                if (random.Next(8) == 0)
                {
                    await store.CompactAsync(Center.Id, RetentionCut.Nothing, Token);
                }
            }

            await keeper.UpdateAsync(Center, Told.Catalog, null, Token);
            hashes.Add(await store.ContentHashAsync(Token));
            Assert.IsEmpty(await store.VerifyAsync(Token));
            var days = (await keeper.ReadAsync(Center, Told.Catalog, First, First.AddDays(2), Instants.Never, Token)).ToList();
            foreach (var device in Devices)
            {
                var (expected, actual) = (naive.Stored.Samples(device, Window.Always), await store.ReadSamplesAsync(Center.Id, new(device), Window.Always, Token));
                CollectionAssert.AreEqual(expected.Instants, actual.Instants);
                CollectionAssert.AreEqual(expected.UsePpm, actual.UsePpm);
                CollectionAssert.AreEqual(expected.PowerMilliwatts, actual.PowerMilliwatts);
            }

            await store.ReadUseAsync(Center.Id, Window.Always, withPower: true, (device, samples) =>
            {
                var expected = naive.Stored.Samples(device.Value, Window.Always);
                CollectionAssert.AreEqual(expected.Instants, samples.Instants);
                CollectionAssert.AreEqual(expected.UsePpm, samples.UsePpm);
                CollectionAssert.AreEqual(expected.PowerMilliwatts, samples.PowerMilliwatts);
            }, Token);
            count = 0;
            foreach (var hour in days.SelectMany(day => day.Hours.Select(hour => (day.Device, hour))))
            {
                naive.AssertEqual(hour.Device.Value, hour.hour, order == 0 ? "in order" : "shuffled");
                count++;
            }

            CollectionAssert.AreEqual(before ?? days, days, "a late record gives the same card-hours as if it had come first");
            before = days;
        }

        Assert.HasCount(1, hashes);
        Assert.AreEqual(Devices.Sum(device => naive.Hours(device)), count);
        return count;
    }

    private static List<Piece> Pieces(Random random)
    {
        var pieces = new List<Piece>();
        foreach (var device in Devices)
        {
            pieces.Add(new(null, FactBatch.Empty with { Inventory = [new(new(device), InventoryEvent.Installed, new(Start, Instants.Never), "h", device[^1..], "M", new PoolId("ai"), null)] }));
        }

        for (var batch = 0; batch < 8; batch++)
        {
            var from = random.Next(0, 2 * 288);
            var rows = Enumerable.Range(from, random.Next(1, 120))
                .Where(step => step < 2 * 288 && random.Next(12) != 0)
                .SelectMany(step => Devices.Where(_ => random.Next(5) != 0).Select(device => new Row(device, Start + (step * Step * Second), random.Next(15) == 0 ? null : random.Next(101) * 10_000, null, 100_000)))
                .ToArray();
            pieces.Add(new(new(random.Next(3) == 0 ? 1 : 0, rows), FactBatch.Empty));
        }

        for (var number = 0; number < 3; number++)
        {
            var device = Devices[random.Next(2)];
            var (down, until) = Span(random);
            pieces.Add(new(null, FactBatch.Empty with { Inventory = [new(new(device), random.Next(2) == 0 ? InventoryEvent.Repair : InventoryEvent.Maintenance, new(down, until), null, null, null, null, "fan")] }));
            var (started, ended) = Span(random);
            pieces.Add(new(null, FactBatch.Empty with { Jobs = [new("k", $"{number}", new($"t{number}"), started, null, started, ended, 1, JobState.Completed, null, null, [new(Devices[random.Next(2)])], null, Preemptible: false, null, null)] }));
        }

        var (known, knownUntil) = Span(random);
        pieces.Add(new(null, FactBatch.Empty with { Coverage = [new(FeedCoverage.Jobs, new(known, knownUntil))] }));
        return pieces;
    }

    private static (long From, long Until) Span(Random random)
    {
        var from = random.Next(0, 40 * 60);
        return (Start + (from * Micros.PerMinute), Start + ((from + random.Next(1, 8 * 60)) * Micros.PerMinute));
    }

    /// <summary>What is sent at once.</summary>
    private sealed record Piece(Sent? Samples, FactBatch Facts)
    {
        public IEnumerable<Piece> Split(Random random) => Samples is null || Samples.Rows.Length == 0
            ? [this]
            : Samples.Rows.Chunk(random.Next(1, Samples.Rows.Length + 1)).Select(rows => new Piece(new(Samples.Revision, rows), Facts));

        public Task<AppendReceipt> AppendAsync(SqliteStore store, CancellationToken cancellationToken) => Samples is null
            ? store.AppendAsync(Center.Id, Facts, Source, cancellationToken)
            : store.AppendAsync(Center.Id, Samples.ToBatch(), Source, cancellationToken);
    }

    /// <summary>The law of METRICS sections 1 and 2 in its plainest form: half a minute at a time, each asked what the device was doing. Nothing happens in between.</summary>
    private sealed class NaiveHours
    {
        private const long HalfMinute = Micros.PerMinute / 2;

        private readonly Oracle _samples = new();
        private readonly List<Piece> _told;

        public NaiveHours(List<Piece> told)
        {
            _told = told;
            foreach (var sent in told.Select(piece => piece.Samples).OfType<Sent>())
            {
                _samples.Append(sent);
            }
        }

        /// <summary>Every sample that won.</summary>
        public Oracle Stored => _samples;

        /// <summary>Hours in which the device is installed: all of both days.</summary>
        public int Hours(string device) => _told.Any(piece => piece.Facts.Inventory.Any(fact => fact.Device.Value == device && fact.Event == InventoryEvent.Installed)) ? 48 : 0;

        public void AssertEqual(string device, CardHour hour, string order)
        {
            var expected = new long[HourCells.Count];
            for (var at = hour.HourStart; at < hour.HourStart + Micros.PerHour; at += HalfMinute)
            {
                Add(device, at, expected);
            }

            for (var cell = 0; cell < expected.Length; cell++)
            {
                Assert.AreEqual(expected[cell], hour.Cells.Micros[cell], $"{device} {Instants.ToText(hour.HourStart)} {(Cell)cell} {order}");
            }
        }

        private void Add(string device, long instant, long[] cells)
        {
            bool Is(InventoryEvent what) => _told.SelectMany(piece => piece.Facts.Inventory).Any(fact => fact.Device.Value == device && fact.Event == what && fact.Valid.Contains(instant));
            if (Is(InventoryEvent.Repair))
            {
                cells[(int)Cell.Down] += HalfMinute;
                return;
            }

            if (Is(InventoryEvent.Maintenance))
            {
                cells[(int)Cell.Maintenance] += HalfMinute;
                return;
            }

            var isHeld = _told.SelectMany(piece => piece.Facts.Jobs).Any(job => job.DeviceIds[0].Value == device && job.Run!.Value.Contains(instant));
            var isKnown = _told.SelectMany(piece => piece.Facts.Coverage).Any(span => span.Valid.Contains(instant));
            var state = (int)(isHeld ? Cell.AllocatedBusy : isKnown ? Cell.FreeBusy : Cell.AllocUnknownBusy);
            if (Duty(device, instant) is { } ppm)
            {
                // Half a minute of a whole percentage is a whole number of microseconds.
                cells[state] += ppm * HalfMinute / 1_000_000;
                cells[state + 1] += HalfMinute - (ppm * HalfMinute / 1_000_000);
            }
            else
            {
                cells[state + 2] += HalfMinute;
            }
        }

        // The sample that stands for the instant: the next one, if it reaches back this far and the one before it is not later. A missing value makes its span unknown.
        private long? Duty(string device, long instant)
        {
            var samples = Samples(device);
            var next = samples.FindIndex(sample => sample.Instant > instant);
            if (next < 0)
            {
                return null;
            }

            var (end, ppm) = samples[next];
            var before = next == 0 ? long.MinValue : samples[next - 1].Instant;
            var reach = Math.Max(before, end - (Step * Second * 5 / 2));
            return instant >= reach && ppm != TelemetryMetrics.Missing ? ppm : null;
        }

        private readonly Dictionary<string, List<(long Instant, int Ppm)>> _columns = [];

        private List<(long Instant, int Ppm)> Samples(string device)
        {
            if (!_columns.TryGetValue(device, out var column))
            {
                var samples = _samples.Samples(device, Window.Always);
                _columns[device] = column = [.. samples.Instants.Zip(samples.UsePpm)];
            }

            return column;
        }
    }
}
