using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Tests.Demand;

[TestClass]
public sealed class DemandPathsTests
{
    private const int Draws = 300;

    [TestMethod]
    public void Draw_ALineWithoutNoise_IsTheLine()
    {
        var paths = new DemandPaths([.. Enumerable.Range(0, 60).Select(day => 30 + (0.4 * day))], 365, deviation: 0);

        Assert.IsTrue(paths.Draw(new(1)).Index().Skip(14).All(day => Math.Abs(day.Item - (30 + (0.4 * (60 + day.Index)))) < 1e-6));
    }

    [TestMethod]
    public void Draw_OfZeros_IsZero() => Assert.IsTrue(new DemandPaths(new double[40], 30, deviation: 0).Draw(new(1)).All(value => value == 0));

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(8)]
    public void Draw_AFewDays_AreFiniteAndNotBelowZero(int days)
    {
        var paths = Futures([.. Enumerable.Range(0, days).Select(day => 50.0 + day)], 365);

        Assert.IsTrue(paths.All(path => path.All(value => double.IsFinite(value) && value >= 0)));
        Assert.IsGreaterThan(1, paths.Max(path => path[200]) - paths.Min(path => path[200]), "a few days say little");
    }

    [TestMethod]
    public void Draw_TimesAThousand_IsAThousandTimes()
    {
        var history = Waves(90, 3, seed: 1);
        var (one, thousand) = (new DemandPaths(history, 60, 0).Draw(new(4)), new DemandPaths([.. history.Select(value => 1_000 * value)], 60, 0).Draw(new(4)));

        Assert.IsTrue(one.Zip(thousand).All(pair => Math.Abs((1_000 * pair.First) - pair.Second) <= 1e-5 * pair.Second));
    }

    [TestMethod]
    public void Draw_WithGaps_IsAboutAsWithout()
    {
        var history = Waves(90, 3, seed: 2);
        var random = new SplitMix(3);
        var full = Quantile(Futures(history, 28), 20, 0.5);
        var gaps = Quantile(Futures([.. history.Select(value => random.Share() < 0.3 ? double.NaN : value)], 28), 20, 0.5);

        Assert.AreEqual(full, gaps, 0.1 * full);
    }

    [TestMethod]
    public void Draw_FurtherAhead_IsLessSure()
    {
        var futures = Futures(Waves(120, 4, seed: 5), 365);
        double Width(int day) => Quantile(futures, day, 0.9) - Quantile(futures, day, 0.1);

        Assert.IsGreaterThan(Width(0), Width(20));
        Assert.IsGreaterThan(Width(20), Width(360));
    }

    [TestMethod]
    public void Draw_ALevelThatIsNotKnown_WidensTheFirstDay()
    {
        var history = Waves(90, 3, seed: 6);
        var (known, unknown) = (Futures(history, 7), Futures(history, 7, deviation: 20));

        Assert.IsGreaterThan(Quantile(known, 0, 0.9) - Quantile(known, 0, 0.1) + 10, Quantile(unknown, 0, 0.9) - Quantile(unknown, 0, 0.1));
    }

    /// <summary>Neighboring days of a future are alike where demand moves in waves, so that the mean of a week is less sure than of independent days.</summary>
    [TestMethod]
    public void Draw_Waves_HangTogetherAlongTheDays()
    {
        var futures = Futures(Waves(120, 4, seed: 7), 28);
        var weeks = futures.Select(path => path.Skip(14).Take(7).Average()).ToArray();
        var days = futures.SelectMany(path => path.Skip(14).Take(7)).ToArray();

        Assert.IsGreaterThan(0.6 * Deviation(days), Deviation(weeks));
    }

    /// <summary>Autoregressive waves around a level that never grows and never breaks: bands that allow for both hold more than four fifths, and not all.</summary>
    [TestMethod]
    public void Draw_WavesOfAKnownLaw_BandHoldsAtLeastFourFifths()
    {
        var (held, of) = (0, 0);
        for (var seed = 0UL; seed < 120; seed++)
        {
            var all = Waves(84 + 21, 4, seed + 100);
            var futures = Futures(all[..84], 21);
            for (var week = 0; week < 3; week++)
            {
                var means = futures.Select(path => path.Skip(7 * week).Take(7).Average()).Order().ToArray();
                var truth = all.Skip(84 + (7 * week)).Take(7).Average();
                (held, of) = (held + (truth >= means[Draws / 10] && truth <= means[(9 * Draws / 10) - 1] ? 1 : 0), of + 1);
            }
        }

        Assert.IsTrue((double)held / of is > 0.76 and < 0.97, $"{held} of {of}");
    }

    [TestMethod]
    public void Draw_DemandThatGrew_StopsInSomeFuturesAndGoesOnInOthers()
    {
        // 2 % a week in waves of 8 %: six weeks do not tell growth from a wave.
        var random = new SplitMix(9);
        var wave = 0.0;
        double[] history = [.. Enumerable.Range(0, 42).Select(day => (100 + (0.6 * day)) * (1 + (wave = (0.9 * wave) + (0.035 * random.Normal()))))];
        var futures = Futures(history, 180);
        var now = history[^7..].Average();

        Assert.IsLessThan(now, Quantile(futures, 179, 0.25), "some come back");
        Assert.IsGreaterThan(1.2 * now, Quantile(futures, 179, 0.9), "some go on");
    }

    private static double[][] Futures(double[] history, int days, double deviation = 0)
    {
        var (paths, random) = (new DemandPaths(history, days, deviation), new SplitMix(11));
        return [.. Enumerable.Range(0, Draws).Select(_ => paths.Draw(random))];
    }

    private static double Quantile(double[][] futures, int day, double share) => futures.Select(path => path[day]).Order().ElementAt((int)(share * (futures.Length - 1)));

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    /// <summary>100, in waves of which nine tenths are left a day later, beside scatter of 3.</summary>
    private static double[] Waves(int days, double size, ulong seed)
    {
        var (random, wave) = (new SplitMix(seed), 0.0);
        return [.. Enumerable.Range(0, days).Select(_ => Math.Max(0, 100 + (wave = (0.9 * wave) + (size * random.Normal())) + (3 * random.Normal())))];
    }
}
