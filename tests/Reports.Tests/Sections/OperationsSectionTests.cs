using Headroom.Domain.Metrics;
using Headroom.Reports.Components;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections;
using Headroom.Reports.Sections.ActOn;
using Headroom.Reports.Tests.Daily;

namespace Headroom.Reports.Tests.Sections;

/// <summary>Numbers of the sections beside the card-hours, checked by hand on four cards of 0.256 P.</summary>
[TestClass]
public sealed class OperationsSectionTests
{
    private const double Exact = 1e-9;
    private static readonly Dictionary<string, Figure> Cells = DailyReportModel.Of(Samples.WithOperations()).Cells.ToDictionary(cell => cell.Cell);

    [TestMethod]
    [DataRow("pool.ai.U1c", 48.0 / 76)]
    [DataRow("pool.ai.U1s", 36.0 / 76)]
    [DataRow("idle.ai.all", 3 * 0.256)]
    [DataRow("idle.ai.start_up", 2 * 0.256)]
    [DataRow("idle.ai.tenant.maker.tail", 0.256)]
    [DataRow("idle.ai.U6", 30.0 / 36)]
    [DataRow("idle.ai.Interruptions", 2 * 1_000 / 2.0)]
    [DataRow("idle.ai.Displaced", 4.0)]
    [DataRow("queue.ai.devices", 12.0)]
    [DataRow("queue.ai.oldest", 5.0)]
    [DataRow("queue.ai.wait_p95", 3.0)]
    [DataRow("queue.ai.U_peak", 0.9)]
    [DataRow("queue.ai.H_saturation", 3.0)]
    [DataRow("queue.ai.Stranded", 9.0)]
    [DataRow("cards.hot", 1.0)]
    [DataRow("cards.hot.a1.peak", 91.5)]
    [DataRow("cards.failed", 1.0)]
    [DataRow("energy.PUE", 1.3)]
    [DataRow("energy.CO2", 130 * 0.6101)]
    [DataRow("counts.ai.tenant.uni.U1s", 46.0 / 48)]
    [DataRow("changes.repaired", 1.0)]
    public void Of_SmallCenter_PrintsWhatAPersonComputes(string cell, double expected) => Assert.AreEqual(expected, Cells[cell].Value!.Value, Exact);

    [TestMethod]
    public void ActOn_SmallCenter_IsTheFiveLargestByFallingSize()
    {
        var acts = ActOnModel.Of(Samples.WithOperations()).Acts;

        Assert.HasCount(5, acts);
        Assert.AreEqual(ActKind.Mend, acts[0].Kind, "a3 was down all day: 24 h of 0.256 P");
        Assert.AreEqual(24 * 0.256, acts[0].Size.Value!.Value, Exact);
        CollectionAssert.AreEqual(acts.Select(act => act.Size.Value!.Value).OrderDescending().ToArray(), acts.Select(act => act.Size.Value!.Value).ToArray());
    }

    [TestMethod]
    [DataRow(0, "en", "the center cut none of them short")]
    [DataRow(0, "zh-CN", "无一由中心中断")]
    [DataRow(3, "en", "jobs that the center cut short:")]
    public async Task ActOn_JobsThatDidNotComplete_SayWhetherTheCenterCutThemShort(int interruptions, string language, string expected)
    {
        var evidence = Act("act.ai.Stabilize.evidence", interruptions);
        var act = new Act(ActKind.Stabilize, new("AI", "智算"), null, null, Act("act.ai.Stabilize.size", 5), Act("act.ai.Stabilize.share", 1), evidence);
        var html = await DailyReportRenderer.RenderComponentAsync<SectionView>(
            new() { [nameof(SectionView.Part)] = new SectionPart("ActOn", typeof(ActOnSection), new ActOnModel([], [act])), [nameof(SectionView.Page)] = new PageContext(Texts.For(language), Simulated: true) }, CancellationToken.None);

        Assert.Contains(expected, html, StringComparison.Ordinal);
        Assert.Contains("data-cell=\"act.ai.Stabilize.evidence\"", html, StringComparison.Ordinal);

        static Figure Act(string cell, double value) => new FigureMaker(new("c"), new(0, 1), 0).Given(cell, new(new("c"), null, null, null), MetricCatalog.Interrupted.Id, MetricUnit.Count, value);
    }

    [TestMethod]
    public void ActOn_EachPool_SaysItsLargestState()
    {
        foreach (var largest in ActOnModel.Of(Samples.WithOperations()).Largest)
        {
            var pool = WaterfallOf(largest);
            Assert.AreEqual(pool.Steps.Max(step => step.Amount.Value), largest.Amount.Value, largest.Pool.En);
        }

        static Headroom.Reports.Sections.StateWaterfall.PoolWaterfall WaterfallOf(LargestState largest) =>
            Headroom.Reports.Sections.StateWaterfall.StateWaterfallModel.Of(Samples.WithOperations()).Pools.Single(pool => pool.Name == largest.Pool);
    }

    [TestMethod]
    public void Counts_OfATenant_AreBoundsOfIdle() =>
        Assert.AreEqual((4.0, 30.0, FigureGap.BoundsOnly), (Cells["counts.ai.tenant.uni.IdleCounted"].Low, Cells["counts.ai.tenant.uni.IdleCounted"].High, Cells["counts.ai.tenant.uni.IdleCounted"].Gap));
}
