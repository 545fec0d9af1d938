using System.Security.Cryptography;
using System.Text;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;
using static Headroom.Simulation.Tests.SmallCenters;

namespace Headroom.Simulation.Tests;

[TestClass]
public sealed class SimulatorTests
{
    /// <summary>All files of the center below. It changes only with the simulator itself, never with the machine.</summary>
    private const string Fingerprint = "03BB22204744F477";

    [TestMethod]
    public void Run_SameSeed_MakesTheSameBytesOnAnyMachine()
    {
        Assert.AreEqual(Hash(Plan()), Hash(Plan()));
        Assert.AreEqual(Fingerprint, Hash(Plan()));
    }

    [TestMethod]
    public void Run_AnotherSeed_MakesOtherBytes() => Assert.AreNotEqual(Hash(Plan(seed: 7)), Hash(Plan(seed: 8)));

    [TestMethod]
    public void OpenTelemetry_DaysReadInAnotherOrder_AreTheSame()
    {
        var one = Simulator.Run(Center(Pool(Ai, 16)), Plan(), Catalog);
        var other = Simulator.Run(Center(Pool(Ai, 16)), Plan(), Catalog);
        var forward = one.Days.Select(day => TelemetryOf(one, day)).ToList();
        var backward = other.Days.Reverse().Select(day => TelemetryOf(other, day)).Reverse().ToList();
        CollectionAssert.AreEqual(forward, backward);
    }

    [TestMethod]
    [DataRow(0.7, 64, 21, 0.0, DisplayName = "below capacity")]
    [DataRow(2.0, 64, 21, 0.0, DisplayName = "twice capacity")]
    [DataRow(0.8, 128, 35, 0.6, DisplayName = "growing")]
    public void Run_DemandTarget_IsTheMeanOfTheHiddenDemand(double ratio, int devices, int days, double growth)
    {
        var plan = Plan(ratio, days) with { Pools = [new(Ai, new DemandTarget.OfCapacity(ratio), GrowthPerMonth: growth)] };
        var simulated = Simulator.Run(Center(Pool(Ai, devices)), plan, Catalog);
        Assert.AreEqual(1, simulated.Truth.MeanDemand(0) / (ratio * devices), 0.03);
    }

    [TestMethod]
    public void Run_DemandInPetaflops_IsDividedByTheRating()
    {
        var plan = Plan(days: 14) with { Pools = [new(Ai, new DemandTarget.InPetaflops(25.6))] };
        var simulated = Simulator.Run(Center(Pool(Ai, devices: null, nameplate: 12.8)), plan, Catalog);
        Assert.AreEqual(50, simulated.Fleet.Pools[0].Devices, "12.8 P of 256 TFLOPS");
        Assert.AreEqual(100, simulated.Truth.MeanDemand(0), 3, "25.6 P of 256 TFLOPS");
    }

