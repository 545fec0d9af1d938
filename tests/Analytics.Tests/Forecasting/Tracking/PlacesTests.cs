using System.Collections.Immutable;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Series;
using Headroom.Analytics.Forecasting.Tracking;

namespace Headroom.Analytics.Tests.Forecasting.Tracking;

[TestClass]
public sealed class PlacesTests
{
    private const int Day = 24;
    private const int Horizon = 2 * Day;

    // Months of a day's rhythm with noise, a forecast every day: a line through first and last has no place in it, the median of earlier days has.
    [TestMethod]
    public void Lost_SimulatedMonths_AreThoseWhoLostEveryMonth()
    {
        var values = Hours(days: 14 + 95);
        ForecasterCatalog catalog = new([.. ForecasterCatalog.Default.Forecasters.Where(f => f.Name is Places.Naive or "drift" or "seasonal-median" or "last-value")]);
        var scores = Enumerable.Range(14, 92).Select(day => Score(values, day, catalog)).ToList();

        var after = Places.Lost(scores, scores[^1].IssuedAt);
        CollectionAssert.AreEquivalent(new[] { "drift", "last-value" }, after.ToArray());
        Assert.IsEmpty(Places.Lost(scores, scores[60].IssuedAt), "two months are no three");
        CollectionAssert.AreEquivalent(new[] { Places.Naive, "seasonal-median", "last-value" }, catalog.Without(after).Forecasters.Select(f => f.Name).ToArray());
    }

    [TestMethod]
    public void Lost_OneMonthBetter_HasThePlaceBack()
    {
        var scores = Made(120, day => day < 91 ? 2 : 0.1);

        Assert.Contains("model", Places.Lost(scores, 90 * SeriesStep.Day));
        Assert.DoesNotContain("model", Places.Lost(scores, 119 * SeriesStep.Day));
    }

    [TestMethod]
    public void Lost_ThreeMonthsWorse_HasNone() => Assert.Contains("model", Places.Lost(Made(91, _ => 1.01), 90 * SeriesStep.Day));

    [TestMethod]
    public void Lost_AMonthHardlyScored_SaysNothing() =>
        Assert.IsEmpty(Places.Lost([.. Made(91, _ => 2).Where(score => score.IssuedAt > 30 * SeriesStep.Day || score.IssuedAt < 6 * SeriesStep.Day)], 90 * SeriesStep.Day));

    [TestMethod]
    public void Without_WhatWasPublishedLost_LeavesTheNaive()
    {
        var names = ForecasterCatalog.Default.Without(ImmutableSortedSet.Create(TrackScore.Published)).Forecasters.Select(f => f.Name).ToArray();

        CollectionAssert.AreEqual(new[] { Places.Naive, "last-value" }, names);
    }

    /// <summary>A forecast a day; the model's error against that of the naive, which is 1.</summary>
    private static ImmutableArray<TrackScore> Made(int days, Func<int, double> error) =>
        [.. Enumerable.Range(0, days).Select(day => new TrackScore(day * SeriesStep.Day, [Of("model", error(day)), Of(Places.Naive, 1)]))];

    private static ModelScore Of(string model, double error) => new(model, [new(1, error, error, null, [])]);

    private static TrackScore Score(double[] values, int day, ForecasterCatalog catalog)
    {
        var (history, spec) = (values[..(day * Day)], new ForecastSpec(Horizon, Day) { NonNegative = true });
        var result = Forecast.Run(history, spec, catalog);
        var issued = new IssuedPaths(day * SeriesStep.Day, result.Mean, result.Bands, Forecast.Alone(history, spec, catalog));
        return TrackScore.Of(issued, history, values.AsSpan(day * Day, Horizon), Day, Day)!;
    }

    private static double[] Hours(int days)
    {
        var random = new Random(5);
        return Synthetic.Of(days * Day, t => 50 + (20 * Math.Sin(2 * Math.PI * t / Day)) + (4 * Synthetic.Gaussian(random)));
    }
}
