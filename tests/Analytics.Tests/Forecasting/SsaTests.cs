using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Ssa;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class SsaTests
{
    [TestMethod]
    public void Forecast_SumOfSinusoids_GoesOnExactly()
    {
        // Two sinusoids and a constant obey a linear recurrence of order five, whatever comes: Golyandina and Zhigljavsky (2013), section 3.1.
        static double At(int t) => 10 + Math.Sin(2 * Math.PI * t / 24) + (0.5 * Math.Cos(2 * Math.PI * t / 10));
        var mean = new double[48];
        new SsaForecaster(new(WindowSize: 30, Rank: 5)).Forecast(Synthetic.Of(300, At), new ForecastSpec(48, 24), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(At(300 + h), mean[h], 1e-6);
        }
    }

    [TestMethod]
    public void Forecast_NoisySinusoid_FindsItsRank()
    {
        var random = new Random(3);
        var mean = new double[24];
        new SsaForecaster().Forecast(Synthetic.Of(600, t => 10 + (3 * Math.Sin(2 * Math.PI * t / 24)) + (0.3 * Synthetic.Gaussian(random))), new ForecastSpec(24, 24), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(10 + (3 * Math.Sin(2 * Math.PI * (600 + h) / 24)), mean[h], 0.35);
        }
    }

    [TestMethod]
    public void Forecast_TrainSize_LearnsFromTheEndOnly()
    {
        var changed = Synthetic.Of(200, t => t < 100 ? 1000 * (t % 3) : 10 + Math.Sin(2 * Math.PI * t / 12));
        var (all, end) = (new double[12], new double[12]);
        new SsaForecaster(new(TrainSize: 90)).Forecast(changed, new ForecastSpec(12, 12), all);
        new SsaForecaster().Forecast(changed.AsSpan(110), new ForecastSpec(12, 12), end);

        CollectionAssert.AreEqual(end, all);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(9)]
    [DataRow(48)]
    public void EigenOf_SecondDifferences_AreTheClosedForm(int size)
    {
        // 2 on the diagonal and -1 beside it: eigenvalues 2 - 2 cos(k pi / (n + 1)), k = 1 .. n.
        static double At(int i, int j) => i == j ? 2 : Math.Abs(i - j) == 1 ? -1 : 0;
        AssertEigen(size, At, [.. Enumerable.Range(1, size).Select(k => 2 - (2 * Math.Cos(k * Math.PI / (size + 1))))]);
    }

    [TestMethod]
    public void EigenOf_EqualEigenvalues_AreAllFound() =>
        // Ones everywhere, and one more on the diagonal: 1 six times, and 1 + 7.
        AssertEigen(7, (i, j) => i == j ? 2 : 1, [1, 1, 1, 1, 1, 1, 8]);

    private static void AssertEigen(int size, Func<int, int, double> at, double[] expected)
    {
        double[][] vectors = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => at(i, j)).ToArray())];
        var values = SymmetricEigen.Of(vectors);

        for (var k = 0; k < size; k++)
        {
            for (var i = 0; i < size; i++)
            {
                Assert.AreEqual(values[k] * vectors[k][i], Enumerable.Range(0, size).Sum(j => at(i, j) * vectors[k][j]), 1e-12);
            }

            for (var other = 0; other <= k; other++)
            {
                Assert.AreEqual(other == k ? 1 : 0, vectors[k].Zip(vectors[other], (x, y) => x * y).Sum(), 1e-12);
            }
        }

        double[] sorted = [.. values.Order()];
        for (var k = 0; k < size; k++)
        {
            Assert.AreEqual(expected[k], sorted[k], 1e-12);
        }
    }
}
