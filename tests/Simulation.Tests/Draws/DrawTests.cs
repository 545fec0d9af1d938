using Headroom.Simulation.Draws;

namespace Headroom.Simulation.Tests.Draws;

[TestClass]
public sealed class DrawTests
{
    [TestMethod]
    public void Exp_OverItsRange_AgreesWithTheLibrary()
    {
        for (var x = -690.0; x <= 690; x += 0.37)
        {
            Assert.AreEqual(1, StableMath.Exp(x) / Math.Exp(x), 1e-13, $"exp({x})");
        }
    }

    [TestMethod]
    public void Log_OverManyDecades_AgreesWithTheLibrary()
    {
        for (var x = 1e-12; x < 1e12; x *= 1.37)
        {
            Assert.AreEqual(Math.Log(x), StableMath.Log(x), 1e-13 * Math.Max(1, Math.Abs(Math.Log(x))), $"log({x})");
        }
    }

    // Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1, table of the normal distribution.
    [TestMethod]
    [DataRow(0.5, 0.0, DisplayName = "median")]
    [DataRow(0.975, 1.959963985, DisplayName = "97.5 %")]
    [DataRow(0.025, -1.959963985, DisplayName = "2.5 %")]
    [DataRow(0.999, 3.090232306, DisplayName = "99.9 %")]
    public void NormalQuantile_KnownProbability_IsTheTableValue(double p, double z) => Assert.AreEqual(z, StableMath.NormalQuantile(p), 1e-7);

    [TestMethod]
    public void Log_NotPositive_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => StableMath.Log(0));

    [TestMethod]
    public void Exp_TooLarge_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => StableMath.Exp(701));

    // Source of the first value of SplitMix64 with state 0: Vigna, splitmix64.c, 0xE220A8397B1DCDAF.
    [TestMethod]
    public void At_KeyZeroIndexOne_IsTheFirstNumberOfSplitMix64() => Assert.AreEqual(0xE220A8397B1DCDAFUL, Draw.At(0, 1));

    [TestMethod]
    public void Poisson_SmallAndLargeMeans_HaveTheirMeanAndVariance()
    {
        foreach (var mean in (double[])[0.3, 4, 75])
        {
            var draw = new DrawStream(1, Purpose.Arrivals, 2);
            var counts = Enumerable.Range(0, 20_000).Select(_ => (double)draw.Poisson(mean)).ToArray();
            var average = counts.Average();
            Assert.AreEqual(mean, average, 5 * Math.Sqrt(mean / counts.Length));
            Assert.AreEqual(mean, counts.Average(c => (c - average) * (c - average)), mean * 0.06);
        }
    }

    [TestMethod]
    public void Pick_Weights_AreTheShares()
    {
        var draw = new DrawStream(3, Purpose.Job, 4);
        var hits = new int[3];
        for (var i = 0; i < 30_000; i++)
        {
            hits[draw.Pick([1, 0, 3])]++;
        }

        Assert.AreEqual(0, hits[1]);
        Assert.AreEqual(0.25, hits[0] / 30_000.0, 0.01);
    }
}
