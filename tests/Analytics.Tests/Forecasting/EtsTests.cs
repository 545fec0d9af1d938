using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Ets;
using Headroom.Analytics.Forecasting.Optimizing;

namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>Reference values: R 4.2.2, `forecast` 8.20, `ets`.</summary>
[TestClass]
public sealed class EtsTests
{
    private static readonly EtsForm Plain = new(EtsError.Additive, EtsTrend.None, EtsSeason.None);
    private static readonly EtsForm AdditiveSeason = new(EtsError.Additive, EtsTrend.None, EtsSeason.Additive);
    private static readonly EtsForm MultiplicativeSeason = new(EtsError.Multiplicative, EtsTrend.None, EtsSeason.Multiplicative);

    // R writes the season backwards from the one before the first value; January is what makes the rest sum to zero (to twelve).
    private static readonly double[] Additive = Starts(0,
        -5.13448748277e+01, -2.55352755428e+02, 2.18290114669e+02, -1.21771020334e+02, 9.70738744866e+02, 1.68323661061e+03, 7.56091981289e+02, 3.06421216534e+02, -4.89562713202e+02, -7.39900427056e+02, -1.53779172434e+03);

    private static readonly double[] Multiplicative = Starts(12,
        9.98846765838e-01, 9.74898172660e-01, 1.03258924458e+00, 9.97903514180e-01, 1.11285687613e+00, 1.18328686687e+00, 1.08250792751e+00, 1.03020823483e+00, 9.35925360212e-01, 9.12897878037e-01, 8.24143137794e-01);

    [TestMethod]
    public void Run_ParametersOfR_GivesItsLikelihood()
    {
        Assert.AreEqual(1452.78104, EtsFilter.Run(Published.Nile, Plain, new(0.245533862697, 0, 0, 1, 1110.686859951363, 0), [], out _, out _), 1e-4);
        Assert.AreEqual(1452.30191561, EtsFilter.Run(Published.Nile, Plain with { Error = EtsError.Multiplicative }, new(0.151403166237, 0, 0, 1, 1087.771824992808, 0), [], out _, out _), 1e-4);
        Assert.AreEqual(
            1256.5524942,
            EtsFilter.Run(Published.Deaths, Plain with { Trend = EtsTrend.Damped }, new(9.99891814427e-01, 1.00090175688e-04, 0, 8.00011983919e-01, 9.21159181886e+03, 2.18568533965e+02), [], out _, out _),
            1e-4);
        Assert.AreEqual(1110.14467003, EtsFilter.Run(Published.Deaths, AdditiveSeason, new(5.94589890836e-01, 0, 2.02895995407e-03, 1, 9.24836282413e+03, 0), [.. Additive], out _, out _), 1e-4);
        Assert.AreEqual(1113.83996603, EtsFilter.Run(Published.Deaths, MultiplicativeSeason, new(5.96531112743e-01, 0, 1.05341829901e-04, 1, 9.18766999386e+03, 0), [.. Multiplicative], out _, out _), 1e-4);
    }

    [TestMethod]
    public void Continue_ParametersOfR_GivesItsForecast()
    {
        AssertContinues([8397.496909, 7599.220613, 8396.594687, 8646.509703], AdditiveSeason, new(5.94589890836e-01, 0, 2.02895995407e-03, 1, 9.24836282413e+03, 0), [.. Additive]);
        AssertContinues([8311.440748, 7494.850815, 8301.969041, 8511.383986], MultiplicativeSeason, new(5.96531112743e-01, 0, 1.05341829901e-04, 1, 9.18766999386e+03, 0), [.. Multiplicative]);
        AssertContinues(
            [9239.952480, 9239.966998, 9239.978612], Plain with { Trend = EtsTrend.Damped }, new(9.99891814427e-01, 1.00090175688e-04, 0, 8.00011983919e-01, 9.21159181886e+03, 2.18568533965e+02), []);
    }

    [TestMethod]
    public void Run_FourCandidatesAtOnce_GivesTheLikelihoodOfEach()
    {
        EtsParameters[] with = [new(0.3, 0, 0.1, 1, 9000, 0), new(0.6, 0, 0.002, 1, 9248, 0), new(0.1, 0, 0.5, 1, 9100, 0)];
        var season = Array.ConvertAll(Multiplicative, System.Runtime.Intrinsics.Vector256.Create);
        var together = new double[with.Length];
        EtsFilter.Run(Published.Deaths, MultiplicativeSeason, with, season, together, out _, out _);

        for (var i = 0; i < with.Length; i++)
        {
            Assert.AreEqual(EtsFilter.Run(Published.Deaths, MultiplicativeSeason, with[i], [.. Multiplicative], out _, out _), together[i]);
        }
    }

