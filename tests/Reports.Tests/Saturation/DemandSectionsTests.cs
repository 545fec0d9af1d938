using Headroom.Analytics.Demand;
using Headroom.Domain.Metrics;
using Headroom.Reports.Components;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Reports.Sections;
using Headroom.Reports.Sections.Asked;
using Headroom.Reports.Sections.DemandParts;
using Headroom.Reports.Sections.QueueOrigin;

namespace Headroom.Reports.Tests.Saturation;

/// <summary>The sections of the demand page.</summary>
[TestClass]
public sealed class DemandSectionsTests
{
    public required TestContext TestContext { get; set; }

    private static SaturationReportInput Waiting => SaturationSamples.Of("since") is var input
        ? input with
        {
            Pools =
            [
                input.Pools[0] with
                {
                    Causes = new(0.97, [new(QueueCause.Center, 48, 600), new(QueueCause.Gang, 5, 20)], [new("ocean", QueueCause.Center, 0.9, 40, 400, 10)]),
                    Parts = [new(DemandDimension.Tenant, [new("ocean", 500, 300, 100, 2), new("port", 300, 90, 20, 0)])],
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
        Assert.IsTrue(QueueOriginModel.Of(SaturationSamples.Of("bound")).Pools[0].Unseen);
    }

    [TestMethod]
    public void Parts_OfAPool_AreInItsUnit() =>
        Assert.AreEqual(500 * 0.256, DemandPartsModel.Of(Waiting).Pools.Single().Parts[0].Rows[0].Latent.Value!.Value, 1e-9);

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
