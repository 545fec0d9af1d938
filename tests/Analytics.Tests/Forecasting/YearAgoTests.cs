using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Intervals;
using Headroom.Analytics.Forecasting.YearAgo;

namespace Headroom.Analytics.Tests.Forecasting;

[TestClass]
public sealed class YearAgoTests
{
    private const int Weeks = 364;
    private static readonly ForecastSpec Days = new(28, 7, 365) { NonNegative = true };

    [TestMethod]
    public void Over_NothingToLearnFrom_LaysTheUsualShareOverThePath()
    {
        // Nothing but weeks, save eleven days at half a year ago; the past origins missed nothing: 35 % of a half is expected again.
        var history = Synthetic.Of(420, t => t is >= 420 - Weeks + 10 and <= 420 - Weeks + 20 ? 40 + (10 * (t % 7)) : 80 + (20 * (t % 7)));
        var effect = YearAgoEffect.Learn(history, Days, Replay(history, t => 80 + (20 * (t % 7)), 350, 392))!;
        var mean = Synthetic.Of(28, _ => 100);
        effect.Over(mean);

        Assert.AreEqual(0.35, effect.Share);
        for (var lead = 0; lead < 28; lead++)
        {
            // Five days are taken together, so that two at each end are between.
            Assert.AreEqual(lead is >= 12 and <= 18 ? 82.5 : lead is >= 8 and <= 22 ? mean[lead] : 100, mean[lead], 1e-9);
        }
    }

    [TestMethod]
    public void Learn_YearAfterYearTheSame_ExpectsItAgain()
    {
        var history = Synthetic.Of(1000, t => 100 * Season(t % Weeks));

        Assert.IsGreaterThan(0.6, YearAgoEffect.Learn(history, Days, Replay(history, Recent(history), Origins))!.Share);
    }

    [TestMethod]
    public void Learn_NextYearWasOrdinary_ExpectsLittle()
    {
        var random = new Random(4);
        var history = Synthetic.Of(760, t => (t < Weeks ? 100 * Season(t) : 100) + Synthetic.Gaussian(random));

        Assert.IsLessThan(0.1, YearAgoEffect.Learn(history, Days, Replay(history, _ => 100, [.. Origins.Where(o => o <= 732)]))!.Share);
    }

    [TestMethod]
    public void Over_PastErrors_AreThoseOfTheChangedPaths()
    {
        var history = Synthetic.Of(1000, t => 100 * Season(t % Weeks));
        var past = Replay(history, Recent(history), Origins);
        var effect = YearAgoEffect.Learn(history, Days, past)!;
        var changed = effect.Over(past, history);

        // Before a year was known nothing changes; after it, less is missed.
        CollectionAssert.AreEqual(past.Of(0).ToArray(), changed.Of(0).ToArray());
        Assert.IsLessThan(0.9 * past.MeanAbsolute(), changed.MeanAbsolute());
    }

    [TestMethod]
    public void Learn_NoYearOrNoRatio_IsNull()
    {
        var history = Synthetic.Of(500, _ => 100);

        Assert.IsNull(YearAgoEffect.Learn(history, new ForecastSpec(28, 7) { NonNegative = true }, Replay(history, _ => 100, 450)));
        Assert.IsNull(YearAgoEffect.Learn(history, Days with { NonNegative = false }, Replay(history, _ => 100, 450)));
        Assert.IsNull(YearAgoEffect.Learn(history.AsSpan(0, 391), Days, Replay(history[..391], _ => 100, 350)));
    }

    [TestMethod]
    public void Shown_Lengths_AreTheSeasonsThatWereSeen()
    {
        CollectionAssert.AreEqual(new[] { 1 }, ForecastSpec.Shown([7, 365], 13).ToArray());
        CollectionAssert.AreEqual(new[] { 7 }, ForecastSpec.Shown([7, 365], Weeks + 27).ToArray());
        CollectionAssert.AreEqual(new[] { 7, 365 }, ForecastSpec.Shown([7, 365], Weeks + 28).ToArray());
        CollectionAssert.AreEqual(new[] { 24 }, ForecastSpec.Shown([24, 168], 335).ToArray());
        CollectionAssert.AreEqual(new[] { 24, 168 }, ForecastSpec.Shown([24, 168], 336).ToArray());
    }

    [TestMethod]
    public void Run_QuietWeeksEveryYear_AreForeseen()
    {
        // A holiday of ten days that no calendar here knows, on the same dates; asked for a week before the second one.
        var (with, without, values) = (0.0, 0.0, 0);
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var whole = Synthetic.Of(600, t => 200 * (t % 7 >= 5 ? 0.8 : 1) * (1 + (0.05 * Synthetic.Gaussian(random))) * (t % 365 is >= 200 and < 210 ? 0.5 : 1));
            var known = 365 + 193;
            var (year, week) = (Forecast.Run(whole.AsSpan(0, known), Days), Forecast.Run(whole.AsSpan(0, known), new ForecastSpec(28, 7) { NonNegative = true }));

            Assert.IsNotNull(year.ShareOfYearAgo);
            Assert.IsNull(week.ShareOfYearAgo);
            for (var h = 0; h < 28; h++, values++)
            {
                (with, without) = (with + Math.Abs(whole[known + h] - year.Mean[h]), without + Math.Abs(whole[known + h] - week.Mean[h]));
            }
        }

        Console.WriteLine(FormattableString.Invariant($"mean absolute error {with / values:F1} with the year, {without / values:F1} without"));
        Assert.IsLessThan(0.85 * without, with);
    }

    private static int[] Origins => [.. Enumerable.Range(0, 23).Select(i => 336 + (i * 28))];

    /// <summary>Blocks of three weeks up and down by a fifth.</summary>
    private static double Season(int day) => day / 21 % 3 == 0 ? 1.2 : day / 21 % 3 == 1 ? 1 : 0.8;

    private static Func<int, double> Recent(double[] history) => t => history[Math.Max(0, ((t / 28) - 1) * 28)..(t / 28 * 28)].Average();

    /// <summary>Origins as far apart as they see, each with the path that this rule gives.</summary>
    private static PastErrors Replay(double[] history, Func<int, double> rule, params int[] lengths) => PastErrors.Replay(new Rule(rule), history, Days, lengths);

    private sealed class Rule(Func<int, double> at) : IForecaster
    {
        public string Name => "rule";

        public int NeedsAtLeast(ForecastSpec spec) => 1;

        public void Forecast(ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
        {
            for (var h = 0; h < mean.Length; h++)
            {
                mean[h] = at(history.Length + h);
            }
        }
    }
}
