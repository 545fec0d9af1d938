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
    public void Solve_KnownSystem_GivesItsSolution()
    {
        // [4 2; 2 3] x = [10; 8] has x = (1.75, 1.5).
        var solution = new double[2];
        Assert.IsTrue(TrySolve((i, j) => new double[,] { { 4, 2 }, { 2, 3 } }[i, j], i => i == 0 ? 10 : 8, solution));
        Assert.AreEqual(1.75, solution[0], 1e-12);
        Assert.AreEqual(1.5, solution[1], 1e-12);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(26)]
    [DataRow(67)]
    public void Solve_AnySize_FulfillsTheSystem(int size)
    {
        // a[i, j] = 1 / (1 + |i - j|), plus 2 on the diagonal: positive definite, as the sum of one that is and one that dominates.
        static double At(int i, int j) => (1.0 / (1 + Math.Abs(i - j))) + (i == j ? 2 : 0);
        var solution = new double[size];
        Assert.IsTrue(TrySolve(At, i => i + 1, solution));
        for (var i = 0; i < size; i++)
        {
            var row = i;
            Assert.AreEqual(i + 1, solution.Select((x, j) => At(row, j) * x).Sum(), 1e-10);
        }
    }

    [TestMethod]
    public void TryFactor_NotPositiveDefinite_SaysSo() =>
        Assert.IsFalse(TrySolve((i, j) => i == j ? 1 : 2, _ => 1, new double[2]));

    private static bool TrySolve(Func<int, int, double> matrix, Func<int, double> right, double[] solution)
    {
        var (size, stride) = (solution.Length, Cholesky.StrideOf(solution.Length));
        var system = new double[Cholesky.LengthOf(size)];
        for (var i = 0; i < size; i++)
        {
            for (var j = i; j < size; j++)
            {
                system[(i * stride) + j] = matrix(i, j);
            }

            system[(i * stride) + Cholesky.RightOf(size)] = right(i);
        }

        var factored = Cholesky.TryFactor(system, size);
        Cholesky.Solve(system, size, solution);
        return factored;
    }

    private static double[] Run(double[] history, ForecastSpec spec)
    {
        var mean = new double[spec.Horizon];
        new RidgeAutoregressionForecaster("ridge", Transform.Root).Forecast(history, spec, mean);
        return mean;
    }
}