    [TestMethod]
    public void Minimize_AskedAhead_FindsTheSamePoint()
    {
        // Rosenbrock, Computer Journal 3 (1960): a bent valley, least at (1, 1).
        static double Cost(ReadOnlySpan<double> at) => (100 * (at[1] - (at[0] * at[0])) * (at[1] - (at[0] * at[0]))) + ((1 - at[0]) * (1 - at[0]));
        double[] one = [-1.2, 1];
        double[] ahead = [-1.2, 1];
        var cost = Simplex.Minimize(one, [0.5, 0.5], 400, 1e-12, Cost);
        var same = Simplex.Minimize(ahead, [0.5, 0.5], 400, 1e-12, ahead: true, (candidates, costs) =>
        {
            for (var i = 0; i < costs.Length; i++)
            {
                costs[i] = Cost(candidates.Slice(2 * i, 2));
            }
        });

        Assert.AreEqual(cost, same);
        CollectionAssert.AreEqual(one, ahead);
        Assert.AreEqual(1, one[0], 1e-4);
        Assert.AreEqual(1, one[1], 1e-4);
    }

    [TestMethod]
    public void Fixed_Nile_FindsTheLikelihoodOfR()
    {
        var model = EtsModel.Fixed(Published.Nile, Plain, season: 1);

        Assert.IsLessThan(1452.7811 + 0.01, model.Likelihood);
        Assert.AreEqual(0.2455, model.Parameters.Alpha, 0.01);
    }

    [TestMethod]
    public void Fixed_NileDamped_FindsTheLikelihoodAndTheForecastOfR()
    {
        // What `damped-trend` fits. R: -2 log L 1453.0041, forecast 801.817, 801.795, 801.777.
        var model = EtsModel.Fixed(Published.Nile, Plain with { Trend = EtsTrend.Damped }, season: 1);
        var path = new double[3];
        model.Continue(path);

        Assert.IsLessThan(1453.0041 + 0.5, model.Likelihood);
        Assert.AreEqual(801.8, path[0], 8);
    }

    [TestMethod]
    public void Choose_PublishedSeries_ChoosesAsRDoes()
    {
        Assert.AreEqual("ETS(M,N,N)", EtsModel.Choose(Published.Nile, season: 1).Form.ToString());

        // R: ETS(A,N,A) at -2 log L 1110.1, ETS(M,N,M) at 1113.8; with the seasonal start from a decomposition they are as near.
        var deaths = EtsModel.Choose(Published.Deaths, season: 12).Form;
        Assert.AreEqual(EtsTrend.None, deaths.Trend);
        Assert.AreNotEqual(EtsSeason.None, deaths.Season);
    }

    [TestMethod]
    public void Forecast_Deaths_IsNearR()
    {
        // R fits the seasonal start too; here it comes from a decomposition.
        double[] expected = [8397.496909, 7599.220613, 8396.594687, 8646.509703, 9443.411945, 9893.064727, 10819.123703, 10107.104631, 9015.232645, 9354.407375, 8880.417695, 9085.492104];
        var mean = new double[12];
        new EtsForecaster().Forecast(Published.Deaths, new ForecastSpec(12, 12) { NonNegative = true }, mean);

        for (var h = 0; h < mean.Length; h++)
        {
            Assert.AreEqual(expected[h], mean[h], 0.025 * expected[h], $"step {h + 1}");
        }
    }

    [TestMethod]
    public void Sound_Forms_AreTheFifteenOfR() => Assert.HasCount(15, EtsForm.Sound);

    private static void AssertContinues(double[] expected, EtsForm form, EtsParameters with, double[] season)
    {
        EtsFilter.Run(Published.Deaths, form, with, season, out var level, out var slope);
        var path = new double[expected.Length];
        EtsFilter.Continue(form, with.Phi, level, slope, season, path);
        for (var h = 0; h < path.Length; h++)
        {
            Assert.AreEqual(expected[h], path[h], 1e-4);
        }
    }

    private static double[] Starts(double sum, params double[] backwards) => [sum - backwards.Sum(), .. backwards.Reverse()];
}
