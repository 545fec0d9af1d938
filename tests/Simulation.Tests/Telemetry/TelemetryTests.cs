using System.Globalization;
using Headroom.Domain.Time;
using Headroom.Simulation.Plans;
using static Headroom.Simulation.Tests.SmallCenters;

namespace Headroom.Simulation.Tests.Telemetry;

[TestClass]
public sealed class TelemetryTests
{
    private const string Header = "timestamp,card,host,partition,utilization,memory_used_mib,power_w,temperature_c";
    private static readonly string[] BrokenValues = ["218322032", "255", "N/A"];

    [TestMethod]
    public void OpenTelemetry_AnyRow_IsInTheRangeOfItsGauges()
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 32)), Plan(days: 3), Catalog);
        foreach (var day in simulated.Days)
        {
            var text = TelemetryOf(simulated, day);
            Assert.StartsWith(Header + "\n", text, StringComparison.Ordinal);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            foreach (var row in Rows(text).Where(row => !BrokenValues.Contains(row[4])))
            {
                Assert.HasCount(8, row);
                Assert.IsInRange(0, 100, Number(row[4]));
                Assert.IsInRange(0, 32_768, Number(row[5]));
                Assert.IsInRange(40, 310, Number(row[6]));
                Assert.IsInRange(25, 90, Number(row[7]));
            }
        }
    }

    [TestMethod]
    public void OpenTelemetry_NoFaults_HasEachSampleOnceInOrderOfTime()
    {
        var plan = Plan() with { Faults = TelemetryFaults.None, FailuresPerThousandDeviceDays = 0, MaintenanceEveryDays = 0 };
        var simulated = Simulator.Run(Center(Pool(Ai, 20)), plan, Catalog);
        foreach (var day in simulated.Days)
        {
            var rows = Rows(TelemetryOf(simulated, day));
            Assert.HasCount(20 * 1_440, rows);
            Assert.HasCount(rows.Count, rows.Select(row => (row[0], row[1])).Distinct().ToList());
            var instants = rows.Select(row => long.Parse(row[0], CultureInfo.InvariantCulture)).ToList();
            Assert.IsTrue(instants.Zip(instants.Skip(1)).All(pair => pair.First <= pair.Second));
            Assert.IsTrue(instants.All(second => simulated.Center.Clock().Day(day).Contains(second * Micros.PerSecond)));
        }
    }

    [TestMethod]
    public void OpenTelemetry_LateHosts_ComeWithTheNextDayAndNoneIsLost()
    {
        var onTime = Plan() with { Faults = TelemetryFaults.None };
        var late = onTime with { Faults = TelemetryFaults.None with { LateShare = 0.2 } };
        var (without, with) = (Lines(onTime), Lines(late));
        CollectionAssert.AreEquivalent(without.SelectMany(day => day).ToList(), with.SelectMany(day => day).ToList());
        Assert.IsLessThan(without[0].Count, with[0].Count);
        var secondDay = Simulator.Run(Center(Pool(Ai, 16)), late, Catalog).Center.Clock().Day(late.From.AddDays(1));
        Assert.Contains(line => Second(line) * Micros.PerSecond < secondDay.From, with[1]);
        Assert.IsTrue(with[0].All(line => Second(line) * Micros.PerSecond < secondDay.From));
    }

    [TestMethod]
    public void OpenTelemetry_DuplicateShare_IsTheShareOfRowsThatComeTwice()
    {
        var lines = Lines(Plan() with { Faults = TelemetryFaults.None with { DuplicateShare = 0.1 } }).SelectMany(day => day).ToList();
        var distinct = lines.Distinct().Count();
        Assert.AreEqual(0.1, (lines.Count - distinct) / (double)distinct, 0.01);
    }

    [TestMethod]
    public void OpenTelemetry_BrokenPerDay_ShowsEachKindEveryDay()
    {
        foreach (var day in Lines(Plan() with { Faults = TelemetryFaults.None with { BrokenPerDay = 3 }, FailuresPerThousandDeviceDays = 0, MaintenanceEveryDays = 0 }))
        {
            CollectionAssert.AreEquivalent(BrokenValues, day.Select(line => line.Split(',')[4]).Where(BrokenValues.Contains).ToList());
        }
    }

    [TestMethod]
    public void OpenTelemetry_ExporterGaps_AreMissingRowsOfWholeHosts()
    {
        var plan = Plan() with { Faults = TelemetryFaults.None with { GapsPerHostDay = 3 }, FailuresPerThousandDeviceDays = 0, MaintenanceEveryDays = 0 };
        var simulated = Simulator.Run(Center(Pool(Ai, 16)), plan, Catalog);
        var rows = simulated.Days.SelectMany(day => Rows(TelemetryOf(simulated, day))).ToList();
        Assert.IsLessThan(16 * 1_440 * 4, rows.Count);
        Assert.IsTrue(rows.GroupBy(row => (row[0], row[2])).All(group => group.Count() == 8));
    }

    [TestMethod]
    public void OpenTelemetry_StuckGauge_ReadsZeroWhileTheCardDrawsPower()
    {
        var plan = Plan(2.0) with { Faults = TelemetryFaults.None with { SilentShare = 1 } };
        var simulated = Simulator.Run(Center(Pool(Ai, 16)), plan, Catalog);
        var rows = simulated.Days.SelectMany(day => Rows(TelemetryOf(simulated, day))).ToList();
        Assert.Contains(row => row[4] == "0" && Number(row[6]) > 0.6 * 310, rows);
        var stuck = simulated.Fleet.Devices.ToDictionary(device => device.Id.Value, device => device.Silent);
        Assert.IsTrue(rows.Where(row => stuck[row[1]].Contains(Second(row[0]) * Micros.PerSecond)).All(row => row[4] == "0"));
    }

    [TestMethod]
    public void OpenTelemetry_DownDevices_SayNothing()
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 24)), Plan(days: 6) with { FailuresPerThousandDeviceDays = 100, SwapShare = 0.5 }, Catalog);
        var devices = simulated.Fleet.Devices.ToDictionary(device => device.Id.Value);
        Assert.Contains(device => device.Dark.Length > 0, simulated.Fleet.Devices);
        foreach (var row in simulated.Days.SelectMany(day => Rows(TelemetryOf(simulated, day))))
        {
            Assert.IsTrue(devices[row[1]].IsUpAt(Second(row[0]) * Micros.PerSecond));
        }
    }

    [TestMethod]
    public void OpenTelemetry_ReadByTheByte_IsTheSameText()
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 4, perHost: 2)), Plan(days: 1), Catalog);
        using var stream = simulated.OpenTelemetry(simulated.Plan.From);
        using var bytes = new MemoryStream();
        for (var next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
        {
            bytes.WriteByte((byte)next);
        }

        Assert.AreEqual(TelemetryOf(simulated, simulated.Plan.From), System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [TestMethod]
    public void OpenTelemetry_PoolWithoutGauges_HasOnlyAHeader()
    {
        var simulated = Simulator.Run(Center(Pool(Hpc, 6, perHost: 1, model: null, hasGauge: false)), Plan(days: 1), Catalog);
        Assert.AreEqual(Header + "\n", TelemetryOf(simulated, simulated.Plan.From));
    }

    [TestMethod]
    public void OpenTelemetry_DayOutsideThePlan_Throws() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Simulator.Run(Center(Pool(Ai, 8)), Plan(), Catalog).OpenTelemetry(Plan().Until));

    private static List<List<string>> Lines(SimulationPlan plan)
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 16)), plan, Catalog);
        return [.. simulated.Days.Select(day => TelemetryOf(simulated, day).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToList())];
    }

    private static long Second(string row) => long.Parse(row.Split(',')[0], CultureInfo.InvariantCulture);

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
