using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Theta;

namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>Reference values: R 4.2.2, `forecast` 8.20, `thetaf` and `ses`; `stats`, `decompose`.</summary>
[TestClass]
public sealed class ThetaTests
{
    [TestMethod]
    public void Forecast_Deaths_IsWhatRGives() => AssertNear(
        [
            8270.69380634, 7508.92386706, 8322.12480677, 8554.14350536, 9450.09297450, 9870.93361988,
            10822.49773085, 10091.84070604, 8944.43359956, 9329.28966640, 8778.91283419, 8990.77591388,
        ],
        Run(Published.Deaths, new(12, 12) { NonNegative = true }),
        within: 2e-4);

    [TestMethod]
    public void Forecast_Nile_IsWhatRGives() => AssertNear([799.811996216, 798.454843501, 797.097690785, 795.740538070], Run(Published.Nile, new(4, 1)), within: 2e-4);

    [TestMethod]
    public void Fit_Nile_IsWhatSesOfRGives()
    {
        // Its search ends within 1e-3 of the factor of least squares.
        var fitted = SimpleSmoothing.Fit(Published.Nile);

        Assert.AreEqual(0.2457, fitted.Alpha, 2e-3);
        Assert.AreEqual(805.336329326, fitted.Level, 0.2);
    }

    [TestMethod]
    public void Of_Deaths_IsWhatDecomposeOfRGives()
    {
        double[] multiplicative =
        [
            0.907775883737, 0.824694931077, 0.914595276583, 0.940698704934, 1.039895168109, 1.086904419875, 1.192450751319, 1.112662214954, 0.986792825613, 1.029916659938, 0.969783499026, 0.993829664835,
        ];
        double[] additive =
        [
            -805.8923611111, -1523.3090277778, -740.8423611111, -514.7840277778, 339.6493055556, 744.8409722222, 1679.4409722222, 986.3159722222, -109.2923611111, 263.8576388889, -260.9506944444, -59.0340277778,
        ];

        AssertNear(multiplicative, ClassicalSeason.Of(Published.Deaths, 12, multiplies: true)!.Value.Factors, within: 1e-11);
        AssertNear(additive, ClassicalSeason.Of(Published.Deaths, 12, multiplies: false)!.Value.Factors, within: 1e-11);
        Assert.IsNull(ClassicalSeason.Of(Published.Nile, 12, multiplies: true));
    }

    [TestMethod]
    public void Forecast_SeasonWithPlacesAtZero_IsAddedInstead()
    {
        // Closed at the weekend: no factor divides by nothing.
        var mean = Run(Synthetic.Of(140, t => t % 7 < 5 ? 10 : 0), new(14, 7) { NonNegative = true });

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(h % 7 < 5 ? 10 : 0, mean[h], 1e-6);
        }
    }

    [TestMethod]
    public void Forecast_StraightLine_GoesOnWithHalfTheSlope()
    {
        // Hyndman and Billah (2003): smoothing that follows at once (factor 1) plus half the slope per step.
        var mean = new double[5];
        new ThetaForecaster().Forecast(Synthetic.Of(50, t => 3 * t), new ForecastSpec(5, 1), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(147 + (1.5 * (h + 1)), mean[h], 1e-9);
        }
    }

    [TestMethod]
    public void Forecast_PureSeason_GoesOn()
    {
        double[] week = [5, 6, 7, 8, 7, 1, 1];
        var mean = new double[14];
        new ThetaForecaster().Forecast(Synthetic.Of(140, t => week[t % 7]), new ForecastSpec(14, 7), mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(week[h % 7], mean[h], 1e-6);
        }
    }

    [TestMethod]
    public void Forecast_SeasonThatIsNotThere_IsNotInvented()
    {
        // Noise of deviation 1 around 100: a forecast that repeated its accidental weekly profile would swing far more.
        var random = new Random(9);
        var mean = new double[7];
        new ThetaForecaster().Forecast(Synthetic.Of(700, _ => 100 + Synthetic.Gaussian(random)), new ForecastSpec(7, 7), mean);

        Assert.IsLessThan(0.2, mean.Max() - mean.Min());
    }

    private static double[] Run(double[] history, ForecastSpec spec)
    {
        var mean = new double[spec.Horizon];
        new ThetaForecaster().Forecast(history, spec, mean);
        return mean;
    }

    private static void AssertNear(double[] expected, double[] actual, double within)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], within * Math.Abs(expected[i]), $"place {i + 1}");
        }
    }
}
