using Headroom.Analytics.Forecasting;

namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>What holds for every forecaster of the catalog. A new one is tested by being registered.</summary>
[TestClass]
public sealed class ForecasterContract
{
    private static readonly ForecastSpec Hourly = new(48, 24, 168) { NonNegative = true };
    private static readonly ForecastSpec Daily = new(28, 7) { NonNegative = true };

    public static IEnumerable<object[]> Forecasters => ForecasterCatalog.Default.Forecasters.Select(f => new object[] { f });

    [TestMethod]
    public void Catalog_Names_AreUniqueAndFindable()
    {
        var names = ForecasterCatalog.Default.Forecasters.Select(f => f.Name).ToArray();

        CollectionAssert.AllItemsAreUnique(names);
        Assert.IsTrue(names.All(n => ForecasterCatalog.Default.Find(n)!.Name == n));
        Assert.IsNull(ForecasterCatalog.Default.Find("no-such-forecaster"));
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_ShortestHistoryItAccepts_IsFinite(IForecaster forecaster)
    {
        foreach (var spec in new[] { Hourly, Daily, new ForecastSpec(5, 1) })
        {
            var history = Synthetic.Load(Math.Min(1_000, forecaster.NeedsAtLeast(spec)), 100, 0.1, seed: 1);
            Assert.IsTrue(Run(forecaster, history, spec).All(double.IsFinite));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_ConstantHistory_IsThatConstant(IForecaster forecaster)
    {
        foreach (var value in new[] { 0.0, 42.5, -3 })
        {
            var mean = Run(forecaster, Synthetic.Of(600, _ => value), Hourly with { NonNegative = false });
            Assert.IsTrue(mean.All(m => Math.Abs(m - value) < 1e-9));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_HistoryTimesAThousand_ForecastTimesAThousand(IForecaster forecaster)
    {
        var history = Synthetic.Load(700, 50, 0.1, seed: 2);
        var mean = Run(forecaster, history, Hourly);
        var large = Run(forecaster, [.. history.Select(v => 1000 * v)], Hourly);

        for (var step = 0; step < mean.Length; step++)
        {
            // What searches for its parameters ends the search a little elsewhere.
            Assert.AreEqual(1000 * mean[step], large[step], (forecaster.Name is "ets" or "mstl" or "damped-trend" or "optimized-theta" or "ramp-up" ? 2e-3 : 1e-6) * large[step]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_CleanDayAndWeek_GoesOn(IForecaster forecaster)
    {
        var whole = Synthetic.Load(700 + 48, 100, noise: 0, seed: 0);
        var mean = Run(forecaster, whole[..700], Hourly);

        if (forecaster.NeedsAtLeast(Hourly) > 700 || forecaster.UsesAtMost(Hourly) < 700)
        {
            return;
        }

        // The first season alone cannot know the week, which moves the level by up to 10 %; the last value knows not even the day.
        Assert.IsTrue(mean.Zip(whole[700..]).All(p => Math.Abs(p.First - p.Second) < (forecaster.Name is "last-value" or "drift" ? 80 : 20)));
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_GapsAnywhere_AreFiniteAndInRange(IForecaster forecaster)
    {
        foreach (var (from, until) in new[] { (0, 1), (0, 300), (10, 11), (200, 260), (300, 600), (699, 700), (650, 700), (1, 700), (0, 699) })
        {
            var history = Synthetic.Load(700, 100, 0.1, seed: 3);
            history.AsSpan(from, until - from).Fill(double.NaN);
            Assert.IsTrue(Run(forecaster, history, Hourly).All(m => m is >= 0 and < 400), $"gap from {from} until {until}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_NoKnownValue_Throws(IForecaster forecaster) =>
        Assert.ThrowsExactly<ArgumentException>(() => Run(forecaster, Synthetic.Of(700, _ => double.NaN), Hourly));

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_Adversarial_StaysFiniteAndWithinReachOfTheRange(IForecaster forecaster)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var history = Adversary.Series(seed, length: 20 + (seed * 7), extreme: false);
            var spec = new ForecastSpec(100, seed % 3 == 0 ? [24, 168] : [7]);
            if (forecaster.NeedsAtLeast(spec) > history.Length || !history.Any(double.IsFinite))
            {
                continue;
            }

            var known = history.Where(double.IsFinite).ToArray();
            var range = known.Max() - known.Min();
            var reach = range * Math.Max(1, 2.0 * spec.Horizon / history.Length);
            var slack = 1e-9 * known.Max(Math.Abs);
            Assert.IsTrue(
                Run(forecaster, history, spec).All(m => m >= known.Min() - reach - slack && m <= known.Max() + reach + slack), $"seed {seed}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void Forecast_Twice_GivesTheSameBits(IForecaster forecaster)
    {
        var history = Synthetic.Load(700, 100, 0.1, seed: 4);
        CollectionAssert.AreEqual(Run(forecaster, history, Hourly), Run(forecaster, history, Hourly));
    }

    [TestMethod]
    [DynamicData(nameof(Forecasters))]
    public void ForecastFrom_SeveralOrigins_NoPathDependsOnWhatComesAfterItsOrigin(IForecaster forecaster)
    {
        int[] lengths = [500, 580, 600];
        var history = Synthetic.Load(700, 100, 0.1, seed: 5);
        foreach (var spec in new[] { Hourly, Daily })
        {
            var (whole, cut) = (new double[3 * spec.Horizon], new double[3 * spec.Horizon]);
            forecaster.ForecastFrom(history, lengths, spec, whole);
            var changed = (double[])history.Clone();
            changed.AsSpan(580).Fill(1e6);
            forecaster.ForecastFrom(changed, lengths, spec, cut);

            CollectionAssert.AreEqual(whole[..(2 * spec.Horizon)], cut[..(2 * spec.Horizon)]);
        }
    }

    private static double[] Run(IForecaster forecaster, double[] history, ForecastSpec spec)
    {
        var mean = new double[spec.Horizon];
        forecaster.Forecast(history, spec, mean);
        return mean;
    }
}
