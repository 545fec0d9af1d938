using System.Globalization;
using Headroom.Domain.Time;
using Headroom.Simulation.Plans;
using static Headroom.Simulation.Tests.SmallCenters;

namespace Headroom.Simulation.Tests.Truths;

[TestClass]
public sealed class TruthTests
{
    [TestMethod]
    public void Rows_SecondBySecondRecount_IsTheSame()
    {
        var plan = Plan(1.8, days: 2) with { FailuresPerThousandDeviceDays = 50 };
        var simulated = Simulator.Run(Center(Pool(Ai, 12, perHost: 4), Pool(Hpc, 6, perHost: 1, model: null, hasGauge: false)), plan, Catalog);
        foreach (var row in simulated.Truth.Rows())
        {
            var (demand, queued, allocated) = (0L, 0L, 0L);
            var requests = simulated.Requests.Where(r => r.Pool == row.Pool).ToList();
            var attempts = simulated.Attempts.Where(a => a.Request.Pool == row.Pool).ToList();
            for (var at = row.Hour; at < row.Hour + Micros.PerHour; at += Micros.PerSecond)
            {
                demand += requests.Sum(r => r.Eligible <= at && at < r.Eligible + r.Runtime ? r.Devices : 0);
                queued += attempts.Sum(a => a.Eligible <= at && at < (a.Started ?? a.Ended ?? Instants.Never) ? a.Request.Devices : 0);
                allocated += attempts.Sum(a => a.Started <= at && at < (a.Ended ?? Instants.Never) ? a.Request.Devices : 0);
            }

            Assert.AreEqual((demand / 3_600.0, queued / 3_600.0, allocated / 3_600.0), (row.Demand, row.Queued, row.Allocated));
        }
    }

    [TestMethod]
    public void BusyDeviceHours_RecountFromCompleteTelemetry_IsTheSame()
    {
        var plan = Plan(1.2, days: 2) with { Faults = TelemetryFaults.None };
        var simulated = Simulator.Run(Center(Pool(Ai, 12, perHost: 4)), plan, Catalog);
        var busy = new Dictionary<long, double>();
        foreach (var row in simulated.Days.SelectMany(day => Rows(TelemetryOf(simulated, day))))
        {
            var second = long.Parse(row[0], CultureInfo.InvariantCulture);
            var duty = double.Parse(row[4], CultureInfo.InvariantCulture) / 100;
            for (var at = second - 60; at < second; at++)
            {
                var hour = at / 3_600 * 3_600 * Micros.PerSecond;
                busy[hour] = busy.GetValueOrDefault(hour) + (duty / 3_600);
            }
        }

        foreach (var row in simulated.Truth.Rows().SkipLast(1))
        {
            Assert.AreEqual(busy.GetValueOrDefault(row.Hour), row.BusyDeviceHours!.Value, 1e-6);
        }
    }

    [TestMethod]
    public void BusyDeviceHours_TelemetryNotRead_IsNull() =>
        Assert.IsTrue(Simulator.Run(Center(Pool(Ai, 8)), Plan(), Catalog).Truth.Rows().All(row => row.BusyDeviceHours is null));
}
