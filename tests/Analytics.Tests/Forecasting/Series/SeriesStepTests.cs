using System.Globalization;
using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Tests.Forecasting.Series;

[TestClass]
public sealed class SeriesStepTests
{
    [TestMethod]
    [DataRow("2026-01-01T00:00Z 2026-01-01T01:00Z 2026-01-01T02:00Z", "2026-01-01T03:00Z", new[] { 24, 168 }, DisplayName = "hourly")]
    [DataRow("2026-01-01T00:00Z 2026-01-01T01:00Z 2026-01-01T04:00Z 2026-01-01T05:00Z", "2026-01-01T06:00Z", new[] { 24, 168 }, DisplayName = "hourly with a hole")]
    [DataRow("2026-01-01T00:00Z 2026-01-01T00:05Z", "2026-01-01T00:10Z", new[] { 288, 2016 }, DisplayName = "five minutes")]
    [DataRow("2026-01-01T00:00Z 2026-01-01T01:00:07Z 2026-01-01T01:59:55Z 2026-01-01T03:00:01Z", "2026-01-01T04:00:01Z", new[] { 24, 168 }, DisplayName = "hourly by a clock that jitters")]
    [DataRow("2026-01-01T00:00Z 2026-01-02T00:00Z", "2026-01-03T00:00Z", new[] { 7, 365 }, DisplayName = "daily")]
    [DataRow("2026-01-05T00:00Z 2026-01-12T00:00Z", "2026-01-19T00:00Z", new[] { 52 }, DisplayName = "weekly")]
    [DataRow("2025-12-01T00:00Z 2026-01-01T00:00Z", "2026-02-01T00:00Z", new[] { 12 }, DisplayName = "monthly")]
    [DataRow("2025-11-30T16:00Z 2025-12-31T16:00Z 2026-01-31T16:00Z", "2026-02-28T16:00Z", new[] { 12 }, DisplayName = "monthly at midnight of UTC+8")]
    [DataRow("2025-11-30T00:00Z 2025-12-31T00:00Z 2026-01-31T00:00Z", "2026-02-28T00:00Z", new[] { 12 }, DisplayName = "ends of months")]
    [DataRow("2025-10-15T08:00Z 2025-11-15T08:00Z 2026-01-15T08:00Z 2026-02-15T08:00Z", "2026-03-15T08:00Z", new[] { 12 }, DisplayName = "mid-month with a month missing")]
    [DataRow("2025-10-01T00:00Z 2026-01-01T00:00Z", "2026-04-01T00:00Z", new[] { 4 }, DisplayName = "quarterly")]
    [DataRow("2024-01-01T00:00Z 2025-01-01T00:00Z", "2026-01-01T00:00Z", new[] { 1 }, DisplayName = "yearly")]
    [DataRow("2026-01-01T00:00Z 2026-01-11T00:00Z", "2026-01-21T00:00Z", new[] { 1 }, DisplayName = "every ten days")]
    public void Detect_Instants_GivesTheNextOneAndTheUsualSeasons(string instants, string next, int[] seasons)
    {
        var micros = instants.Split(' ').Select(At).ToArray();
        var step = SeriesStep.Detect(micros)!.Value;

        Assert.AreEqual(At(next), step.After(micros[^1], 1));
        Assert.AreEqual(1L, step.StepsBetween(micros[^1], At(next)));
        CollectionAssert.AreEqual(seasons, step.DefaultSeasons().ToArray());
    }

    [TestMethod]
    public void Detect_OneInstant_IsUnknown() => Assert.IsNull(SeriesStep.Detect([0]));

    private static long At(string text) =>
        (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / 10;
}
