using Headroom.Analytics.Forecasting;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class ForecastTests
{
    private static readonly ForecastSpec Hourly = new(48, 24, 168) { NonNegative = true };

    [TestMethod]
    public void Run_OneValue_RepeatsItAndSaysWhy()
    {
        var result = Forecast.Run([7], new ForecastSpec(3, 24));

        Assert.AreEqual(("last-value", ChoiceReason.OnlyOne, BandBasis.OneValue), (result.Forecaster, result.WhyThisOne.Reason, result.Basis));
        CollectionAssert.AreEqual(new double[] { 7, 7, 7 }, result.Mean.ToArray());
        AssertOrdered(result, "one value");
    }

    [TestMethod]
    public void Run_ShorterThanASeason_RepeatsTheLastValueWithWideningBands()
    {
        var result = Forecast.Run([5, 6, 5, 7], new ForecastSpec(4, 24));

        Assert.AreEqual(("last-value", BandBasis.Differences), (result.Forecaster, result.Basis));
        // Steps of 1, 1, 2: root mean square 1.4142; the 95 % half-width one step ahead is 1.96 x that, four ahead twice as much.
        Assert.AreEqual(7 + (1.959964 * Math.Sqrt(2)), result.Bands[2].High[0], 1e-5);
        Assert.AreEqual(7 + (2 * 1.959964 * Math.Sqrt(2)), result.Bands[2].High[3], 1e-5);
    }

    [TestMethod]
    public void Run_Constant_RepeatsItWithoutWidth()
    {
        var result = Forecast.Run(Synthetic.Of(500, _ => 3), Hourly);

        Assert.AreEqual(ChoiceReason.Constant, result.WhyThisOne.Reason);
        Assert.IsTrue(result.Bands.All(b => b.Low.All(v => v == 3) && b.High.All(v => v == 3)));
    }

    [TestMethod]
    public void Run_OneSeasonAndABit_ComparesWhatIsAbleAndNamesIt()
    {
        var result = Forecast.Run(Synthetic.Load(30, 100, 0.1, seed: 1), Hourly);

        CollectionAssert.AreEqual(new[] { "seasonal-naive", "drift", "last-value" }, result.WhyThisOne.Scores.Select(s => s.Forecaster).ToArray());
    }

    [TestMethod]
    public void Run_ShorterThanASeason_SaysItIsTheOnlyOne() =>
        Assert.Contains("no other forecaster", Forecast.Run([1, 2, 3], Hourly).WhyThisOne.ToString(), StringComparison.Ordinal);

    [TestMethod]
    public void Run_BarelyLongEnoughForAForecaster_LeavesOutWhatCannotBeScored()
    {
        // 75 hours: ridge and harmonics need 72 and could be scored on three; the others leave a third to be measured by.
        var result = Forecast.Run(Synthetic.Load(75, 100, 0.1, seed: 1), Hourly);

        CollectionAssert.AreEqual(
            new[] { "theta", "seasonal-naive", "drift", "seasonal-median", "seasonal-median-moved", "recent-level", "last-value" }, result.WhyThisOne.Scores.Select(s => s.Forecaster).ToArray());
        Assert.AreEqual(BandBasis.PastErrors, result.Basis);
    }

    [TestMethod]
    public void Run_HistoryTooShortForTheCatalog_RepeatsTheLastValue()
    {
        var catalog = new ForecasterCatalog([ForecasterCatalog.Default.Find("theta")!]);

        Assert.AreEqual(("last-value", ChoiceReason.TooShort), Chosen(Forecast.Run([1, 2, 3], Hourly, catalog)));
    }

    [TestMethod]
    public void Run_NoisyLoad_BlendsTheCatalogAndListsTheScores()
    {
        var result = Forecast.Run(Synthetic.Load(800, 100, 0.1, seed: 2), Hourly);

        Assert.AreEqual(("blend", ChoiceReason.Blended, BandBasis.PastErrors), (result.Forecaster, result.WhyThisOne.Reason, result.Basis));
        CollectionAssert.AreEqual(
            ForecasterCatalog.Default.Forecasters.Where(f => f.NeedsAtLeast(Hourly) <= 800 && f.UsesAtMost(Hourly) >= 800).Select(f => f.Name).ToArray(), result.WhyThisOne.Scores.Select(s => s.Forecaster).ToArray());
        Assert.AreEqual(1, result.WhyThisOne.Scores.Sum(s => s.Weight), 1e-12);
        Assert.Contains("10 past origins: ridge-autoregression ", result.WhyThisOne.ToString(), StringComparison.Ordinal);
    }

    [TestMethod]
    public void Run_OneMemberFarAhead_TakesItAlone()
    {
        // A noiseless season: the seasonal naive makes no error at all.
        var result = Forecast.Run(Synthetic.Of(800, t => t % 24), Hourly);

        Assert.AreEqual(("seasonal-naive", ChoiceReason.NothingBeatsNaive), (result.Forecaster, result.WhyThisOne.Reason));
        CollectionAssert.AreEqual(Synthetic.Of(48, h => (800 + h) % 24), result.Mean.ToArray());
    }

    [TestMethod]
    public void Run_FirstJobOfAnIdleTenant_IsNoProofForRepeatingIt()
    {
        // Nothing for sixteen days, then eight cards for some hours. Every past origin is scored on those same hours: that all missed them by the same is no proof.
        var history = Synthetic.Of(408, t => t < 400 ? 0 : 8);
        var result = Forecast.Run(history, new ForecastSpec(336, 24) { NonNegative = true });

        Assert.AreEqual(ChoiceReason.Blended, result.WhyThisOne.Reason);
    }

    [TestMethod]
    [DataRow(0, DisplayName = "nothing at all")]
    [DataRow(1, DisplayName = "one hour a day")]
    [DataRow(2, DisplayName = "one job in a month")]
    public void Run_MostlyZeros_StaysBetweenZeroAndWhatWasSeen(int kind)
    {
        var history = Synthetic.Of(720, t => kind switch { 1 => t % 24 == 9 ? 16 : 0, 2 => t is >= 300 and < 310 ? 16 : 0, _ => 0 });
        var result = Forecast.Run(history, Hourly);

        Assert.IsTrue(result.Mean.All(value => value is >= 0 and <= 16.5), string.Join(" ", result.Mean));
        Assert.AreEqual(kind == 1 ? 16 : 0, result.Mean[9], 0.5);
        Assert.AreEqual(0, result.Mean[12], 0.5);
        AssertOrdered(result, $"kind {kind}", nonNegative: true);
    }

    [TestMethod]
    [DataRow(48, 0.5, DisplayName = "two days")]
    [DataRow(168, 0.6, DisplayName = "a week")]
    public void Run_FarAhead_ListensMoreToThoseThatTellALevel(int horizon, double share)
    {
        // Two who say the same, one of which calls it a level.
        var catalog = new ForecasterCatalog([new Zero(tellsLevel: true), new Zero(tellsLevel: false)]);
        var result = Forecast.Run(Synthetic.Load(800, 100, 0.1, seed: 2), new ForecastSpec(horizon, 24, 168) { NonNegative = true }, catalog);

        Assert.AreEqual(share, result.WhyThisOne.Scores[0].Weight, 1e-12);
    }

    [TestMethod]
    public void Run_CatalogOfOne_UsesIt()
    {
        var catalog = new ForecasterCatalog([ForecasterCatalog.Default.Find("theta")!]);

        Assert.AreEqual(("theta", ChoiceReason.OnlyOne), Chosen(Forecast.Run(Synthetic.Load(800, 100, 0.1, seed: 2), Hourly, catalog)));
    }

    [TestMethod]
    public void Run_NoKnownValue_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Forecast.Run([], Hourly));
        Assert.ThrowsExactly<ArgumentException>(() => Forecast.Run([double.NaN, double.PositiveInfinity], Hourly));
    }

    [TestMethod]
    public void Run_LeadingGap_IsAsIfItWereNotThere()
    {
        var history = Synthetic.Load(600, 100, 0.1, seed: 3);
        var result = Forecast.Run([double.NaN, double.NaN, .. history], Hourly);

        CollectionAssert.AreEqual(Forecast.Run(history, Hourly).Mean.ToArray(), result.Mean.ToArray());
    }

    [TestMethod]
    public void Run_HugeAndTinyValues_ScaleExactly()
    {
        var history = Synthetic.Load(600, 100, 0.1, seed: 4);
        var result = Forecast.Run(history, Hourly);
        foreach (var exponent in new[] { -1_000, 1_000 })
        {
            var other = Forecast.Run([.. history.Select(v => Math.ScaleB(v, exponent))], Hourly);
            Assert.IsTrue(result.Mean.Zip(other.Mean).All(p => Math.Abs(Math.ScaleB(p.Second, -exponent) - p.First) < 1e-9 * p.First));
        }
    }

    [TestMethod]
    public void Run_Adversarial_IsFiniteOrderedAndNonNegativeWhereAsked()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var history = Adversary.Series(seed, length: 1 + (seed * 3), extreme: true);
            if (history.Any(double.IsFinite))
            {
                var spec = new ForecastSpec(1 + (seed % 60), seed % 2 == 0 ? [24, 168] : [7]) { NonNegative = seed % 5 == 0 };
                AssertOrdered(Forecast.Run(history, spec), $"seed {seed}", spec.NonNegative);
            }
        }
    }

    [TestMethod]
    public void Run_NoisySeries_BandsHoldTheirShare()
    {
        // 120 independent series x 48 leads. Errors within a series hang together, so the tolerance is that of some 120 draws.
        var held = new double[ForecastSpec.DefaultLevels.Length];
        const int Series = 120;
        for (var seed = 0; seed < Series; seed++)
        {
            var whole = Synthetic.Load(900 + 48, 100, 0.1, seed: 100 + seed);
            var result = Forecast.Run(whole.AsSpan(0, 900), Hourly);
            for (var level = 0; level < held.Length; level++)
            {
                var band = result.Bands[level];
                held[level] += Enumerable.Range(0, 48).Count(h => whole[900 + h] >= band.Low[h] && whole[900 + h] <= band.High[h]) / (48.0 * Series);
            }
        }

        for (var level = 0; level < held.Length; level++)
        {
            Assert.AreEqual(ForecastSpec.DefaultLevels[level], held[level], 0.04, $"level {ForecastSpec.DefaultLevels[level]}");
        }
    }

    [TestMethod]
    public void Spec_Impossible_Throws()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ForecastSpec(0, 24));
        Assert.ThrowsExactly<ArgumentException>(() => new ForecastSpec(1));
        Assert.ThrowsExactly<ArgumentException>(() => new ForecastSpec(1, 0));
        Assert.ThrowsExactly<ArgumentException>(() => new ForecastSpec(1, 168, 24));
        Assert.ThrowsExactly<ArgumentException>(() => new ForecastSpec(1, 24) { Levels = [0.8, 0.5] });
        Assert.ThrowsExactly<ArgumentException>(() => new ForecastSpec(1, 24) { Levels = [1] });
    }

    private static (string Forecaster, ChoiceReason Reason) Chosen(ForecastResult result) => (result.Forecaster, result.WhyThisOne.Reason);

    private static void AssertOrdered(ForecastResult result, string what, bool nonNegative = false)
    {
        for (var h = 0; h < result.Mean.Length; h++)
        {
            var (low, high) = (result.Mean[h], result.Mean[h]);
            Assert.IsTrue(double.IsFinite(low), what);
            foreach (var band in result.Bands)
            {
                Assert.IsTrue(double.IsFinite(band.Low[h]) && double.IsFinite(band.High[h]) && band.Low[h] <= low && band.High[h] >= high, what);
                Assert.IsTrue(!nonNegative || band.Low[h] >= 0, what);
                (low, high) = (band.Low[h], band.High[h]);
            }
        }
    }

    private sealed class Zero(bool tellsLevel) : IForecaster
    {
        public string Name => "zero";

        public bool TellsLevel => tellsLevel;

        public int NeedsAtLeast(ForecastSpec spec) => 1;

        public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean) => mean.Clear();
    }
}
