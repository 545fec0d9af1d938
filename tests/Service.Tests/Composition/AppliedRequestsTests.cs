using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Service.Composition;

namespace Headroom.Service.Tests.Composition;

/// <summary>Who may leave: contracts in force that end and are not followed.</summary>
[TestClass]
public sealed class AppliedRequestsTests
{
    private const long Now = 400 * Micros.PerDay;
    private static readonly PoolId Pool = new("main");

    [TestMethod]
    public void Of_ContractThatEnds_IsADepartureOfWhatItHolds()
    {
        // Nobody knows a contract that ended: one of each imagined.
        var departure = Departures([Contract("a", 32, 300, 410)]).Single();

        Assert.AreEqual((410 * Micros.PerDay, 32.0, 0.5), (departure.At, departure.Devices, departure.Probability));
    }

    [TestMethod]
    public void Of_ContractThatIsFollowedOrOpenOrOver_IsNone()
    {
        Assert.IsEmpty(Departures([Contract("a", 32, 300, 410), Contract("a2", 16, 405, 500, RequestState.Pending)]));
        Assert.IsEmpty(Departures([Contract("a", 32, 300, null)]));
        Assert.IsEmpty(Departures([Contract("a", 32, 300, 390, RequestState.Completed)]));
        Assert.HasCount(1, Departures([Contract("a", 32, 300, 410), Contract("a2", 16, 450, 500, RequestState.Pending)]), "forty days later is no sequel");
        Assert.HasCount(1, Departures([Contract("a", 32, 300, 410), Contract("a2", 16, 405, 500, RequestState.Rejected)]));
    }

    [TestMethod]
    public void Leave_ContractsThatEnded_SayHowManyWereFollowed()
    {
        // Three ended, one of them was followed: (1 + 2) / (2 + 3).
        RequestFact[] requests =
        [
            Contract("a", 8, 100, 200, RequestState.Completed), Contract("a2", 8, 200, 380, RequestState.Completed),
            Contract("b", 8, 100, 200, RequestState.Completed, tenant: "b"), Contract("c", 8, 300, 500, tenant: "c"),
        ];

        Assert.AreEqual(0.6, AppliedRequests.Leave(requests, Now), 1e-12);
    }

    private static ImmutableArray<Departure> Departures(RequestFact[] requests) =>
        [.. AppliedRequests.Of(null, requests, [new(Now - Micros.PerHour, 100, 80, null)], Pool, Now).Tenants.SelectMany(tenant => tenant.Departures)];

    private static RequestFact Contract(string id, int devices, int from, int? until, RequestState state = RequestState.Running, string tenant = "a") => new(
        id, new(tenant), Pool, devices, from * Micros.PerDay, from * Micros.PerDay, until * Micros.PerDay, state, null, null, null, null, null, null, null, null);
}
