using System.Text.Json;
using Headroom.Domain.Metrics;
using Headroom.Reports.Charts.DemandCurve;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Components;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Reports.Sections.DemandCurve;
using Headroom.Reports.Sections.Standing;
using Headroom.Reports.Sections.Verdict;

namespace Headroom.Reports.Tests.Saturation;

[TestClass]
public sealed class SaturationReportTests
{
    public required TestContext TestContext { get; set; }

    public static IEnumerable<(string Kind, string Language)> Cases => SaturationSamples.Kinds.SelectMany(kind => Texts.Languages.Select(language => (kind, language)));

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Sections_EveryAnswer_AreAsAccepted(string kind, string language)
    {
        var report = SaturationReportModel.Of(SaturationSamples.Of(kind));
        var page = new PageContext(Texts.For(language), Simulated: true);
        foreach (var part in report.Parts)
        {
            var html = await DailyReportRenderer.RenderComponentAsync<SectionView>(new() { ["Part"] = part, ["Page"] = page }, TestContext.CancellationToken);
            GoldenFile.Matches($"Saturation/{kind}.{part.Name}.{language}.html", html);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Chart_EveryAnswer_IsAsAccepted(string kind, string language)
    {
        var chart = DemandCurveChart.Of(DemandCurveModel.Of(SaturationSamples.Of(kind)).Pools[0], simulated: true, Texts.For(language));

        GoldenFile.Matches($"Saturation/{kind}.chart.{language}.json", ChartJson.WriteIndented(chart.Options));
    }

    [TestMethod]
    [DataRow("since")]
    [DataRow("distribution")]
    [DataRow("not-within")]
    [DataRow("bound")]
    [DataRow("refused")]
    public void Json_EveryAnswer_IsAsAcceptedAndItsCellsAreDefinedMetrics(string kind)
    {
        var report = SaturationReportModel.Of(SaturationSamples.Of(kind));
        var json = SaturationReportJson.Write(report);
        var defined = MetricCatalog.All.Select(metric => metric.Id).ToHashSet();

        GoldenFile.Matches($"Saturation/{kind}.json", json);
        Assert.IsTrue(report.Cells.All(cell => defined.Contains(cell.Metric)));
        using var parsed = JsonDocument.Parse(json);
        Assert.AreEqual(report.Cells.Length, parsed.RootElement.GetProperty("cells").GetArrayLength());
    }

    [TestMethod]
    public void Verdict_TwiceTheCapacity_SaysTwoTimesAndASignedHeadroom()
    {
        var pool = VerdictModel.Of(SaturationSamples.Of("since")).Pools[0];

        Assert.AreEqual(2.0, pool.Oversubscription.Value);
        Assert.AreEqual(-102.4, pool.Headroom.Value!.Value, 1e-9);
        Assert.AreEqual(-112.64, pool.HeadroomAtTarget.Value!.Value, 1e-9);
        Assert.AreEqual("自2026年3月1日（数据的第一天）起一直饱和。", VerdictText.When(pool, Texts.For("zh-CN")));
        Assert.AreEqual("Saturated since 1 March 2026, the first day of the data.", VerdictText.When(pool, Texts.For("en")));
    }

    [TestMethod]
    public void Verdict_LowerBound_HasNoPointEstimateAnywhere()
    {
        var pool = VerdictModel.Of(SaturationSamples.Of("bound")).Pools[0];

        Assert.AreEqual((FigureGap.AtLeast, (double?)null), (pool.Latent.Gap, pool.Latent.Value));
        Assert.AreEqual((FigureGap.AtLeast, (double?)null), (pool.Oversubscription.Gap, pool.Oversubscription.Value));
        Assert.AreEqual((FigureGap.AtMost, (double?)null), (pool.Headroom.Gap, pool.Headroom.Value));
        Assert.AreEqual(1.024, pool.Headroom.High!.Value, 1e-9);
        Assert.Contains("not identifiable", VerdictText.HowMuch(pool, Texts.For("en")), StringComparison.Ordinal);
        Assert.Contains("无法识别", VerdictText.HowMuch(pool, Texts.For("zh-CN")), StringComparison.Ordinal);
    }

    [TestMethod]
    public void Verdict_Refused_HasNoNumberButCapacity()
    {
        var pool = VerdictModel.Of(SaturationSamples.Of("refused")).Pools[0];

        Assert.IsTrue(new[] { pool.Latent, pool.Oversubscription, pool.Headroom, pool.HeadroomAtTarget, pool.Saturation }.All(figure => figure.Gap == FigureGap.NotIdentifiable && figure.Value is null));
        Assert.AreEqual(102.4, pool.Capacity.Value!.Value, 1e-9);
    }

    [TestMethod]
    public void Standing_UnratedPool_CountsDevicesAndIsNeverAdded()
    {
        var standing = StandingModel.Of(SaturationSamples.Of("since"));

        Assert.AreEqual((MetricUnit.Petaflops, MetricUnit.Devices), (standing.Pools[0].Served.Unit, standing.Pools[1].Served.Unit));
        Assert.AreEqual(390 * 0.256, standing.Pools[0].Served.Value!.Value, 1e-9);
        Assert.AreEqual((1.0, 102.4), (standing.Pools[0].Nameplate!.Value!.Value, standing.Pools[0].CatalogSum.Value!.Value));
        Assert.IsTrue(standing.Figures.All(figure => figure.Scope.Pool is not null));
    }

    [TestMethod]
    public void Standing_WithoutJobsAndRequests_SaysThatNothingTells() =>
        Assert.AreEqual(FigureGap.NoAllocationSource, StandingModel.Of(SaturationSamples.Of("bound")).Pools[0].Queued.Gap);

    [TestMethod]
    [DataRow(805.3, 790, 821, "805")]
    [DataRow(805.3, 755, 856, "810")]
    [DataRow(205.31, 198, 213, "205")]
    [DataRow(205.31, 205.31, 205.31, "205.3")]
    [DataRow(0, 0, 0, "0")]
    public void Estimated_AnyBand_IsPrintedToThePrecisionOfTheBand(double value, double low, double high, string expected)
    {
        var maker = new FigureMaker(new("c"), default, 0);
        var figure = maker.Estimated("x", maker.Scope(), MetricCatalog.DLatent.Id, MetricUnit.Petaflops, value, low, high);

        Assert.AreEqual(expected, FigureText.Bare(figure, Texts.For("en")));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task RenderAsync_EveryAnswer_IsOneDocumentThatSaysSimulatedAndFetchesNothing(string kind, string language)
    {
        var html = await SaturationReportRenderer.RenderAsync(SaturationReportModel.Of(SaturationSamples.Of(kind)), language, TestContext.CancellationToken);

        Assert.EndsWith("</html>", html.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains(Texts.For(language)["Simulated.Mark"], html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
    }
}
