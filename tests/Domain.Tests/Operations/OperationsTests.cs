using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Domain.Tests.Accounting;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Operations;

[TestClass]
public sealed class OperationsTests
{
    private static readonly Window Day = Build.Utc.Day(Build.Day);
    private static readonly PoolId Ai = new("ai");

    [TestMethod]
    public void Peak_OfADay_IsTheStepAtRankNinetyFive()
    {
        // 100 steps with 1 % to 100 % busy: nearest rank of 0.95 x 100 is the 95th. One more step is unknown and not ranked.
        var steps = Enumerable.Range(1, 101).Select(i => Step(i, i <= 100 ? i * FiveMinutes.Step / 100 : 0, isKnown: i <= 100));

        var peak = PeakUse.Of(Ai, steps, _ => 1)!;

        Assert.AreEqual((0.95, 100, 101), (peak.Value, peak.Steps, peak.AllSteps));
        Assert.AreEqual(0.5, peak.LoadFactor(MetricValue.Ratio(MetricCatalog.U3.Id, 475, 1_000, 1_000))!.Value, 1e-12);
    }

    [TestMethod]
    public void SaturationHours_OfFullHours_CountThoseInWhichWorkWaited()
    {
        PoolHour Hour(int number, int allocated) => new(Ai, Build.At(number), UsageSums.Of(Cells(allocated, 100 - allocated), 1), null);
        var spans = new[] { Waits(1.5, 1.6, 8), Waits(3.5, 4.5, 8) };

        var hours = SaturationHours.Of(Ai, [Hour(0, 100), Hour(1, 95), Hour(2, 95), Hour(3, 94), Hour(4, 99)], spans);

        Assert.AreEqual((2, 5), (hours.Hours, hours.Judged));
    }

    [TestMethod]
    public void JobOutcomes_OfADay_AreGoodputInterruptionsAndDisplacedTime()
    {
        JobFact[] jobs =
        [
            Job("1", 0, 12, JobState.Completed, 4),
            Job("2", 0, 6, JobState.NodeFail, 4),
            Job("3", 6, null, JobState.Running, 2),
            Job("4", -20, 2, JobState.Completed, 1) with { Precision = Precision.Fp64 },
        ];

        var outcome = JobOutcomes.Of(jobs, Day, Build.At(24), Ai, _ => Precision.Fp16).Single();

        Assert.AreEqual((Hours(50), Hours(24), Hours(36), 1, Hours(2)), (outcome.EndedWell, outcome.EndedBadly, outcome.Open, outcome.Interruptions, outcome.Displaced));
        Assert.AreEqual((50.0 / 74, 74.0 / 110), (outcome.U6.Point!.Value, outcome.U6.Coverage));
        Assert.AreEqual(1_000 / (110 / 24.0), outcome.InterruptionsPerThousandDeviceDays!.Value, 1e-9);
    }

    [TestMethod]
    public void Queue_AtTheEndOfADay_HasCardsAgeAndWaits()
    {
        var jobs = Enumerable.Range(1, 20).Select(i => Job($"{i}", 10, 11, JobState.Completed, 1) with { Submitted = Build.At(10) - (i * Micros.PerMinute) }).ToList();
        var spans = new[] { Waits(20, 30, 16), Waits(23, 24, 8), Waits(1, 2, 64), Waits(25, 26, 1) };

        var queue = QueueState.Of(spans, jobs, Day, Ai).Single();

        Assert.AreEqual((2, 24L, 4 * Micros.PerHour), (queue.Waiting, queue.Devices, queue.OldestMicros));
        Assert.AreEqual((20, 10 * Micros.PerMinute, 19 * Micros.PerMinute), (queue.Started, queue.MedianWait, queue.P95Wait));
    }

    [TestMethod]
    public void Meters_OfADay_AreSumsWithCoverageAndAPueOfCommonTime()
    {
        MeterFact[] readings = [Reading("main", MeterScope.Facility, 0, 24, 240), Reading("row-1", MeterScope.It, 0, 6, 30), Reading("row-1", MeterScope.It, 6, 12, 60)];

        var energy = MeteredEnergy.Of(readings, Day);

        Assert.AreEqual((240.0, 90.0), (KilowattHours(energy.Facility!.Millijoules), KilowattHours(energy.It!.Millijoules)));
        Assert.AreEqual((1.0, 0.5), (energy.Facility.Coverage, energy.It.Coverage));
        Assert.AreEqual(120.0 / 90, energy.Pue!.Value, 1e-12, "both meters speak of twelve hours");
    }

    [TestMethod]
    public void Meters_WithoutIt_GiveNoPue() => Assert.IsNull(MeteredEnergy.Of([Reading("main", MeterScope.Facility, 0, 24, 240)], Day).Pue);

