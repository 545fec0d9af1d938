using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;

namespace Headroom.Reports.Tests.Figures;

[TestClass]
public sealed class FigureTextTests
{
    private static readonly FigureMaker Maker = new(new CenterId("east"), new(0, 3_600_000_000), 0);

    // METRICS case F1: 100 cards x 256 TFLOPS at 95 % + 20 cards x 1,000 TFLOPS at 20 % is 62.1053 %.
    [TestMethod]
    public void Headline_CaseF1_HasOneDecimalAndTheDetailsFour()
    {
        var use = Maker.Share("x", Maker.Scope(), MetricValue.Ratio(MetricCatalog.U3.Id, (100 * 256 * 95) + (20 * 1_000 * 20), 100 * ((100 * 256) + (20 * 1_000)), 100 * ((100 * 256) + (20 * 1_000))));

        Assert.AreEqual("62.1\u00a0%", FigureText.Headline(use, Texts.For("en")));
        Assert.AreEqual("62.1%", FigureText.Headline(use, Texts.For("zh-CN")));
        Assert.AreEqual("62.1053%", FigureText.Exact(use.Value!.Value, use.Unit, Texts.For("zh-CN")));
    }

    // METRICS case F2: 90 %, coverage 50 %, bounds 45 to 95 %.
    [TestMethod]
    public void Tooltip_CaseF2_HasCoverageAndBounds()
    {
        var use = Maker.Share("x", Maker.Scope(), MetricValue.Ratio(MetricCatalog.U3.Id, 45, 50, 100));

        Assert.IsTrue(use.IsMarked);
        Assert.AreEqual("U3@1 可用利用率；90.0000%；覆盖率 50.0000%；上下界 45.0000% 至 95.0000%", FigureText.Tooltip(use, Texts.For("zh-CN")));
    }

    [TestMethod]
    public void Headline_CoverageBelowOneHalf_IsTheBounds()
    {
        var use = Maker.Share("x", Maker.Scope(), MetricValue.Ratio(MetricCatalog.U3.Id, 10, 40, 100));

        Assert.AreEqual("10.0%–70.0%", FigureText.Headline(use, Texts.For("zh-CN")));
    }

    [TestMethod]
    public void Headline_NoAllocationSource_IsWords() =>
        Assert.AreEqual("no allocation source", FigureText.Headline(Maker.WithoutAllocation("x", Maker.Scope(), MetricCatalog.U1s), Texts.For("en")));

    [TestMethod]
    [DataRow(2457.6, MetricUnit.PetaflopHours, "2,458", DisplayName = "thousands")]
    [DataRow(486.31, MetricUnit.PetaflopHours, "486.3", DisplayName = "hundreds")]
    [DataRow(27.648, MetricUnit.PetaflopHours, "27.65", DisplayName = "tens")]
    [DataRow(0.6144, MetricUnit.PetaflopHours, "0.614", DisplayName = "below ten")]
    [DataRow(0, MetricUnit.PetaflopHours, "0", DisplayName = "zero")]
    [DataRow(400, MetricUnit.Devices, "400", DisplayName = "whole devices")]
    [DataRow(399.5, MetricUnit.Devices, "399.5", DisplayName = "mean devices")]
    [DataRow(2304000, MetricUnit.Count, "2,304,000", DisplayName = "count")]
    public void Rounded_Amounts_HaveAboutFourDigits(double value, MetricUnit unit, string expected) => Assert.AreEqual(expected, FigureText.Rounded(value, unit));
}
