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
using Headroom.Reports.Sections.Pipeline;
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
    public void Verdict_CalibratedPool_SaysFactorHoursAndRange()
    {
        var input = SaturationSamples.Of("distribution");
        var saturation = input.Pools[0].Saturation;
        var calibrated = input with
        {
            Pools = [input.Pools[0] with { Saturation = saturation with { Basis = saturation.Basis with { Packing = new(0.93, 0.88, 0.97, 140) } } }, input.Pools[1]],
        };
        var pools = VerdictModel.Of(calibrated).Pools;

        // 400 cards of 0.256 P, 93 % of them.
        Assert.AreEqual(0.93 * 102.4, pools[0].Effective!.Value!.Value, 1e-9);
        Assert.AreEqual(MetricCatalog.CEffective.Id, pools[0].Effective!.Metric);
        Assert.AreEqual(0.88 * 102.4, pools[0].Effective!.Low!.Value, 1e-9);
        Assert.IsNull(pools[1].Effective);
        foreach (var language in Texts.Languages)
        {
            var text = Texts.For(language);
            var said = VerdictText.CapacityBasis(pools[0], text);
            Assert.IsTrue(new[] { "93", "140", "88", "97" }.All(number => said.Contains(number, StringComparison.Ordinal)), said);
            Assert.AreNotEqual(VerdictText.CapacityBasis(pools[0], text), VerdictText.CapacityBasis(pools[1], text));
        }

        using var json = JsonDocument.Parse(SaturationReportJson.Write(SaturationReportModel.Of(calibrated)));
        var written = json.RootElement.GetProperty("pools");
        Assert.AreEqual(140, written[0].GetProperty("saturation").GetProperty("packing").GetProperty("hours").GetInt32());
        Assert.IsFalse(written[1].GetProperty("saturation").TryGetProperty("packing", out _));
    }

    [TestMethod]
    public void Verdict_TwiceTheCapacity_SaysTwoTimesAndASignedHeadroom()
    {
        var pool = VerdictModel.Of(SaturationSamples.Of("since")).Pools[0];

        Assert.AreEqual(2.0, pool.Oversubscription.Value);
        Assert.AreEqual(-102.4, pool.Headroom.Value!.Value, 1e-9);
        Assert.AreEqual(-112.64, pool.HeadroomAtTarget.Value!.Value, 1e-9);
        Assert.AreEqual("至少自2026年3月1日（数据的第一天）起即饱和，至今未缓解。", VerdictText.When(pool, Texts.For("zh-CN")));
        Assert.AreEqual("Saturated since at least 1 March 2026, the first day of the data.", VerdictText.When(pool, Texts.For("en")));
    }

    [TestMethod]
    public void Verdict_FromTheOpeningOn_SaysSo()
    {
        var input = SaturationSamples.Of("since");
        var pool = VerdictModel.Of(input with { Center = input.Center with { Opened = new(2026, 3, 1) } }).Pools[0];

        Assert.AreEqual("Saturated since its opening on 1 March 2026.", VerdictText.When(pool, Texts.For("en")));
        Assert.AreEqual("自2026年3月1日投运即饱和，至今未缓解。", VerdictText.When(pool, Texts.For("zh-CN")));
    }

    [TestMethod]
    public void Verdict_NotWithinHorizon_StatesTheChance()
    {
        var report = VerdictModel.Of(SaturationSamples.Of("not-within"));

        Assert.AreEqual("Saturation by 14 March 2027 is unlikely: the chance is 2.0\u00a0%.", VerdictText.When(report.Pools[0], Texts.For("en")));
        Assert.AreEqual("2027年3月14日前饱和的可能性较低，概率为 2.0%。", VerdictText.When(report.Pools[0], Texts.For("zh-CN")));
        Assert.AreEqual("Saturation by 14 March 2027 is unlikely: the chance is below 0.1\u00a0%.", VerdictText.When(report.Pools[1], Texts.For("en")), "sample paths cannot tell less");
    }

    [TestMethod]
    public void Verdict_DistributionWithoutMedian_StatesTheChanceAndTheFirstTenth()
    {
        var input = SaturationSamples.Of("distribution");
        var open = (Headroom.Analytics.Saturation.SaturationAnswer.Distribution)input.Pools[0].Saturation with { P50 = null, Never = 0.7 };
        var pool = VerdictModel.Of(input with { Pools = [input.Pools[0] with { Saturation = open }] }).Pools[0];

        Assert.AreEqual("The chance of saturation by 14 March 2027 is 30.0\u00a0%; one chance in ten that it comes by 1 June 2026.", VerdictText.When(pool, Texts.For("en")));
    }

    [TestMethod]
    public void Verdict_MedianInThePast_SaysThatDemandIsAboveAndWhatMakesItTheDay()
    {
        var input = SaturationSamples.Of("distribution");
        var begun = (Headroom.Analytics.Saturation.SaturationAnswer.Distribution)input.Pools[0].Saturation with { P10 = input.Day.AddDays(-3), P50 = input.Day.AddDays(-3) };
        var pool = VerdictModel.Of(input with { Pools = [input.Pools[0] with { Saturation = begun }] }).Pools[0];
        var since = VerdictText.Day(input.Day.AddDays(-3), Texts.For("en"));

        Assert.StartsWith($"Demand has been above 90\u00a0% of usable capacity since {since}; seven such days in a row", VerdictText.When(pool, Texts.For("en")), StringComparison.Ordinal);
    }

    [TestMethod]
    public void Pipeline_LostAndOpen_AreListedWithReasonAndProbability()
    {
        var pipeline = PipelineModel.Of(SaturationSamples.Of("since"));

        Assert.AreEqual(("R-0003", "no capacity", 64 * 0.256), (pipeline.Lost[0].Id, pipeline.Lost[0].Reason, pipeline.Lost[0].Size.Value));
        Assert.AreEqual(("R-0009", false, 0.5), (pipeline.Open[0].Id, pipeline.Open[0].IsGiven, pipeline.Open[0].Chance!.Value), "the soonest first");
        Assert.AreEqual(2.0, pipeline.OpenCount.Value);
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
