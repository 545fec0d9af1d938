using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.SeasonalNaive;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class SeasonalNaiveTests
{
    [TestMethod]
    public void Forecast_TwoSeasons_RepeatsTheLast() =>
        CollectionAssert.AreEqual(new double[] { 4, 5, 6, 4, 5 }, Run([1, 2, 3, 4, 5, 6], horizon: 5));

    [TestMethod]
    public void Forecast_GapInTheLastSeason_TakesTheOneBefore() =>
        CollectionAssert.AreEqual(new double[] { 4, 2, 6 }, Run([1, 2, 3, 4, double.NaN, 6], horizon: 3));

    [TestMethod]
    public void Forecast_PlaceNeverKnown_TakesTheLastKnownValue() =>
        CollectionAssert.AreEqual(new double[] { 4, 6, 6 }, Run([1, double.NaN, 3, 4, double.NaN, 6], horizon: 3));

    private static double[] Run(double[] history, int horizon)
    {
        var mean = new double[horizon];
        new SeasonalNaiveForecaster(SeasonalNaiveForecaster.Id, longest: false).Forecast(history, new ForecastSpec(horizon, 3), mean);
        return mean;
    }
}
