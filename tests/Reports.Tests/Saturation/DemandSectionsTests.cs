using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Metrics;
using Headroom.Reports.Components;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Reports.Sections;
using Headroom.Reports.Sections.Asked;
using Headroom.Reports.Sections.DemandCurve;
using Headroom.Reports.Sections.DemandParts;
using Headroom.Reports.Sections.QueueOrigin;
using Headroom.Reports.Sections.Standing;

namespace Headroom.Reports.Tests.Saturation;

/// <summary>The sections of the demand page.</summary>
[TestClass]
public sealed class DemandSectionsTests
{
    public TestContext TestContext { get; set; } = null!;

    private static SaturationReportInput Waiting => SaturationSamples.Of("since") is var input
        ? input with
        {
            Pools =
            [
                input.Pools[0] with
                {
                    Causes = new(0.97, [new(QueueCause.Center, 48, 600) { Unserved = 100 }, new(QueueCause.Gang, 5, 20) { Unserved = 2 }], [new("ocean", QueueCause.Center, 0.9, 40, 400, 10) { Unserved = 50 }]) { Observed = 336 },
                    Parts =
                    [
                        new(DemandDimension.Tenant, [new("ocean", 500, 300, 100, 2), new("port", 300, 90, 20, 0)]) { Requests = new Dictionary<string, (double, double)> { ["port"] = (40, 16) }.ToImmutableDictionary() },
                        new(DemandDimension.Gang, [new("9-16", 500, 300, 100, 2), new("1", 300, 90, 20, 0)]),
                    ],
                    Retries = new(12, 850),
                    Ramp = CenterRamp.Of([new(0.5, false)], RampPrior.Assumed, 1, 1),
                },
                input.Pools[1],
            ],
        }
        : throw new InvalidOperationException();

    [TestMethod]
    public void Asked_BacklogBehindAnEstimate_NeedsDemandPlusBacklogOverDays()
    {
        // 800 cards of 0.256 P wanted, 600 card-days waiting: 204.8 P + 153.6 P·d / T.
        var pool = AskedModel.Of(Waiting).Pools[0];

        CollectionAssert.AreEqual(new[] { 7, 30, 90 }, pool.Clearing.Select(term => term.Days).ToArray());
        Assert.AreEqual(204.8 + (153.6 / 7), pool.Clearing[0].Required.Value!.Value, 1e-9);
        Assert.AreEqual(204.8 + (153.6 / 90), pool.Clearing[2].Required.Value!.Value, 1e-9);
        Assert.AreEqual(MetricCatalog.Required.Id, pool.Clearing[0].Required.Metric);
        Assert.AreEqual(0, pool.Growth!.Sisters);
        Assert.AreEqual(1.5 * 400 * 0.256, pool.Growth.Before.Value!.Value, 20);
    }

    [TestMethod]
    [DataRow(1, true)]
    [DataRow(24, false)]
    public async Task Asked_YoungCenter_ShowsPriorAndPosteriorAndSaysWhetherItIsThePrior(int months, bool isPrior)
    {
        var ramp = CenterRamp.Of([.. Enumerable.Range(0, months).Select(month => new RampMonth(0.8 / (1 + Math.Exp(-0.5 * (month + 0.5 - 8))), false))], RampPrior.Assumed, 1, 1);
        var input = Waiting with { Pools = [Waiting.Pools[0] with { Ramp = ramp }] };
        foreach (var language in Texts.Languages)
        {
            var text = Texts.For(language);
            var part = ReportSections.Demand.Select(section => section.Part(input)).Single(part => part.Model is AskedModel);
            var html = System.Net.WebUtility.HtmlDecode(await DailyReportRenderer.RenderComponentAsync<SectionView>(new() { ["Part"] = part, ["Page"] = new PageContext(text, Simulated: true) }, TestContext.CancellationToken));

            StringAssert.Contains(html, "pool.ai.D_grown.prior", StringComparison.Ordinal);
            StringAssert.Contains(html, text["Asked.GrowthSeen"], StringComparison.Ordinal);
            Assert.AreEqual(isPrior, html.Contains(text["Asked.IsPrior"], StringComparison.Ordinal));
        }
    }

    [TestMethod]
    public void Asked_ADateOfOnesOwn_StandsAmongTheOthers()
    {
        var terms = AskedModel.Of(Waiting with { ClearBy = Waiting.Day.AddDays(10) }).Pools[0].Clearing;

        CollectionAssert.AreEqual(new[] { 7, 10, 30, 90 }, terms.Select(term => term.Days).ToArray());
        Assert.AreEqual(204.8 + 15.36, terms[1].Required.Value!.Value, 1e-9);
        Assert.AreEqual(((800 + (600 / 10.0)) * 0.256, (790 + (500 / 10.0)) * 0.256), (terms[1].Required.Value!.Value, terms[1].Required.Low!.Value));
        CollectionAssert.AreEqual(new[] { 7, 30, 90 }, AskedModel.Of(Waiting with { ClearBy = Waiting.Day.AddDays(30) }).Pools[0].Clearing.Select(term => term.Days).ToArray());
    }

    [TestMethod]
    public void Asked_JobsSubmittedAgain_SaysHowManyAndWhatDemandWouldRead()
    {
        var retried = AskedModel.Of(Waiting).Pools[0].Retried!;

        Assert.AreEqual((12.0, 850 * 0.256), (retried.Jobs.Value, retried.Apart!.Value));
        Assert.IsNull(AskedModel.Of(Waiting).Pools[1].Retried);
    }

