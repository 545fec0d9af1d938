using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>What holds for every series.</summary>
[TestClass]
public sealed class ForecastProperties
{
    private const int RandomSeries = 10_000;
    private static readonly ForecastSpec Hourly = new(48, 24, 168) { NonNegative = true };

    [TestMethod]
    public void Run_TenThousandRandomSeries_AreFiniteAndOrdered() => Parallel.For(0, RandomSeries, seed =>
    {
        // Lengths as they come; the long ones, which cost most, more rarely.
        var random = new Random(seed);
        var length = random.Next(40) == 0 ? random.Next(200, 700) : random.Next(1, 60);
        var history = Adversary.Series(seed, length, extreme: true);
        if (!history.Any(double.IsFinite))
        {
            return;
        }

        int[][] seasons = [[1], [7], [12], [24], [24, 168], [7, 365]];
        var spec = new ForecastSpec(random.Next(1, 30), [.. seasons[random.Next(seasons.Length)]]) { NonNegative = random.Next(4) == 0 };
        var result = Forecast.Run(history, spec);
        for (var h = 0; h < result.Mean.Length; h++)
        {
            var (low, high) = (result.Mean[h], result.Mean[h]);
            Assert.IsTrue(double.IsFinite(low), $"seed {seed}");
            foreach (var band in result.Bands)
            {
                Assert.IsTrue(double.IsFinite(band.Low[h]) && double.IsFinite(band.High[h]) && band.Low[h] <= low && band.High[h] >= high, $"seed {seed}, level {band.Level}");
                Assert.IsTrue(!spec.NonNegative || band.Low[h] >= 0, $"seed {seed}");
                (low, high) = (band.Low[h], band.High[h]);
            }
        }
    });

    [TestMethod]
    public void Run_HistoryTimesAThousand_ForecastTimesAThousand()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var history = Synthetic.Load(700, 50, 0.1, seed);
            var (one, thousand) = (Forecast.Run(history, Hourly), Forecast.Run([.. history.Select(v => 1000 * v)], Hourly));
            for (var h = 0; h < 48; h++)
            {
                Assert.AreEqual(1000 * one.Mean[h], thousand.Mean[h], 1e-3 * thousand.Mean[h]);
                Assert.AreEqual(1000 * one.Bands[2].High[h], thousand.Bands[2].High[h], 1e-3 * thousand.Bands[2].High[h]);
            }
        }
    }

    [TestMethod]
    [DataRow("ridge-autoregression-level")]
    [DataRow("mstl")]
    [DataRow("seasonal-naive")]
    [DataRow("seasonal-median-moved")]
    [DataRow("last-value")]
    [DataRow("drift")]
    [DataRow("ssa")]
    [DataRow("theta")]
    [DataRow("seasonal-autoregression")]
    [DataRow("dynamic-harmonic")]
    [DataRow("seasonal-median")]
    [DataRow("median-level")]
    [DataRow("recent-level")]
    [DataRow("steady-level")]
    public void Forecast_ConstantAdded_MovesTheForecastByIt(string name)
    {
        var forecaster = ForecasterCatalog.Default.Find(name)!;
        var spec = Hourly with { NonNegative = false };
        var history = Synthetic.Load(700, 50, 0.1, seed: 3);
        var (plain, moved) = (new double[48], new double[48]);
        forecaster.Forecast(history, spec, plain);
        forecaster.Forecast([.. history.Select(v => v + 1024)], spec, moved);

        for (var h = 0; h < 48; h++)
        {
            // An eigenvalue decomposition feels a constant; what is repeated or regressed around its mean does not.
            Assert.AreEqual(plain[h] + 1024, moved[h], name == "ssa" ? 5 : 0.05);
        }
    }

    [TestMethod]
    public void Run_AWeekLater_ForecastsTheSame()
    {
        var values = Synthetic.Load(700, 100, 0.1, seed: 4);
        var (now, later) = (Rows(values, 0), Rows(values, 7 * SeriesStep.Day));

        for (var i = 0; i < now.Length; i++)
        {
            Assert.AreEqual(now[i].Mean, later[i].Mean);
            Assert.AreEqual(now[i].TimestampMicros + (7 * SeriesStep.Day), later[i].TimestampMicros);
            CollectionAssert.AreEqual(now[i].Bounds.ToArray(), later[i].Bounds.ToArray());
        }
    }

    [TestMethod]
    public void Run_OneCoreOrTwo_GivesTheSameBits()
    {
        var series = Enumerable.Range(0, 8).Select(seed => Synthetic.Load(700, 100, 0.1, seed)).ToArray();
        CollectionAssert.AreEqual(All(series, 1), All(series, 2));
    }

    [TestMethod]
    [DataRow(1e15)]
    [DataRow(1e-9)]
    [DataRow(-1.0)]
    public void Run_AnyUnit_HoldsItsAccuracy(double unit)
    {
        var whole = Synthetic.Load(748, 100, 0.05, seed: 5).Select(v => v * unit).ToArray();
        var result = Forecast.Run(whole.AsSpan(0, 700), Hourly with { NonNegative = unit > 0 });

        Assert.IsLessThan(0.07 * Math.Abs(100 * unit), Enumerable.Range(0, 48).Average(h => Math.Abs(whole[700 + h] - result.Mean[h])));
    }

    private static long[] All(double[][] series, int cores)
    {
        var bits = new long[series.Length][];
        Parallel.For(0, series.Length, new ParallelOptions { MaxDegreeOfParallelism = cores }, i =>
        {
            var result = Forecast.Run(series[i], Hourly);
            bits[i] = [.. result.Mean.Concat(result.Bands.SelectMany(b => b.Low.Concat(b.High))).Concat(result.Paths(20, 1).Of(19).ToArray()).Select(BitConverter.DoubleToInt64Bits)];
        });
        return [.. bits.SelectMany(b => b)];
    }

    private static SeriesForecastRow[] Rows(double[] values, long start)
    {
        var instants = Enumerable.Range(0, values.Length).Select(t => start + (t * SeriesStep.Hour)).ToArray();
        return [.. ((SeriesAnswer.Forecasted)SeriesForecaster.Run(instants, values, new(48))).Rows];
    }
}
