using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Combining;
using Headroom.Analytics.Forecasting.MedianLevel;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class MedianLevelTests
{
    private static readonly ForecastSpec Daily = new(14, 7);

    [TestMethod]
    public void Forecast_WeekWithoutNoise_RepeatsIt()
    {
        double[] week = [5, 6, 7, 8, 7, 1, 1];
        var mean = Run(Synthetic.Of(280, t => week[t % 7]), Daily);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(week[h % 7], mean[h], 1e-9);
        }
    }

    [TestMethod]
    public void Forecast_WithoutSeason_IsTheMedianOfTheLastWhile()
    {
        // Thrice as often 10 as 2, so that every window of 4 and more has the median 10; its mean is 8.
        var mean = Run(Synthetic.Of(400, t => t % 4 == 3 ? 2 : 10), new ForecastSpec(8, 1));

        Assert.IsTrue(mean.All(m => Math.Abs(m - 10) < 1e-12));
    }

    [TestMethod]
    public void Forecast_DaysOutOfTheOrdinary_ArePassedOver()
    {
        // One day in twenty is an outage or a rush; what is usual is 100 and 60.
        var random = new Random(5);
        var mean = Run(Synthetic.Of(560, t => random.Next(20) == 0 ? random.Next(2) * 200 : t % 7 < 5 ? 100 : 60), Daily with { NonNegative = true });

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(h % 7 < 5 ? 100 : 60, mean[h], 6);
        }
    }

    [TestMethod]
    public void Forecast_LevelThatMovedAndStayed_StandsThere()
    {
        var random = new Random(8);
        var mean = Run(Synthetic.Of(400, t => (t < 300 ? 100 : 200) + Synthetic.Gaussian(random)), new ForecastSpec(8, 1));

        Assert.AreEqual(200, mean.Average(), 5);
    }

    [TestMethod]
    public void Forecast_LastHoursOutOfTheOrdinary_AreNoLevelOfTheNextWeek()
    {
        // Ten hours at three times the level, a week asked for: no window that short is looked at.
        var random = new Random(6);
        var mean = Run(Synthetic.Of(672, t => (t < 662 ? 100 : 300) + Synthetic.Gaussian(random)), new ForecastSpec(168, 24));

        Assert.AreEqual(100, mean.Average(), 2);
    }

    [TestMethod]
    public void Median_AnyOrder_IsThatOfTheSorted()
    {
        var random = new Random(2);
        for (var length = 1; length < 60; length++)
        {
            var values = Enumerable.Range(0, length).Select(_ => (double)random.Next(20)).ToArray();
            double[] sorted = [.. values.Order()];

            Assert.AreEqual((sorted[(length - 1) / 2] + sorted[length / 2]) / 2, Selection.Median(values));
        }
    }

    [TestMethod]
    public void MovingMedian_AnyStretchesInAnyOrder_AreThoseOfTheSorted()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 200).Select(_ => (double)random.Next(40)).ToArray();
        var moving = new MovingMedian(values);
        for (var i = 0; i < 500; i++)
        {
            var from = random.Next(values.Length);
            var until = from + 1 + random.Next(values.Length - from);
            double[] sorted = [.. values[from..until].Order()];

            Assert.AreEqual((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, moving.Of(from, until));
        }
    }

    [TestMethod]
    public void WeightedMedian_EqualWeights_IsTheMedian()
    {
        Assert.AreEqual(3, WeightedMedian.Of([5, 1, 3], [2, 2, 2]), 1e-12);
        Assert.AreEqual(4, WeightedMedian.Of([5, 1, 3, 7], [1, 1, 1, 1]), 1e-12);
        Assert.AreEqual(7, WeightedMedian.Of([7], [0.1]));
    }

    [TestMethod]
    public void WeightedMedian_OneHeavyOne_IsDrawnToIt()
    {
        // Shares 0.1, 0.8, 0.1 end at 0.1, 0.9 and 1: the middle of the heavy one is at half.
        Assert.AreEqual(3, WeightedMedian.Of([1, 3, 100], [1, 8, 1]), 1e-12);

        // Shares 3/4 and 1/4 have their middles at 3/8 and 7/8: half lies a quarter of the way.
        Assert.AreEqual(2, WeightedMedian.Of([1, 5], [3, 1]), 1e-12);
    }

    private static double[] Run(double[] history, ForecastSpec spec)
    {
        var mean = new double[spec.Horizon];
        new MedianLevelForecaster().Forecast(history, spec, mean);
        return mean;
    }
}