    [TestMethod]
    public void Curve_DemandAboveCapacity_CountsTheDays()
    {
        Assert.AreEqual((14.0, 14.0), (DemandCurveModel.Of(Waiting).Pools[0].Over!.Value.Days.Value, DemandCurveModel.Of(Waiting).Pools[0].Over!.Value.Observed.Value));
        Assert.AreEqual(0.0, DemandCurveModel.Of(SaturationSamples.Of("not-within")).Pools[0].Over!.Value.Days.Value);
        Assert.IsNull(DemandCurveModel.Of(SaturationSamples.Of("refused")).Pools[0].Over);
    }

    [TestMethod]
    [DataRow("since", FigureGap.None)]
    [DataRow("bound", FigureGap.AtLeast)]
    [DataRow("refused", FigureGap.NotIdentifiable)]
    public void Standing_OfTheDemandPage_HasTheDaysLatentDemandAsTheAnswerAllows(string kind, FigureGap gap)
    {
        var pool = StandingModel.WithLatent(SaturationSamples.Of(kind)).Pools[0];

        Assert.AreEqual(gap, pool.Latent!.Gap);
        Assert.IsNull(StandingModel.Of(SaturationSamples.Of(kind)).Pools[0].Latent);
    }

    [TestMethod]
    [DataRow("en")]
    [DataRow("zh-CN")]
    public async Task Page_OfASample_SaysHowMuchHowSureAndWhatIsNotKnown(string language)
    {
        foreach (var kind in SaturationSamples.Kinds)
        {
            var html = await RenderAsync(SaturationSamples.Of(kind), language);
            foreach (var word in language == "en"
                ? kind switch { "bound" => ["at least", "no upper end", "Not known:", "better:"], "refused" => ["cannot be told", "Not known:", "better:"], _ => (string[])["Asked for:", "the last 14 days"] }
                : kind switch { "bound" => ["至少", "没有上限", "未知：", "更可靠："], "refused" => ["无法得出", "未知：", "更可靠："], _ => ["需求 ", "最近 14 天"] })
            {
                Assert.Contains(word, html, StringComparison.Ordinal, kind);
            }
        }

        var waiting = await RenderAsync(Waiting with { ClearBy = Waiting.Day.AddDays(10) }, language);
        Assert.Contains(language == "en" ? "submitted again under another id" : "新编号重新提交", waiting, StringComparison.Ordinal);
        Assert.Contains("2026-03-24", waiting, StringComparison.Ordinal);
        Assert.Contains("<form class=\"ask\"", waiting, StringComparison.Ordinal);
    }

    private async Task<string> RenderAsync(SaturationReportInput input, string language) => string.Concat(await Task.WhenAll(ReportSections.Demand.Select(section => DailyReportRenderer.RenderComponentAsync<SectionView>(
        new()
        {
            [nameof(SectionView.Part)] = section.Part(input),
            [nameof(SectionView.Page)] = new PageContext(Texts.For(language), Simulated: true) { AskAt = "/centers/x/demand" },
        },
        TestContext.CancellationToken))));

    [TestMethod]
    public void Asked_LowerBound_HasNoPointAndNothingToClear()
    {
        var pool = AskedModel.Of(SaturationSamples.Of("bound")).Pools[0];

        Assert.IsNull(pool.Latent.Value);
        Assert.AreEqual(FigureGap.AtLeast, pool.Latent.Gap);
        Assert.IsEmpty(pool.Clearing);
        Assert.AreEqual(DemandReason.FullWithoutQueue, pool.Reason);
    }

    [TestMethod]
    public void QueueOrigin_CausesAndTenants_AreInPetaflopDays()
    {
        var pool = QueueOriginModel.Of(Waiting).Pools[0];

        Assert.AreEqual(600 * 0.256, pool.Causes[0].Waited.Value!.Value, 1e-9);
        Assert.AreEqual(10 * 0.256, pool.Tenants[0].Mean.Value!.Value, 1e-9);
        Assert.AreEqual(0.97, pool.Packing!.Value);
        Assert.AreEqual((100 * 0.256, 50 * 0.256), (pool.Causes[0].Unserved!.Value, pool.Tenants[0].Unserved!.Value));
        Assert.AreEqual((48.0, 336.0), (pool.Full!.Value.Hours.Value, pool.Full.Value.Observed.Value));
        Assert.IsTrue(QueueOriginModel.Of(SaturationSamples.Of("bound")).Pools[0].Unseen);
    }

    [TestMethod]
    public void Parts_OfAPool_AreInItsUnit()
    {
        var pool = DemandPartsModel.Of(Waiting).Pools.Single();

        Assert.AreEqual(500 * 0.256, pool.Parts[0].Rows[0].Latent.Value!.Value, 1e-9);
        Assert.AreEqual((0.0, 40 * 0.256, 16 * 0.256), (pool.Parts[0].Rows[0].Reserved!.Value, pool.Parts[0].Rows[1].Reserved!.Value, pool.Parts[0].Rows[1].Rejected!.Value));
        Assert.AreEqual(0.625, pool.Largest!.First.Value!.Value, 1e-9);
        CollectionAssert.AreEqual(new[] { "1", "9-16" }, pool.Parts[1].Rows.Select(row => row.Name.En).ToArray(), "sizes read as a scale");
        Assert.IsNull(pool.Parts[1].Rows[0].Reserved);
    }

    [TestMethod]
    public void EverySection_AnyAnswer_NamesEachCellOnce()
    {
        foreach (var input in SaturationSamples.Kinds.Select(kind => SaturationSamples.Of(kind)).Append(Waiting))
        {
            foreach (var section in ReportSections.Demand)
            {
                var cells = section.Part(input).Model.Figures.Select(figure => figure.Cell).ToArray();
                CollectionAssert.AllItemsAreUnique(cells, section.Name);
            }
        }
    }
}
