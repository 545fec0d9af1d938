using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Ledger;

[TestClass]
public sealed class FiledTwiceTests
{
    [TestMethod]
    public void Of_OneIdOfOneApplicant_IsCertainlyOneAndCountsWhereItIsInForce()
    {
        var set = FiledRequests.Of([At("a", "r1", "t", 64), At("b", "r1", "t", 60, RequestState.Running), At("a", "r2", "t", 64, day: 9)]).Single();
        Assert.AreEqual((true, "b", 2), (set.IsCertain, set.Counted.Center.Value, set.Filings.Length));
    }

    // Each center numbers its applications from one on.
    [TestMethod]
    public void Of_OneIdOfOneApplicantAtTimesThatNeverMeet_IsTwo() =>
        Assert.IsEmpty(FiledRequests.Of([At("a", "r1", "t", 64), At("b", "r1", "t", 64, day: 31)]));

    [TestMethod]
    [DataRow("t", null, "t", null, 64, 1, true, DisplayName = "tenant, size and days")]
    [DataRow("t", "91420100", "other name", "91420100", 64, 1, true, DisplayName = "the applicant's own id")]
    [DataRow("t", null, "u", null, 64, 1, false, DisplayName = "another tenant")]
    [DataRow("t", null, "t", null, 63, 1, false, DisplayName = "another size")]
    [DataRow("t", null, "t", null, 64, 2, false, DisplayName = "another day")]
    public void Of_OtherIds_IsLikelyOneWhereApplicantSizeAndDaysAgree(string tenant, string? applicant, string otherTenant, string? otherApplicant, int devices, int day, bool isOne)
    {
        var found = FiledRequests.Of([At("a", "r1", tenant, 64, applicant: applicant), At("b", "q7", otherTenant, devices, day: day, applicant: otherApplicant)]);
        Assert.AreEqual(isOne ? 1 : 0, found.Length);
        Assert.IsTrue(found.All(set => !set.IsCertain));
    }

    // Two of 64 at one center and one at the other: at least two requests, at most three.
    [TestMethod]
    public void Counted_AlikeAtOneCenter_AreTwoAndOnlyOneOfThemIsPaired()
    {
        Filing[] filings = [At("a", "r1", "t", 64), At("a", "r2", "t", 64), At("b", "q1", "t", 64)];
        var twice = FiledRequests.Of(filings);
        Assert.AreEqual((2, 3), (Count(likely: true), Count(likely: false)));

        int Count(bool likely) => filings.GroupBy(filing => filing.Center).Sum(own => FiledRequests.Counted(own.Select(filing => filing.Request), own.Key, twice, likely).Count());
    }

    private static Filing At(string center, string id, string tenant, int devices, RequestState state = RequestState.Pending, int day = 1, string? applicant = null) => new(
        new(center),
        new(id, new(tenant), null, devices, 0, day * Micros.PerDay, (day + 30) * Micros.PerDay, state, null, null, null, null, null, null, null, applicant));
}
