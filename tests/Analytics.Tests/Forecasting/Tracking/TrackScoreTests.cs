using System.Collections.Immutable;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Tracking;

namespace Headroom.Analytics.Tests.Forecasting.Tracking;

[TestClass]
public sealed class TrackScoreTests
{
    // Differences over two steps are all 2: the scale.
    private static readonly double[] History = [0, 10, 2, 12, 4, 14];

    [TestMethod]
    public void Of_KnownTruth_IsWorkedOutByHand()
    {
        var issued = new IssuedPaths(1, [4, 4, 4, 4], [new(0.8, [2, 2, 2, 2], [6, 6, 6, 6])], [new("drift", [6, 6, 6, 6])]);
        var row = TrackTable.Of([TrackScore.Of(issued, History, [6, 5, double.NaN, 9], season: 2, stepsPerSpan: 2)!])[0];

        // Errors 2, 1, none, 5 over the scale 2.
        Assert.AreEqual((TrackScore.Published, 1), (row.Model, row.Forecasts));
        Assert.AreEqual(8 / 2.0 / 3, row.All.Mase!.Value, 1e-12);
        Assert.AreEqual(8 / 2.0 / 3, row.All.Bias!.Value, 1e-12);
        Assert.AreEqual((0.8, 2 / 3.0), row.All.Held.Single());
        // Twice pinball, three columns: |e|; 0.1 (y - 2) below; at 6 the weight is 0.1 inside and 0.9 outside.
        var steps = new[] { (2, 0.1 * 4 + 0), (1, (0.1 * 3) + (0.1 * 1)), (5, (0.1 * 7) + (0.9 * 3)) };
        Assert.AreEqual(steps.Average(s => (s.Item1 + (2 * s.Item2)) / 3 / 2.0), row.All.Pinball!.Value, 1e-12);
        CollectionAssert.AreEqual(new[] { 2, 1 }, row.Spans.Select(span => span.Known).ToArray());
        Assert.AreEqual(0.75, row.Spans[0].Mase!.Value, 1e-12);
    }

    [TestMethod]
    public void Of_AModelAlone_HasNoBands()
    {
        var issued = new IssuedPaths(1, [4], [new(0.8, [2], [6])], [new("drift", [6])]);
        var row = TrackTable.Of([TrackScore.Of(issued, History, [5], season: 2, stepsPerSpan: 1)!])[1];

        Assert.AreEqual("drift", row.Model);
        Assert.AreEqual(-0.5, row.All.Bias!.Value, 1e-12);
        Assert.IsNull(row.All.Pinball);
        Assert.IsEmpty(row.All.Held);
    }

    [TestMethod]
    public void Of_NothingKnownOrNoScale_IsNull()
    {
        var issued = new IssuedPaths(1, [4], [], []);

        Assert.IsNull(TrackScore.Of(issued, History, [double.NaN], season: 2, stepsPerSpan: 1));
        Assert.IsNull(TrackScore.Of(issued, [3, 3, 3, 3], [4], season: 2, stepsPerSpan: 1));
        Assert.IsNull(TrackScore.Of(issued, [3], [4], season: 2, stepsPerSpan: 1));
    }
}