    [TestMethod]
    public void Run_DemandInPetaflopsOfAnUnratedModel_IsRefused()
    {
        var plan = Plan() with { Pools = [new(Ai, new DemandTarget.InPetaflops(10))] };
        var refusal = Assert.ThrowsExactly<InvalidPlanException>(() => Simulator.Run(Center(Pool(Ai, 8, model: null)), plan, Catalog));
        Assert.Contains("pool ai", refusal.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Run_DemandOfTwiceCapacity_IsFullFromTheFirstHour()
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 128)), Plan(2.0) with { FailuresPerThousandDeviceDays = 0 }, Catalog);
        var first = simulated.Truth.Rows().First();
        Assert.IsGreaterThan(0.85 * 128, first.Allocated);
        Assert.IsGreaterThan(0, first.Queued);
    }

    [TestMethod]
    public void Run_LevelShift_RaisesArrivalsFromThatDayOn()
    {
        var plan = Plan(0.7, days: 28) with { Shift = new(new(2021, 11, 29), 1.0) };
        var rows = Simulator.Run(Center(Pool(Ai, 128)), plan, Catalog).Truth.Rows().Select(row => row.Demand).ToList();
        Assert.AreEqual(2.0, rows.Skip(24 * 15).Average() / rows.Take(24 * 14).Average(), 0.5);
    }

    [TestMethod]
    public void Run_DevicesAdded_AreUsedFromThatDayOn()
    {
        var plan = Plan(2.0) with { Additions = [new(new(2021, 11, 17), Ai, 16)], FailuresPerThousandDeviceDays = 0, MaintenanceEveryDays = 0 };
        var simulated = Simulator.Run(Center(Pool(Ai, 32)), plan, Catalog);
        var rows = simulated.Truth.Rows().Select(row => row.Allocated).ToList();
        Assert.HasCount(48, simulated.Fleet.Devices);
        Assert.IsLessThanOrEqualTo(32, rows.Take(48).Max());
        Assert.IsGreaterThan(40, rows.Skip(60).Average());
        var midnight = simulated.Center.Clock().Day(new(2021, 11, 17)).From;
        var added = simulated.Fleet.Devices.Where(device => device.Installed.From == midnight).Select(device => device.Ordinal).ToHashSet();
        Assert.HasCount(16, added);
        Assert.IsTrue(simulated.Attempts.Where(a => a.Devices.Any(added.Contains)).All(a => a.Started >= midnight));
    }

    [TestMethod]
    public void Run_CardSwapped_SitsInTheSameSlotFromThenOn()
    {
        var plan = Plan(days: 30) with { FailuresPerThousandDeviceDays = 30, SwapShare = 1 };
        var simulated = Simulator.Run(Center(Pool(Ai, 16)), plan, Catalog);
        var slots = simulated.Fleet.Devices.GroupBy(device => (device.Host, device.Slot)).Where(slot => slot.Count() > 1).ToList();
        Assert.IsNotEmpty(slots);
        foreach (var slot in slots.Select(slot => slot.OrderBy(device => device.Installed.From).ToList()))
        {
            for (var i = 1; i < slot.Count; i++)
            {
                Assert.AreEqual(slot[i - 1].Installed.Until, slot[i].Installed.From);
                Assert.AreNotEqual(slot[i - 1].Id, slot[i].Id);
            }
        }
    }

    [TestMethod]
    public void Run_CenterWithoutDemand_StaysIdle()
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 8)), Plan(ratio: 0), Catalog);
        Assert.IsEmpty(simulated.Attempts);
        Assert.AreEqual(0, simulated.Truth.MeanDemand(0));
    }

    [TestMethod]
    public void Run_Berlin_HasADayOf25Hours()
    {
        var plan = Plan() with { From = new(2021, 10, 30), Until = new(2021, 11, 2) };
        var simulated = Simulator.Run(Center("Europe/Berlin", Pool(Ai, 8)), plan, Catalog);
        foreach (var day in simulated.Days)
        {
            TelemetryOf(simulated, day);
        }

        Assert.AreEqual(24 + 25 + 24, simulated.Truth.Rows().Count());
        Assert.IsTrue(simulated.Truth.Rows().All(row => row.BusyDeviceHours is >= 0 and <= 8));
    }

    [TestMethod]
    public void Run_Requests_KeepTheirOrderOfEvents()
    {
        var simulated = Simulator.Run(Center(Pool(Ai, 32), Pool(Hpc, 20, perHost: 1, model: null, hasGauge: false)), Plan(days: 10), Catalog);
        Assert.IsTrue(simulated.Requests.All(r => r.Submitted <= r.Eligible && r.Devices >= 1 && r.Runtime > 0 && r.Runtime % Micros.PerSecond == 0));
        Assert.HasCount(simulated.Requests.Length, simulated.Requests.Select(r => r.JobId).Distinct().ToList());
        Assert.Contains(r => r.Patience == Instants.Never, simulated.Requests);
        Assert.Contains(a => a.State == JobState.Cancelled && a.Started is null, simulated.Attempts);
    }

    [TestMethod]
    [DynamicData(nameof(BadPlans))]
    public void Run_PlanOutOfRange_IsRefusedWithTheRule(SimulationPlan plan, string rule)
    {
        var refusal = Assert.ThrowsExactly<InvalidPlanException>(() => Simulator.Run(Center(Pool(Ai, 8)), plan, Catalog));
        Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
    }

    public static IEnumerable<object[]> BadPlans =>
    [
        [Plan() with { Until = Plan().From }, "From comes before Until"],
        [Plan() with { PeriodSeconds = 7 }, "PeriodSeconds"],
        [Plan() with { SwapShare = 1.1 }, "SwapShare"],
        [Plan() with { Faults = new() { LateShare = -0.1 } }, "LateShare"],
        [Plan() with { Faults = new() { GapsPerHostDay = -1 } }, "GapsPerHostDay"],
        [Plan() with { FailuresPerThousandDeviceDays = -1 }, "FailuresPerThousandDeviceDays"],
        [Plan() with { MeanPatienceHours = 0 }, "MeanPatienceHours"],
        [Plan() with { Shift = new(new(2021, 11, 16), -1) }, "level shift"],
        [Plan() with { Additions = [new(Plan().Until, Ai, 8)] }, "addition"],
        [Plan() with { Pools = [new(Ai, new DemandTarget.InDevices(double.NaN))] }, "demand"],
    ];

    [TestMethod]
    public void Demo_ShippedCenters_AreTheDaysOfTheirClaims()
    {
        var wuhan = SimulationPlan.Demo(Center(Pool(Ai, 400)) with { Id = new("wuhan") });
        Assert.AreEqual((new DateOnly(2021, 11, 14), new DateOnly(2021, 12, 19), 60), (wuhan.FirstTelemetry, wuhan.Until, wuhan.PeriodSeconds));
        Assert.AreEqual((new DateOnly(2021, 5, 31), true), (wuhan.From, wuhan.Opens), "records tell of all days since the opening");
        Assert.AreEqual(new DemandTarget.InPetaflops(200), wuhan.For(Ai).Demand);
        var qingdao = SimulationPlan.Demo(Center(Pool(Ai, null)) with { Id = new("qingdao") });
        Assert.AreEqual((new DateOnly(2022, 11, 27), new DateOnly(2023, 1, 1), 128), (qingdao.From, qingdao.Until, qingdao.For(Ai).Devices!.Value));
    }

    private static string Hash(SimulationPlan plan)
    {
        var center = Center(Pool(Ai, 32), Pool(Hpc, 12, perHost: 1, model: null, hasGauge: false));
        var simulated = Simulator.Run(center, plan with { FailuresPerThousandDeviceDays = 20 }, Catalog);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var day in simulated.Days)
        {
            Append(TelemetryOf(simulated, day));
        }

        Append(Text(to => RecordFiles.WriteJobs(simulated, to)));
        Append(Text(to => RecordFiles.WriteInventory(simulated, to)));
        Append(Text(to => RecordFiles.WriteRequests(simulated, to)));
        Append(Text(to => RecordFiles.WriteTruth(simulated, to)));
        return Convert.ToHexString(hash.GetHashAndReset())[..16];

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
