using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

[TestClass]
public sealed class AppliedDemandTests
{
    private const int Days = 60;
    private static readonly CenterClock Clock = new("UTC");

    private static long Day(int day) => day * Micros.PerDay;

    private static PlannedRequest Request(int devices, int fromDay, double probability, bool isContract = false) =>
        new(devices, new(Day(fromDay), Instants.Never), probability, isContract);

    /// <summary>Flat demand of 80 on 100 devices, and what is applied for.</summary>
    private static SaturationAnswer Ask(params TenantPlan[] tenants)
    {
        var hours = Enumerable.Range(0, Days * 24).Select(hour => hour * Micros.PerHour).ToList();
        return SaturationForecast.Of(new(
            new DemandAnswer.Estimate(new([.. hours.Select(hour => DemandHour.Exactly(hour, 80))], []), DemandMethod.IntervalSweep),
            [.. hours.Select(hour => new ObservedHour(hour, 100, 0, null))],
            Clock)
        {
            Applied = new(ImmutableDictionary<long, double>.Empty, [.. tenants]),
            HorizonDays = 100,
        });
    }

    [TestMethod]
    public void Of_RequestThatSurelyComes_SaturatesOnItsDay()
    {
        var answer = (SaturationAnswer.Distribution)Ask(new TenantPlan(0, [Request(30, Days + 20, 1)]));

        Assert.AreEqual(new DateOnly(1970, 1, 1).AddDays(Days + 20), answer.P50);
        Assert.AreEqual(0, answer.Never);
    }

    // Half of 30 devices on 80 is 95 of 100, above the target in every path: that is what multiplying would say.
    [TestMethod]
    public void Of_RequestThatMayCome_SaturatesInThatShareOfThePaths()
    {
        var answer = (SaturationAnswer.Distribution)Ask(new TenantPlan(0, [Request(30, Days + 20, 0.5)]));

        Assert.AreEqual(0.5, answer.Never, 0.05);
    }

    // 80 devices of jobs, 50 of them of this tenant: a contract of 60 asks for 10 more, which is not above 90.
    [TestMethod]
    public void Of_ContractOfATenantWithJobs_CountsOnlyBeyondThem() =>
        Assert.IsInstanceOfType<SaturationAnswer.NotWithinHorizon>(Ask(new TenantPlan(50, [Request(60, Days + 20, 1, isContract: true)])));

    // 15 more on 80 are above the target, unless the tenant whose contract ends that day takes its 40 along.
    [TestMethod]
    public void Of_TenantWhoMayLeave_LeavesInThatShareOfThePaths()
    {
        var answer = (SaturationAnswer.Distribution)Ask(new TenantPlan(0, [Request(15, Days + 20, 1)]), new TenantPlan(40, []) { Departures = [new(Day(Days + 20), 40, 0.3)] });

        Assert.AreEqual(0.3, answer.Never, 0.05);
        Assert.AreEqual(new DateOnly(1970, 1, 1).AddDays(Days + 20), answer.P50);
    }

    [TestMethod]
    public void Of_MoreLeavesThanIsAsked_DemandIsNothingAndNotLess() =>
        Assert.AreEqual(0, Ask(new TenantPlan(500, []) { Departures = [new(Day(Days + 2), 500, 1)] }).Ahead[50].Low80);

    [TestMethod]
    public void Backlog_OneJobThatWaits_IsItsSizeTimesTheMeanRuntime()
    {
        // 400 jobs of exactly two hours, and one of 8 devices that waits.
        var over = Enumerable.Range(0, 400).Select(i => new Episode(i * Micros.PerHour, 8, i * Micros.PerHour, 2 * Micros.PerHour, EpisodeState.Over, null, (i + 2) * Micros.PerHour));
        var now = 500 * Micros.PerHour;
        var waits = new Episode(now - Micros.PerHour, 8, null, 0, EpisodeState.Waiting, null, now);
        var backlog = Backlog.Of(new([], [.. over, waits], now))!.Value;

        Assert.AreEqual(8 * 2 / 24.0, backlog.DeviceDays, 0.05, "ages are counted in bins of 5 %");
        Assert.IsTrue(backlog.Low80 <= backlog.DeviceDays && backlog.DeviceDays <= backlog.High80);
        Assert.IsNull(Backlog.Of(new([], null, now)));
        Assert.AreEqual(0, Backlog.Of(new([], [.. over], now))!.Value.DeviceDays);
    }

    [TestMethod]
    public void Ties_JobsThatEndTogether_AreAlike()
    {
        static RuntimeTies Of(bool together) => RuntimeTies.Of(Enumerable.Range(0, 2_000).Select(i =>
        {
            var random = new Headroom.Analytics.Randomness.SplitMix((ulong)(together ? i / 20 : i) + 7);
            var lived = random.Exponential();
            return new RuntimeTies.Life($"t{i / 20}", i / 20, 1, Math.Min(lived, 2), lived < 2);
        }));

        Assert.IsGreaterThan(0.3, Of(together: true).Tenant + Of(together: true).Batch + Of(together: true).Week);
        Assert.IsLessThan(0.1, Of(together: false).Tenant + Of(together: false).Batch + Of(together: false).Week);
    }
}
