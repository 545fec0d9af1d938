using FsCheck;
using FsCheck.Fluent;
using Headroom.Analytics.Forecasting.Intervals;

namespace Headroom.Analytics.Tests.Forecasting.Intervals;

[TestClass]
public sealed class RollingOriginsTests
{
    [TestMethod]
    public void Choose_LongHistory_LeavesWholeHorizonsWholeSeasonsApart()
    {
        var lengths = RollingOrigins.Choose(length: 700, horizon: 48, season: 24, needs: 72);

        // 652 leaves 48 to score; 372 steps down to two fifths of the history make nine gaps of one day.
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).Select(i => 652 - ((9 - i) * 24)).ToArray(), lengths);
    }

    [TestMethod]
    public void Choose_HistoryShorterThanTheHorizon_ScoresWhatThereIs() =>
        CollectionAssert.AreEqual(new[] { 6, 7, 8, 9 }, RollingOrigins.Choose(length: 10, horizon: 48, season: 24, needs: 6));

    [TestMethod]
    public void Choose_NothingToScore_IsEmpty() => Assert.IsEmpty(RollingOrigins.Choose(length: 1, horizon: 5, season: 1, needs: 1));

    [TestMethod]
    public void Choose_Anything_RisesWithinTheHistory() =>
        Prop.ForAll(
            Gen.Choose(1, 2_000).ToArbitrary(),
            Gen.Choose(1, 400).ToArbitrary(),
            Gen.Choose(1, 200).ToArbitrary(),
            (length, horizon, season) =>
            {
                var needs = Math.Min(length, 3 * season);
                var lengths = RollingOrigins.Choose(length, horizon, season, needs);
                return lengths.Length <= RollingOrigins.Most
                    && lengths.All(l => l >= needs && l < length)
                    && lengths.SequenceEqual(lengths.Distinct().Order());
            }).QuickCheckThrowOnFailure();
}
