using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Young centers: prior against posterior.</summary>
[TestClass]
public sealed class CenterRampTests
{
    private static double Logistic(double level, double speed, double middle, int month) => level / (1 + Math.Exp(-speed * (month + 0.5 - middle)));

    private static RampMonth[] Months(int count, double level, double full = double.PositiveInfinity) =>
        [.. Enumerable.Range(0, count).Select(month => Logistic(level, 0.5, 8, month)).Select(demand => new RampMonth(Math.Min(demand, full), demand >= full))];

    [TestMethod]
    public void Of_FewMonthsBeforeTheBend_SaysThatItIsThePrior()
    {
        var ramp = CenterRamp.Of(Months(2, level: 3), RampPrior.Assumed, 12, 1);

        Assert.IsTrue(ramp.IsPrior, $"{ramp.PriorToPosterior}");
        Assert.HasCount(12, ramp.Ahead);
        Assert.IsTrue(ramp.Ahead.All(month => month.Low80 <= month.Median && month.Median <= month.High80));
    }

    [TestMethod]
    public void Of_MonthsBeyondTheBend_FindTheLevel()
    {
        var ramp = CenterRamp.Of(Months(24, level: 0.8), RampPrior.Assumed, 12, 1);

        Assert.IsFalse(ramp.IsPrior);
        Assert.AreEqual(0.8, ramp.Level.Median, 0.08);
        Assert.AreEqual(0.8, ramp.Ahead[^1].Median, 0.08);
    }

    [TestMethod]
    public void Of_FullMonths_AreAtLeastAndNotTheLevel()
    {
        var (bound, counted) = (CenterRamp.Of(Months(14, 2.5, full: 1), RampPrior.Assumed, 1, 1), CenterRamp.Of([.. Months(14, 2.5, full: 1).Select(month => month with { AtLeast = false })], RampPrior.Assumed, 1, 1));

        Assert.IsGreaterThan(1.3, bound.Level.Median);
        Assert.IsLessThan(1.2, counted.Level.Median);
    }

    [TestMethod]
    public void Of_SistersThatGrewToATwice_MoveThePrior()
    {
        var sister = Months(30, 2.0).Select(month => month.Demand).ToArray();
        var prior = RampPrior.Of([sister, sister, sister, [1, 1]]);

        Assert.AreEqual(3, prior.Sisters);
        Assert.AreEqual(2, prior.Level.Median, 0.25);
        Assert.IsLessThan(RampPrior.Assumed.Level.Spread, prior.Level.Spread);
        Assert.AreEqual(RampPrior.Assumed, RampPrior.Of([]));
    }

    /// <summary>Eight months of a curve drawn from the prior, with the noise that is assumed: at least four of five bands of a later month hold it, within three standard errors.</summary>
    [TestMethod]
    [DataRow("logistic")]
    [DataRow("gompertz")]
    [DataRow("bass")]
    public void Of_EightMonthsOfAKnownCurve_BandHoldsWhatComes(string shape)
    {
        const int Cases = 40;
        int[] later = [0, 5, 11];
        var held = new int[later.Length];
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new SplitMix((ulong)(1_000 + seed));
            double Drawn(RampParameter parameter) => parameter.Median * Math.Exp(parameter.Spread * random.Normal());
            var (level, speed, middle) = (Drawn(RampPrior.Assumed.Level), Drawn(RampPrior.Assumed.Speed), Drawn(RampPrior.Assumed.Middle));
            double At(double t) => level * (shape switch
            {
                "logistic" => 1 / (1 + Math.Exp(-speed * (t - middle))),
                "gompertz" => Math.Exp(-Math.Exp(-speed * (t - middle))),
                // F = (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t), Bass 1969, p + q = speed, steepest at the middle.
                _ => (1 - Math.Exp(-speed * t)) / (1 + Math.Exp(speed * (middle - t))),
            });
            var months = Enumerable.Range(0, 8).Select(month => new RampMonth(At(month + 0.5) * Math.Exp(0.15 * random.Normal()), false)).ToArray();
            var ramp = CenterRamp.Of(months, RampPrior.Assumed, 12, (ulong)seed);
            foreach (var (place, month) in later.Index())
            {
                held[place] += At(8 + month + 0.5) is var truth && truth >= ramp.Ahead[month].Low80 && truth <= ramp.Ahead[month].High80 ? 1 : 0;
            }
        }

        Assert.IsTrue(held.All(count => (double)count / Cases is > 0.62 and <= 1), string.Join(", ", held));
    }

    /// <summary>What a prior of one width knows, months that are all the same cannot take away: the posterior is never wider than the prior by more than sampling.</summary>
    [TestMethod]
    public void Of_MoreMonths_ThePosteriorNarrowsAndSaysWhenItIsNoLongerThePrior()
    {
        var ratios = new[] { 1, 4, 8, 14, 24 }.Select(count => CenterRamp.Of(Months(count, level: 1.2), RampPrior.Assumed, 1, 1)).ToArray();

        Assert.IsTrue(ratios[0].IsPrior);
        Assert.IsFalse(ratios[^1].IsPrior);
        Assert.IsTrue(ratios.Zip(ratios.Skip(1)).All(pair => pair.Second.PriorToPosterior >= 0.85 * pair.First.PriorToPosterior), string.Join(" ", ratios.Select(ramp => ramp.PriorToPosterior)));
    }
}
