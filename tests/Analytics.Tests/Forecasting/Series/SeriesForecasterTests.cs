using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Tests.Forecasting.Series;

[TestClass]
public sealed class SeriesForecasterTests
{
    [TestMethod]
    public void Run_Hourly_DatesTheRowsAndTakesTheUsualSeasons()
    {
        var values = Synthetic.Load(700, 100, 0.1, seed: 1);
        var answer = Forecasted(Hours(700), values, new(48));

        CollectionAssert.AreEqual(new[] { 24, 168 }, answer.Seasons.ToArray());
        Assert.HasCount(48, answer.Rows);
        Assert.AreEqual((1, 700 * SeriesStep.Hour), (answer.Rows[0].Step, answer.Rows[0].TimestampMicros));
        Assert.AreEqual((48, 747 * SeriesStep.Hour), (answer.Rows[47].Step, answer.Rows[47].TimestampMicros));
        CollectionAssert.AreEqual(new[] { 0.5, 0.8, 0.95 }, answer.Rows[0].Bounds.Select(b => b.Level).ToArray());
        Assert.IsTrue(answer.Rows.All(r => r.Bounds.All(b => 0 <= b.Low && b.Low <= r.Mean && r.Mean <= b.High)));
    }

    [TestMethod]
    [DataRow(735, "7", "7,365", DisplayName = "a week brings the year")]
    [DataRow(300, "7", "7", DisplayName = "a year that was not seen")]
    [DataRow(735, "14", "14", DisplayName = "no week")]
    [DataRow(735, "7,28", "7,28", DisplayName = "more than a week")]
    public void Run_DaysWithSeasonsGiven_LookAtTheYearWithTheWeek(int days, string given, string taken)
    {
        var instants = Enumerable.Range(0, days).Select(day => day * SeriesStep.Day).ToArray();
        var answer = Forecasted(instants, Synthetic.Load(days, 100, 0.1, seed: 4), new(14, [.. given.Split(',').Select(int.Parse)]));

        Assert.AreEqual(taken, string.Join(',', answer.Seasons));
    }

    [TestMethod]
    public void Run_InstantsMissing_AreGapsOfTheGrid()
    {
        var (hours, values) = (Hours(700).ToList(), Synthetic.Load(700, 100, 0.1, seed: 2).ToList());
        hours.RemoveRange(300, 5);
        values.RemoveRange(300, 5);
        var answer = Forecasted([.. hours], [.. values], new(3));

        Assert.AreEqual(5, answer.GapSteps);
        Assert.AreEqual(700 * SeriesStep.Hour, answer.Rows[0].TimestampMicros);
    }

    [TestMethod]
    public void Run_OneInstantTwice_TheLastValueCounts()
    {
        var lastValue = new ForecasterCatalog([ForecasterCatalog.Default.Find("last-value")!]);
        var answer = Forecasted([0, SeriesStep.Day, 2 * SeriesStep.Day, 2 * SeriesStep.Day], [1, 2, 99, 3], new(1) { Catalog = lastValue });

        Assert.AreEqual(1, answer.RepeatedInstants);
        Assert.AreEqual(3, answer.Rows[0].Mean);
    }

    [TestMethod]
    public void Run_HistoryShorterThanTwoSeasons_DoesWithoutThatSeason() =>
        CollectionAssert.AreEqual(new[] { 24 }, Forecasted(Hours(200), Synthetic.Load(200, 100, 0.1, seed: 3), new(3)).Seasons.ToArray());

    [TestMethod]
    public void Run_NegativeValues_MayForecastNegative()
    {
        var values = Synthetic.Of(200, t => Math.Sin(2 * Math.PI * t / 24));

        Assert.IsTrue(Forecasted(Hours(200), values, new(24)).Rows.Any(r => r.Mean < -0.5));
        Assert.IsTrue(Forecasted(Hours(200), values, new(24, NonNegative: true)).Rows.All(r => r.Mean >= 0));
    }

    [TestMethod]
    public void Run_Unforecastable_IsRefusedWithTheReason()
    {
        Assert.AreEqual(SeriesRefusal.Empty, Refused([], []));
        Assert.AreEqual(SeriesRefusal.Empty, Refused([0, 1], [double.NaN, double.NaN]));
        Assert.AreEqual(SeriesRefusal.NoStep, Refused([5], [1]));
        Assert.AreEqual(SeriesRefusal.NoStep, Refused([5, 5], [1, 2]));
        Assert.AreEqual(SeriesRefusal.NotInOrder, Refused([5, 4], [1, 2]));
        Assert.AreEqual(SeriesRefusal.TooSparse, Refused([0, 1, 2, SeriesStep.Day], [1, 2, 3, 4]));
    }

    [TestMethod]
    public void Run_ColumnsOfDifferentLength_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => SeriesForecaster.Run([0, 1], [1], new(1)));

    private static long[] Hours(int count) => [.. Enumerable.Range(0, count).Select(h => h * SeriesStep.Hour)];

    private static SeriesAnswer.Forecasted Forecasted(long[] instants, double[] values, SeriesOptions options) =>
        (SeriesAnswer.Forecasted)SeriesForecaster.Run(instants, values, options);

    private static SeriesRefusal Refused(long[] instants, double[] values) =>
        ((SeriesAnswer.Refused)SeriesForecaster.Run(instants, values, new(1))).Reason;
}
