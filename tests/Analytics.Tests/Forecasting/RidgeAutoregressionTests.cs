using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Regression;
using Headroom.Analytics.Forecasting.RidgeAutoregression;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class RidgeAutoregressionTests
{
    [TestMethod]
    public void Forecast_Ar2_FollowsTheKnownRecursion()
    {
        // The best forecast of an AR(2) is its own recursion without noise. 4,000 steps determine the coefficients to about 0.02.
        const double First = 1.2;
        const double Second = -0.5;
        var history = Synthetic.Ar2(4_000, First, Second, deviation: 1, seed: 5);
        var mean = Run(history, new ForecastSpec(10, 1));

        var (before, last) = (history[^2], history[^1]);
        foreach (var step in mean)
        {
            (before, last) = (last, (First * last) + (Second * before));
            Assert.AreEqual(last, step, 0.25);
        }
    }

    [TestMethod]
    public void Forecast_SumOfSinusoids_GoesOn()
    {
        static double At(int t) => 100 + (20 * Math.Sin(2 * Math.PI * t / 24)) + (5 * Math.Cos(2 * Math.PI * t / 12));
        var mean = Run(Synthetic.Of(720, At), new ForecastSpec(48, 24, 168));

        for (var step = 0; step < mean.Length; step++)
        {
            // Shrinkage costs a little of the amplitude of 20.
            Assert.AreEqual(At(720 + step), mean[step], 0.2);
        }
    }

    [TestMethod]
    public void Forecast_NonNegativeSeriesFallingToZero_StaysAtZeroOrAbove()
    {
        var history = Synthetic.Of(300, t => Math.Max(0, 100 - (0.34 * t)));

        Assert.IsTrue(Run(history, new ForecastSpec(100, 7) { NonNegative = true }).All(m => m >= 0));
    }

    [TestMethod]
    public void Forecast_NegativeValuesThoughNotExpected_AreForecastAsTheyAre()
    {
        var history = Synthetic.Of(720, t => 10 * Math.Sin(2 * Math.PI * t / 24));

        CollectionAssert.AreEqual(
            Run(history, new ForecastSpec(24, 24, 168)), Run(history, new ForecastSpec(24, 24, 168) { NonNegative = true }));
    }

    [TestMethod]
    [DataRow(new[] { 24, 168 }, 1000, new[] { 1, 2, 3, 23, 24, 25, 47, 48, 49, 71, 72, 73, 95, 96, 97, 119, 120, 121, 143, 144, 145, 167, 168, 169 }, DisplayName = "hours")]
    [DataRow(new[] { 7 }, 1000, new[] { 1, 2, 3, 7, 8, 14, 21, 28, 35 }, DisplayName = "days")]
    [DataRow(new[] { 12 }, 30, new[] { 1, 2, 3, 11, 12, 13, 23, 24, 25 }, DisplayName = "months, short history")]
    [DataRow(new[] { 7, 365 }, 1000, new[] { 1, 2, 3, 7, 8, 14, 21, 28, 35, 364, 365, 366 }, DisplayName = "days with a year")]
    [DataRow(new[] { 1 }, 1000, new[] { 1, 2, 3 }, DisplayName = "no season")]
    public void Write_Seasons_GivesTheLagsOfTheirPlaces(int[] seasons, int longest, int[] expected)
    {
        var lags = new int[SeasonalLags.Most];
        CollectionAssert.AreEqual(expected, lags[..SeasonalLags.Write(seasons, longest, lags)]);
    }

    [TestMethod]
    public void TrySolve_KnownSystem_GivesItsSolution()
    {
        // [4 2; 2 3] x = [10; 8] has x = (1.75, 1.5).
        double[] matrix = [4, 0, 2, 3];
        double[] right = [10, 8];

        Assert.IsTrue(Cholesky.TrySolve(matrix, 2, right));
        Assert.AreEqual(1.75, right[0], 1e-12);
        Assert.AreEqual(1.5, right[1], 1e-12);
    }

    [TestMethod]
    public void TrySolve_NotPositiveDefinite_SaysSo() =>
        Assert.IsFalse(Cholesky.TrySolve([1, 0, 2, 1], 2, [1, 1]));

    private static double[] Run(double[] history, ForecastSpec spec)
    {
        var mean = new double[spec.Horizon];
        new RidgeAutoregressionForecaster("ridge", Transform.Root).Forecast(history, spec, mean);
        return mean;
    }
}