    [TestMethod]
    public void Meters_OverlappingReadings_CountOnceAndAddUpOverAnyCut()
    {
        // The day reads 24 kWh, one of its hours 5: 23 hours at 1 kWh and one at 5.
        MeterFact[] readings = [Reading("main", MeterScope.Facility, 0, 24, 24), Reading("main", MeterScope.Facility, 3, 4, 5)];
        var whole = MeteredEnergy.Of(readings, Day).Facility!.Millijoules;
        Assert.AreEqual(28.0, KilowattHours(whole), 1e-9);
        for (var second = 1; second < 86_400; second += 4_321)
        {
            var cut = Day.From + (second * Micros.PerSecond) + 7;
            Assert.AreEqual(whole, MeteredEnergy.Of(readings, Day with { Until = cut }).Facility!.Millijoules + MeteredEnergy.Of(readings, Day with { From = cut }).Facility!.Millijoules);
        }
    }

    [TestMethod]
    public void Counted_TenantsOfAPool_HaveQuotaHoursAndIdleBounds()
    {
        CountFact Count(int hour, string tenant, double installed, double allocated, double queued) =>
            new(Build.At(hour), new(tenant), null, CountFact.Amount(installed), CountFact.Amount(allocated), CountFact.Amount(queued));
        CountFact[] counts = [Count(0, "full", 8, 8, 4), Count(1, "full", 8, 7.6, 0), Count(2, "full", 8, 4, 4), Count(0, "half", 16, 8, 0), Count(1, "half", 16, 8, 0), Count(2, "half", 16, 8, 0)];
        var hour = new PoolHour(Ai, Build.At(0), UsageSums.Of(new HourCells([0, 0, 10 * Micros.PerHour, 14 * Micros.PerHour, 0, 0, 0, 0, 0, 0, 0]), 1), null);

        var tenants = CountedUse.Of(counts, Day, Ai, [hour]);

        CollectionAssert.AreEqual(new[] { "half", "full", null }, tenants.Select(tenant => tenant.Tenant?.Value).ToArray());
        Assert.AreEqual(19.6 / 24, tenants[1].U1!.Value, 1e-12);
        Assert.AreEqual((2, 1, true), (tenants[1].HoursAtQuota, tenants[1].HoursHeldBack, tenants[1].IsHeldBack));
        Assert.AreEqual((Hours(0), Hours(8) + CountFact.Amount(11.6)), (tenants[1].IdleLow, tenants[1].IdleHigh), "ten busy devices may have been its own, or others'");
        Assert.AreEqual((Hours(6), Hours(14) + CountFact.Amount(27.6)), (tenants[2].IdleLow, tenants[2].IdleHigh), "16 allocated, 10 busy of 24");
    }

    [TestMethod]
    public void Changes_OfADay_NameWhatCameWentFailedAndWasMended()
    {
        InventoryFact Fact(string card, InventoryEvent what, double from, double? until = null) =>
            new(new(card), what, new(Build.At(from), until is { } end ? Build.At(end) : Instants.Never), "h", null, "M", Ai, "fan");
        InventoryFact[] inventory =
        [
            Fact("old", InventoryEvent.Installed, -48), Fact("old", InventoryEvent.Down, -5, 3), Fact("old", InventoryEvent.Down, 9, 12), Fact("old", InventoryEvent.Repair, 12, 15),
            Fact("new", InventoryEvent.Installed, 8), Fact("gone", InventoryEvent.Installed, -48), Fact("gone", InventoryEvent.Retired, 20),
        ];

        var changes = InventoryChanges.Of(inventory, DeviceHistories.Fold(inventory, [], [], [], Ai), Day);

        CollectionAssert.AreEqual(
            new[] { "Installed new 8", "Retired gone 20", "Failed old 9", "Failed old 12", "Repaired old 3", "Repaired old 15" },
            changes.Select(change => $"{change.Event} {change.Device} {(change.At - Day.From) / Micros.PerHour}").ToArray());
    }

    private static Int128 Hours(double deviceHours) => (Int128)(deviceHours * Micros.PerHour);

    private static double KilowattHours(Int128 millijoules) => (double)millijoules / MeterFact.PerKilowattHour;

    private static MeterFact Reading(string meter, MeterScope scope, double from, double until, double kilowattHours) =>
        new(meter, scope, Build.Hours(from, until), (long)(kilowattHours * MeterFact.PerKilowattHour));

    private static DemandSpan Waits(double from, double until, int devices) =>
        new(Ai, new("t"), false, "w", DemandKind.JobWaits, Build.Hours(from, until), devices, Build.At(from), null);

    private static JobFact Job(string id, double start, double? end, JobState state, int devices) => new(
        "c", id, new("t"), Build.At(start), null, Build.At(start), end is { } at ? Build.At(at) : null, devices, state, null, null, [], null, false, null, null);

    private static HourCells Cells(int allocated, int free) => new([0, 0, allocated * Micros.PerHour, 0, 0, 0, 0, 0, 0, free * Micros.PerHour, 0]);

    private static RollUp Step(int number, long busy, bool isKnown) => new(
        new("", Ai, null),
        Day.From + (number * FiveMinutes.Step),
        new HourCells([0, 0, busy, isKnown ? FiveMinutes.Step - busy : 0, isKnown ? 0 : FiveMinutes.Step, 0, 0, 0, 0, 0, 0]),
        0,
        0,
        0,
        0,
        0,
        UseDistribution.None);
}
