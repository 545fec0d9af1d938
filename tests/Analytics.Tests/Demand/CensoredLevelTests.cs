using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

[TestClass]
public sealed class CensoredLevelTests
{
    [TestMethod]
    public void Fit_HalfCensoredWithAKnownSlope_IsWithinTwoPercent()
    {
        // y = 100 + 40 x + 15 e, x uniform on [-1, 1], seen up to its median: half of 1,000 are censored.
        var (bias, draws) = (0.0, 20);
        for (var seed = 1; seed <= draws; seed++)
        {
            var random = new SplitMix((ulong)seed);
            var xs = Enumerable.Range(0, 1_000).Select(_ => (2 * random.Share()) - 1).ToArray();
            var ys = xs.Select(x => 100 + (40 * x) + (15 * random.Normal())).ToArray();
            var level = CensoredLevel.Fit([.. xs.Select(x => new[] { 1, x })], [.. ys.Select(y => Math.Min(y, 100))], [.. ys.Select(y => y >= 100)]);
            bias += (level.Coefficients[0] - 100) / draws;
            Assert.AreEqual(40, level.Coefficients[1], 5);
            Assert.AreEqual(15, level.Sigma, 2);
            Assert.AreEqual(100, level.Coefficients[0], 2.5);
        }

        Assert.AreEqual(0, bias, 0.5);
    }

    [TestMethod]
    public void Of_LossDeclaredAndAThirdOfTheHoursFull_IsAnEstimateOfMoreThanIsServed()
    {
        var (hours, wanted) = Days(full: 100);
        var answer = (DemandAnswer.Estimate)LatentDemand.Of(new(hours, null, hours[^1].Start + Micros.PerHour) { IsLoss = true });

        Assert.AreEqual(DemandMethod.CensoredLevel, answer.Method);
        Assert.AreEqual(wanted, answer.Series.Mean, 0.03 * wanted);
        Assert.IsGreaterThan(hours.Average(hour => hour.Allocated) * 1.02, answer.Series.Mean);
        Assert.IsTrue(answer.Series.Observed.All(hour => hour.Low80 <= hour.Mean && hour.Mean <= hour.High80));
    }

    [TestMethod]
    [DataRow(100, false, DisplayName = "no loss regime declared")]
    [DataRow(70, true, DisplayName = "more than 60 % of the hours full")]
    public void Of_NotDeclaredOrTooFull_IsALowerBound(double full, bool declared)
    {
        var (hours, _) = Days(full);

        Assert.AreEqual(DemandReason.FullWithoutQueue, ((DemandAnswer.LowerBound)LatentDemand.Of(new(hours, null, hours[^1].Start + Micros.PerHour) { IsLoss = declared })).Because);
    }

    /// <summary>60 days around 85 devices with days and nights, seen up to what is installed.</summary>
    private static (ImmutableArray<ObservedHour> Hours, double Wanted) Days(double full)
    {
        var random = new SplitMix(4);
        double[] wanted = [.. Enumerable.Range(0, 60 * 24).Select(hour => 85 + (20 * Math.Sin(2 * Math.PI * hour / 24)) + (8 * random.Normal()))];
        return ([.. Log.Hours(wanted.Length, hour => (full, Math.Min(full, wanted[hour]), null))], wanted.Average());
    }
}
