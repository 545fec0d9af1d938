using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Accounting;

[TestClass]
public sealed class CardDayAccountantProperties
{
    private const int PeriodSeconds = 20;
    private static readonly DateOnly Day = new(2026, 3, 29);
    private static readonly CenterClock Berlin = new("Europe/Berlin");
    private static readonly AccountingRules Rules = new(PeriodSeconds * Micros.PerSecond, _ => null);

    /// <summary>Fleets the oracle walks through: 30, or as many as <c>HEADROOM_ORACLE_FLEETS</c> says.</summary>
    private static readonly int OracleFleets = int.TryParse(Environment.GetEnvironmentVariable("HEADROOM_ORACLE_FLEETS"), System.Globalization.CultureInfo.InvariantCulture, out var asked) ? asked : 30;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void Account_RandomFleets_AgreeWithTheSecondBySecondOracle()
    {
        var devices = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var size = 1 + (seed % 3);
            devices += size;
            return Enumerable.Range(0, size).All(place =>
            {
                var (device, samples) = RandomDevice(seed ^ (place * 7_919));
                var expected = SecondBySecondOracle.Account(device, samples, UseSignal.MaxGap(Rules.PeriodMicros!.Value), Berlin, Day);
                var actual = CardDayAccountant.Account(device, samples, Rules, Berlin, Day, Instants.Never);
                return Berlin.Hours(Day).Select((hour, i) => Agrees(expected[i], actual.Hours.Where(h => h.HourStart == hour.From))).All(ok => ok);
            });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(OracleFleets));
        TestContext.WriteLine($"{OracleFleets} fleets, {devices} devices");
    }

    [TestMethod]
    public void Account_RandomDevices_CellsSumToInstalledWithResidualZero() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var (device, samples) = RandomDevice(seed);
            var hours = CardDayAccountant.Account(device, samples, Rules, Berlin, Day, Instants.Never).Hours;
            return Berlin.Hours(Day).All(hour =>
                hours.Where(h => h.HourStart == hour.From).Sum(h => h.Cells.Installed) == device.Placements.Sum(p => p.Valid.Within(hour).Length.Value)
                && hours.Where(h => h.HourStart == hour.From).All(h => h.Tenants.Sum(t => t.Allocated) == h.Cells.Allocated));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [TestMethod]
    public void Account_DaySeenUntilAnyInstant_SplitsAndMergesExactly() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 23 * 3600).ToArbitrary(), (seed, second) =>
        {
            // Time up to the cut, and time from it on, by cutting the placements: together they are the day.
            var (device, samples) = RandomDevice(seed);
            var cut = Berlin.Day(Day).From + (second * Micros.PerSecond);
            var before = Account(device, samples, new(long.MinValue, cut));
            var after = Account(device, samples, new(cut, Instants.Never));
            var whole = Account(device, samples, Window.Always);
            return whole.SequenceEqual(before.Zip(after, (a, b) => a + b));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static long[] Account(DeviceHistory device, DeviceSamples samples, Window seen)
    {
        var cut = device with { Placements = [.. device.Placements.Select(p => p with { Valid = p.Valid.Within(seen) }).Where(p => !p.Valid.IsEmpty)] };
        var sums = new long[HourCells.Count];
        foreach (var hour in CardDayAccountant.Account(cut, samples, Rules, Berlin, Day, Instants.Never).Hours)
        {
            for (var cell = 0; cell < sums.Length; cell++)
            {
                sums[cell] += hour.Cells[(Cell)cell];
            }
        }

        return sums;
    }

    // The oracle does not round; each known span, cut by each change of state, rounds busy down by less than a microsecond.
    private static bool Agrees(Int128[] expected, IEnumerable<CardHour> hours)
    {
        var actual = new long[HourCells.Count];
        foreach (var hour in hours)
        {
            for (var cell = 0; cell < actual.Length; cell++)
            {
                actual[cell] += hour.Cells[(Cell)cell];
            }
        }

        const long Roundings = 400;
        return Enumerable.Range(0, actual.Length).All(cell => Int128.Abs(expected[cell] - ((Int128)actual[cell] * 1_000_000)) <= (Int128)Roundings * 1_000_000)
            && Enumerable.Range(0, actual.Length).Aggregate((Int128)0, (sum, cell) => sum + expected[cell] - ((Int128)actual[cell] * 1_000_000)) == 0;
    }

    private static (DeviceHistory Device, DeviceSamples Samples) RandomDevice(int seed)
    {
        var random = new Random(seed);
        var midnight = Berlin.Day(Day).From;
        long At() => midnight + (random.Next(-2 * 3600, 26 * 3600) * Micros.PerSecond);
        Window Span()
        {
            var (a, b) = (At(), At());
            return new(Math.Min(a, b), Math.Max(a, b) + Micros.PerSecond);
        }

        ImmutableArray<Window> Set(int most) => WindowSet.Union(Enumerable.Range(0, random.Next(most + 1)).Select(_ => Span()));
        var installed = Set(3);
        var placements = installed.Select((window, i) => new Placement(window, $"host{i % 2}", "0", null, new(i % 2 == 0 ? "ai" : "hpc"))).ToImmutableArray();
        var holdings = Enumerable.Range(0, random.Next(6)).Select(i => new Holding(Span(), new($"tenant{i % 3}"), $"{i}")
        {
            Kind = (AllocationKind)random.Next(3),
            SharePpm = random.Next(2) == 0 ? AllocationFact.Whole : random.Next(1, AllocationFact.Whole),
        }).OrderBy(h => h.Valid.From).ThenBy(h => h.JobId, StringComparer.Ordinal).ToImmutableArray();
        var instants = new SortedSet<long>();
        for (var at = midnight - Micros.PerHour; at < midnight + (25 * Micros.PerHour); at += PeriodSeconds * Micros.PerSecond)
        {
            if (random.Next(10) > 0)
            {
                instants.Add(at + (random.Next(-3, 4) * Micros.PerSecond));
            }
        }

        var ppm = instants.Select(_ => random.Next(20) == 0 ? TelemetryMetrics.Missing : random.Next(0, 1_000_001)).ToArray();
        return (new(new("card"), placements, Set(2), Set(2), Set(2), holdings), Build.Samples([.. instants], ppm));
    }
}
