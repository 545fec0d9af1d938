using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.DynamicHarmonic;
using Headroom.Analytics.Forecasting.Regression;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class DynamicHarmonicTests
{
    [TestMethod]
    public void Forecast_SumOfSinusoids_GoesOn()
    {
        static double At(int t) => 50 + (20 * Math.Sin(2 * Math.PI * t / 24)) + (10 * Math.Cos(2 * Math.PI * t / 168)) + (3 * Math.Sin(2 * Math.PI * t / 12));
        var mean = new double[168];
        new DynamicHarmonicForecaster("dynamic-harmonic", Transform.Identity).Forecast(Synthetic.Of(1_500, At), new ForecastSpec(168, 24, 168), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(At(1_500 + h), mean[h], 0.05);
        }
    }

    [TestMethod]
    public void Forecast_YearOfDays_IsKnownAfterTwo()
    {
        static double At(int t) => 100 + (30 * Math.Sin(2 * Math.PI * t / 365)) + (t % 7 == 0 ? -20 : 0);
        var mean = new double[56];
        new DynamicHarmonicForecaster("dynamic-harmonic", Transform.Identity).Forecast(Synthetic.Of(3 * 365, At), new ForecastSpec(56, 7, 365), mean);

        Assert.IsTrue(mean.Select((m, h) => Math.Abs(m - At((3 * 365) + h))).All(error => error < 3));
    }

    [TestMethod]
    public void Solve_GrownRowByRow_IsTheClosedForm()
    {
        // y = 2 + 3 x without noise, no shrinkage, half-life 2: weights do not matter where the line is exact.
        var ridge = new GrowingRidge(2, halfLife: 2);
        for (var x = 1; x <= 10; x++)
        {
            ridge.Row[0] = 1;
            ridge.Row[1] = x;
            ridge.Add(2 + (3 * x));
        }

        var coefficients = new double[2];
        Assert.IsTrue(ridge.TrySolve([18.5, 5.5], [1], shrinkage: 0, doubt: 0, coefficients));
        Assert.AreEqual(2, coefficients[0], 1e-9);
        Assert.AreEqual(3, coefficients[1], 1e-9);
    }

    [TestMethod]
    public void Solve_TwoRowsAndAPenalty_IsTheClosedForm()
    {
        // Weights 1/2 and 1, centers 0: b = (1/2 x 1 x 1 + 2 x 4) / (1/2 + 4 + 2 rows x 0.25) = 8.5 / 5.
        var ridge = new GrowingRidge(2, halfLife: 1);
        (ridge.Row[0], ridge.Row[1]) = (1, 1);
        ridge.Add(1);
        (ridge.Row[0], ridge.Row[1]) = (1, 2);
        ridge.Add(4);

        var coefficients = new double[2];
        Assert.IsTrue(ridge.TrySolve([0, 0], [1], shrinkage: 0.25, doubt: 0, coefficients));
        Assert.AreEqual(8.5 / 5, coefficients[1], 1e-9);
        Assert.AreEqual((4.5 - (1.7 * 2.5)) / 1.5, coefficients[0], 1e-9);
    }
}
