using Headroom.Domain.Accounting;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using static Headroom.Domain.Tests.Accounting.Build;

namespace Headroom.Domain.Tests.Accounting;

[TestClass]
public sealed class CardDayAccountantTests
{
    private static CardDay Account(DeviceHistory device, DeviceSamples samples, long? now = null) =>
        CardDayAccountant.Account(device, samples, Rules, Utc, Day, now ?? Instants.Never);

    [TestMethod]
    public void Account_SilentAfterNoon_TheRestIsUnknownNotIdle()
    {
        var day = Account(Device(), Steady(0, 12, 900_000));

        Assert.AreEqual(24 * Micros.PerHour, Sum(day, hour => hour.Cells.Installed));
        Assert.AreEqual((long)(10.8 * Micros.PerHour), Sum(day, Cell.AllocUnknownBusy));
        Assert.AreEqual((long)(1.2 * Micros.PerHour), Sum(day, Cell.AllocUnknownIdle));
        Assert.AreEqual(12 * Micros.PerHour, Sum(day, Cell.AllocUnknownUseUnknown));
    }

    [TestMethod]
    public void Account_AllocatedWithoutProcess_IsAllocIdleForTheWholeDay()
    {
        var day = Account(
            Device(known: [Hours(0, 24)], holdings: [new(Hours(0, 24), new("t"), "1")]),
            Steady(0, 24, 0));

        Assert.AreEqual(24 * Micros.PerHour, Sum(day, Cell.AllocatedIdle));
        Assert.AreEqual(24 * Micros.PerHour, day.Hours.Sum(hour => hour.Tenants.Sum(tenant => tenant.Idle)));
    }

    [TestMethod]
    public void Account_DownMaintenanceAllocatedOverlap_TheEarlierInTheOrderHasTheTime()
    {
        var day = Account(
            Device(
                down: [Hours(1, 3)],
                maintenance: [Hours(2, 5)],
                known: [Hours(0, 12)],
                holdings: [new(Hours(0, 6), new("t"), "1")]),
            DeviceSamples.None);

        Assert.AreEqual(2 * Micros.PerHour, Sum(day, Cell.Down));
        Assert.AreEqual(2 * Micros.PerHour, Sum(day, Cell.Maintenance));
        Assert.AreEqual(2 * Micros.PerHour, Sum(day, Cell.AllocatedUseUnknown));
        Assert.AreEqual(6 * Micros.PerHour, Sum(day, Cell.FreeUseUnknown));
        Assert.AreEqual(12 * Micros.PerHour, Sum(day, Cell.AllocUnknownUseUnknown));
    }

    [TestMethod]
    public void Account_RejectedSampleBetweenGoodOnes_ItsTimeIsUnknown()
    {
        var samples = Samples(
            [At(0) + 15_000_000, At(0) + 30_000_000, At(0) + 45_000_000],
            [1_000_000, TelemetryMetrics.Missing, 1_000_000]);

        var first = Account(Device(), samples).Hours[0].Cells;

        Assert.AreEqual(30_000_000, first[Cell.AllocUnknownBusy]);
        Assert.AreEqual(Micros.PerHour - 30_000_000, first.UseUnknown);
    }

    [TestMethod]
    public void Account_GapLongerThanMaxGap_OnlyTheLastTwoAndAHalfPeriodsAreKnown()
    {
        var samples = Samples([At(1), At(2)], [0, 1_000_000]);

        Assert.AreEqual(37_500_000, Sum(Account(Device(), samples), Cell.AllocUnknownBusy));
    }

    [TestMethod]
    public void Account_GaugeAtZeroUnderPower_IsUnknownWithReasonSilentZero()
    {
        var rules = Rules with { RatedMilliwatts = model => model == "910A" ? 310_000 : null };
        var day = CardDayAccountant.Account(Device(model: "910A"), Steady(0, 24, 0, milliwatts: 300_000), rules, Utc, Day, Instants.Never);

        Assert.AreEqual(24 * Micros.PerHour, Sum(day, hour => hour.Cells.UseUnknown));
        Assert.AreEqual(24 * Micros.PerHour, Sum(day, hour => hour.SilentZero));
    }

    [TestMethod]
    public void Account_GaugeAtZeroUnderPowerForTwentyMinutes_IsBelieved()
    {
        var rules = Rules with { RatedMilliwatts = _ => 310_000 };
        var day = CardDayAccountant.Account(Device(model: "910A"), Steady(0, 1 / 3.0, 0, milliwatts: 300_000), rules, Utc, Day, Instants.Never);

        Assert.AreEqual(0, Sum(day, hour => hour.SilentZero));
        Assert.AreEqual(20 * Micros.PerMinute, Sum(day, Cell.AllocUnknownIdle));
    }

    [TestMethod]
    public void Account_DayStillRunning_LaterTimeIsNotInstalled()
    {
        var day = Account(Device(), Steady(0, 8, 1_000_000), now: At(8.25));

        Assert.HasCount(9, day.Hours);
        Assert.AreEqual((long)(8.25 * Micros.PerHour), Sum(day, hour => hour.Cells.Installed));
    }

    [TestMethod]
    public void Account_MovedToAnotherPoolAtHalfPast_TheHourIsSplitBetweenBoth()
    {
        var device = Device() with
        {
            Placements =
            [
                new(Hours(0, 1.5), "host", "0", null, new("ai")),
                new(Hours(1.5, 24), "host", "0", null, new("hpc")),
            ],
        };

        var hours = Account(device, Steady(0, 24, 500_000)).Hours.Where(hour => hour.HourStart == At(1)).ToArray();

        CollectionAssert.AreEqual(new[] { "ai", "hpc" }, hours.Select(hour => hour.Pool.Value).ToArray());
        Assert.IsTrue(hours.All(hour => hour.Cells.Busy == Micros.PerHour / 4));
    }

    [TestMethod]
    public void Account_PowerOnKnownSpans_EnergyIsItsIntegral()
    {
        var day = Account(Device(), Steady(0, 10, 0, milliwatts: 300_000));

        Assert.AreEqual(3.0, Sum(day, hour => hour.EnergyNanojoules) / 3.6e15, 1e-12, "300 W for 10 h is 3 kWh");
        Assert.AreEqual(10 * Micros.PerHour, Sum(day, hour => hour.EnergyKnown));
    }
}
