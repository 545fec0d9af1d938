using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Centers;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Saturation;

[TestClass]
public sealed class SaturationForecastTests
{
    private static readonly DateOnly First = new(2026, 1, 1);
    private static readonly CenterClock Clock = new("Asia/Shanghai");

    /// <summary>Demand by local day, the same in all hours of it.</summary>
    private static SaturationInput Days(int days, Func<int, double> demand, Func<int, double>? installed = null)
    {
        var hours = Enumerable.Range(0, days).SelectMany(day => Clock.Hours(First.AddDays(day)).Select(hour => (Day: day, hour.From))).ToList();
        ImmutableArray<DemandHour> series = [.. hours.Select(hour => DemandHour.Exactly(hour.From, demand(hour.Day)))];
        ImmutableArray<ObservedHour> observed = [.. hours.Select(hour => new ObservedHour(hour.From, installed?.Invoke(hour.Day) ?? 100, 0, null))];
        return new(new DemandAnswer.Estimate(new(series, []), DemandMethod.IntervalSweep), observed, Clock);
    }

    private static SaturationInput Bound(SaturationInput input) =>
        input with { Demand = new DemandAnswer.LowerBound(input.Demand.Hourly!, DemandReason.FullWithoutQueue, [WouldHelp.Jobs]) };

    private static CapacityPhase Phase(int day, double devices, (int, int, int) slip = default, PhaseStatus status = PhaseStatus.Committed) =>
        new(First.AddDays(day), null, devices, status, slip);

    [TestMethod]
    public void Of_LinearDemand_IsTheExactDay()
    {
        // 30 + 0.4 d > 90 first at d = 151.
        var answer = (SaturationAnswer.Distribution)SaturationForecast.Of(Days(60, day => 30 + (0.4 * day)));

        Assert.AreEqual((First.AddDays(151), First.AddDays(151), First.AddDays(151)), (answer.P10, answer.P50, answer.P90));
        Assert.AreEqual(0, answer.Never);
        Assert.IsTrue(answer.By.All(entry => entry.Probability == (entry.Date >= First.AddDays(151) ? 1 : 0)));
        Assert.AreEqual(First.AddDays(59 + 365), answer.By[^1].Date);
    }

