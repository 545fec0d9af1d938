using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Service.Composition;

namespace Headroom.Service.Tests.Composition;

[TestClass]
public sealed class KnownAheadTests
{
    private static readonly CenterClock Clock = new("Asia/Shanghai");
    private static readonly DateOnly Today = new(2026, 3, 2);
    private static readonly Window Ahead = new(Clock.Day(Today).From, Clock.Day(Today.AddDays(7)).From);

    [TestMethod]
    public void Of_TwoPhasesAndAQueue_EachLetsInWhatIsLeftOfIt()
    {
        var events = KnownAhead.Of(Pool(queued: 100, [Phase(1, 60), Phase(3, 60), Phase(5, 60)], []), Ahead);

        CollectionAssert.AreEqual(new[] { 60.0, 40 }, events.Select(e => e.Amount).ToArray());
        CollectionAssert.AreEqual(new[] { Clock.Day(Today.AddDays(1)).From, Clock.Day(Today.AddDays(3)).From }, events.Select(e => e.AtMicros).ToArray());
    }

    [TestMethod]
    public void Of_WhatIsNotCommittedOrNotAhead_IsNoEvent() => Assert.IsEmpty(KnownAhead.Of(
        Pool(queued: 100, [Phase(1, 60) with { Status = PhaseStatus.Candidate }, Phase(-1, 60), Phase(9, 60)], [new(0, [Request(9, 8, 1, isContract: true), Request(-1, 8, 1, isContract: true)])]), Ahead));

    [TestMethod]
    public void Of_PhaseThatSlips_OpensOnItsLikelyDay() =>
        Assert.AreEqual(Clock.Day(Today.AddDays(4)).From, KnownAhead.Of(Pool(queued: 10, [Phase(1, 60) with { SlipDays = (0, 3, 9) }], []), Ahead).Single().AtMicros);

    [TestMethod]
    public void Of_Arrivals_CountBeyondTheJobsOfTheirTenantAndAsLikelyAsTheyAre()
    {
        var events = KnownAhead.Of(
            Pool(queued: 0, [], [new(Jobs: 24, [Request(2, 64, 1, isContract: true)]), new(Jobs: 24, [Request(4, 32, 0.3, isContract: false)]), new(Jobs: 24, [Request(5, 16, 1, isContract: true)])]), Ahead);

        CollectionAssert.AreEqual(new[] { (40.0, 1.0), (32.0, 0.3) }, events.Select(e => (e.Amount, e.Probability)).ToArray());
    }

    [TestMethod]
    public void Of_ContractThatEnds_TakesWhatItHoldsAsLikelyAsItsTenantLeaves()
    {
        var events = KnownAhead.Of(
            Pool(queued: 0, [], [new(Jobs: 24, []) { Departures = [new(Clock.Day(Today.AddDays(3)).From, 20, 0.5), new(Clock.Day(Today.AddDays(30)).From, 4, 0.5)] }]), Ahead);

        Assert.AreEqual((KnownEvent.DepartureName, -20.0, 0.5), (events.Single().What, events.Single().Amount, events.Single().Probability));
    }

    private static CapacityPhase Phase(int days, double devices) => new(Today.AddDays(days), null, devices, PhaseStatus.Committed, (0, 0, 0));

    private static PlannedRequest Request(int days, int devices, double probability, bool isContract) =>
        new(devices, new(Clock.Day(Today.AddDays(days)).From, Instants.Never), probability, isContract);

    private static PoolDemand Pool(double queued, ImmutableArray<CapacityPhase> phases, ImmutableArray<TenantPlan> tenants)
    {
        ImmutableArray<ObservedHour> observed = [new(Ahead.From - Micros.PerHour, 512, 512, queued)];
        var input = new DemandInput(observed, null, Ahead.From) { Applied = AppliedDemand.None with { Tenants = tenants } };
        return new(new PoolId("main"), input, new(phases), Clock, [], [], null);
    }
}