    [TestMethod]
    public void Of_LinearDemandWithAWeek_IsTheExactWeek()
    {
        // Weekend days are 5 lower, so that the first of 7 days above is the first Monday (day 4 of 1 January 2026's week) whose week stays above.
        double Demand(int day) => 40 + (0.4 * day) - (First.AddDays(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 5 : 0);
        var expected = Enumerable.Range(60, 300).First(day => Enumerable.Range(day, 7).All(d => Demand(d) > 90));
        var answer = (SaturationAnswer.Distribution)SaturationForecast.Of(Days(63, Demand));

        // Weekends are told as shares of the level, which grow with it.
        Assert.AreEqual(First.AddDays(expected).DayNumber, answer.P50!.Value.DayNumber, 7);
    }

    [TestMethod]
    public void Of_DemandAlreadyAbove_IsSaturatedSinceItsFirstDay()
    {
        var answer = (SaturationAnswer.SaturatedSince)SaturationForecast.Of(Days(60, day => day < 20 ? 80 : 180));

        Assert.AreEqual(First.AddDays(20), answer.Since);
        Assert.IsNull(answer.Basis.AtLeast);
    }

    [TestMethod]
    public void Of_SixDaysAbove_AreNoSpell()
    {
        var answer = SaturationForecast.Of(Days(60, day => day is >= 20 and < 26 ? 95 : 70));

        Assert.IsNotInstanceOfType<SaturationAnswer.SaturatedSince>(answer);
        Assert.IsEmpty(answer.Past);
    }

    [TestMethod]
    public void Of_DemandExactlyAtTheThreshold_IsNotAbove() =>
        Assert.IsNotInstanceOfType<SaturationAnswer.SaturatedSince>(SaturationForecast.Of(Days(60, _ => 90)));

    [TestMethod]
    public void Of_LowerBoundAboveTheThreshold_ProvesSinceButNotHowMuch()
    {
        // METRICS section 7, F13.
        var answer = (SaturationAnswer.SaturatedSince)SaturationForecast.Of(Bound(Days(365, _ => 100)));

        Assert.AreEqual(First, answer.Since);
        Assert.AreEqual(DemandAnswerKind.LowerBound, answer.Basis.Demand);
        Assert.AreEqual(100, answer.Basis.AtLeast!.Value, 1e-9);
    }

    [TestMethod]
    public void Of_LowerBoundThatProvesNothing_IsNotIdentifiable()
    {
        var answer = (SaturationAnswer.NotIdentifiable)SaturationForecast.Of(Bound(Days(60, day => day % 3 == 0 ? 97 : 85)));

        Assert.AreEqual(DemandReason.FullWithoutQueue, answer.Because);
        Assert.AreEqual(89, answer.Basis.AtLeast!.Value, 4);
    }

    [TestMethod]
    public void Of_RefusedDemand_IsNotIdentifiable() => Assert.IsInstanceOfType<SaturationAnswer.NotIdentifiable>(
        SaturationForecast.Of(Days(60, _ => 50) with { Demand = new DemandAnswer.Refused(DemandReason.NothingObserved, [WouldHelp.Telemetry]) }));

    [TestMethod]
    public void Of_PhaseThatLiftedCapacity_EndsTheSpell()
    {
        var answer = SaturationForecast.Of(Days(60, _ => 95, day => day < 40 ? 100 : 200));

        CollectionAssert.AreEqual(new SaturationSpell[] { new(First, First.AddDays(40)) }, answer.Past);
        Assert.IsInstanceOfType<SaturationAnswer.NotWithinHorizon>(answer);
    }

    [TestMethod]
    public void Of_PhaseToCome_EndsTheSpellAndALaterOneIsListed()
    {
        // Above 90 from day 41 on; 100 more devices from day 90: above 180 from day 131 on.
        var answer = (SaturationAnswer.SaturatedSince)SaturationForecast.Of(Days(60, day => 49 + day) with { Capacity = new([Phase(90, 100)]) });

        Assert.AreEqual(First.AddDays(42), answer.Since);
        CollectionAssert.AreEqual(new SaturationSpell[] { new(First.AddDays(42), First.AddDays(90)), new(First.AddDays(132), null) }, answer.Later);
    }

    [TestMethod]
    public void Of_PhaseThatSlips_SpreadsTheDay()
    {
        // Without the phase above on day 71 (exactly 91); with it never within the horizon. It comes on day 65, 0 to 12 days late.
        var input = Days(60, day => 20 + day) with { Capacity = new([Phase(65, 1_000, (0, 6, 12))]), HorizonDays = 100 };
        var answer = SaturationForecast.Of(input);
        var never = answer switch
        {
            SaturationAnswer.Distribution some => some.Never,
            SaturationAnswer.NotWithinHorizon none => none.Never,
            _ => double.NaN,
        };

        // A spell needs days 71 to 77; the phase opens on day 77 at the latest, and on that day it prevents the spell.
        Assert.AreEqual(1, never, 1e-9);
        var late = (SaturationAnswer.Distribution)SaturationForecast.Of(input with { Capacity = new([Phase(65, 1_000, (0, 12, 24))]) });
        // Triangular on 0 to 24 days, rounded: at most 12 with probability 0.54.
        Assert.AreEqual(0.54, late.Never, 0.05);
    }

    [TestMethod]
    public void Of_CandidatePhase_DoesNotCount()
    {
        var linear = Days(60, day => 30 + (0.4 * day));
        var answer = (SaturationAnswer.Distribution)SaturationForecast.Of(linear with { Capacity = new([Phase(70, 1_000, default, PhaseStatus.Candidate)]) });

        Assert.AreEqual(First.AddDays(151), answer.P50);
    }

    [TestMethod]
    public void Of_LevelsThatFollowEachOther_LeaveNoHoleWhenOneSlips()
    {
        CapacityPlan plan = new([new(First, First.AddDays(70), 100, PhaseStatus.Installed, default), Phase(70, 200, (10, 10, 10))]);
        var path = plan.Likely(First.AddDays(59), 100, 40);

        CollectionAssert.AreEqual(Enumerable.Range(60, 40).Select(day => day < 80 ? 100.0 : 200.0).ToArray(), path);
    }

    [TestMethod]
    [DataRow(0, 0.999, DisplayName = "flat")]
    [DataRow(1, 0.95, DisplayName = "restless by 2 %")]
    [DataRow(3, 0.9, DisplayName = "restless by 5 %")]
    public void Of_ZeroGrowth_IsMostLikelyNever(double deviation, double atLeast)
    {
        var random = new SplitMix(5);
        var noise = Enumerable.Range(0, 120).Select(_ => 60 + (deviation * random.Normal())).ToArray();
        var (by, never) = SaturationForecast.Of(Days(120, day => noise[day])) switch
        {
            SaturationAnswer.Distribution some => (some.By, some.Never),
            SaturationAnswer.NotWithinHorizon none => (none.By, none.Never),
            _ => ([], 0),
        };

        // Half as much again within a year: nothing speaks for it, and four months do not rule it out.
        Assert.IsGreaterThan(atLeast, never);
        Assert.IsTrue(by.Zip(by.Skip(1)).All(pair => pair.First.Probability <= pair.Second.Probability));
    }

    [TestMethod]
    [DataRow(91, false, DisplayName = "one day short")]
    [DataRow(92, true, DisplayName = "on its last day")]
    public void Of_HorizonAroundTheDay_SeesItOnItsLastDay(int horizon, bool seen)
    {
        // Day 151; the last observed day is 59.
        var answer = SaturationForecast.Of(Days(60, day => 30 + (0.4 * day)) with { HorizonDays = horizon });

        Assert.AreEqual(seen, answer is SaturationAnswer.Distribution);
    }

    [TestMethod]
    public void Of_EffectiveCapacity_IsNamedAndComesSooner()
    {
        var answer = (SaturationAnswer.Distribution)SaturationForecast.Of(Days(60, day => 30 + (0.4 * day)) with { Packing = new(0.8, 0.7, 0.9, 100) });

        Assert.AreEqual(CapacityKind.Effective, answer.Basis.Capacity);
        Assert.AreEqual(100, answer.Basis.Packing!.Hours);
        Assert.AreEqual(First.AddDays(106), answer.P50);
    }

    [TestMethod]
    public void Of_SameSeed_SameAnswer()
    {
        var random = new SplitMix(6);
        var noise = Enumerable.Range(0, 90).Select(day => 60 + (0.2 * day) + (4 * random.Normal())).ToArray();
        var (one, same) = (SaturationForecast.Of(Days(90, day => noise[day])), SaturationForecast.Of(Days(90, day => noise[day])));
        var (first, second) = ((SaturationAnswer.Distribution)one, (SaturationAnswer.Distribution)same);

        Assert.AreEqual((first.P10, first.P50, first.P90, first.Never), (second.P10, second.P50, second.P90, second.Never));
        CollectionAssert.AreEqual(first.By, second.By);
        Assert.IsLessThan(first.P90 ?? DateOnly.MaxValue, first.P10!.Value);
    }

    [TestMethod]
    public void Of_ThetaOutsideItsRange_Throws() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SaturationForecast.Of(Days(10, _ => 50) with { Theta = 1.5 }));
}
