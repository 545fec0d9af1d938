using System.Text.Json;
using Headroom.Reports.Charts;
using Headroom.Reports.Charts.CardHourHeatmap;
using Headroom.Reports.Charts.ForecastFan;
using Headroom.Reports.Charts.HourlyCurve;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Charts.StateWaterfall;
using Headroom.Reports.Charts.TenantBars;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.Forecasts;
using Headroom.Reports.Sections.Heatmap;
using Headroom.Reports.Sections.HourlyCurve;
using Headroom.Reports.Sections.StateWaterfall;
using Headroom.Reports.Sections.Tenants;
using Headroom.Reports.Tests.Daily;

namespace Headroom.Reports.Tests.Charts;

[TestClass]
public sealed class ChartOptionsTests
{
    [TestMethod]
    [DataRow("zh-CN", DisplayName = "Chinese")]
    [DataRow("en", DisplayName = "English")]
    public void Write_SmallCenter_IsAsAccepted(string language)
    {
        foreach (var chart in All(Samples.Input(), language))
        {
            GoldenFile.Matches($"Charts/{chart.Id}.{language}.json", ChartJson.WriteIndented(chart.Options));
        }
    }

    [TestMethod]
    public void Write_AnyChart_IsJsonWithoutMarkup()
    {
        foreach (var chart in All(Samples.Input(), "en"))
        {
            var json = ChartJson.Write(chart.Options);
            using var parsed = JsonDocument.Parse(json);
            Assert.DoesNotContain("<", json, StringComparison.Ordinal);
            Assert.AreEqual("richText", parsed.RootElement.GetProperty("tooltip").GetProperty("renderMode").GetString());
            Assert.IsFalse(parsed.RootElement.GetProperty("animation").GetBoolean());
        }
    }

    [TestMethod]
    public void Heatmap_UnknownCell_IsNullAndMarked()
    {
        var chart = CardHourHeatmapChart.Of(HeatmapModel.Of(Samples.Input()).Pools[0], simulated: true, Texts.For("en"))[0];

        var (use, unknown, maintenance, down) = (chart.Options.Series[0].Data, chart.Options.Series[1].Data, chart.Options.Series[2].Data, chart.Options.Series[3].Data);
        Assert.Contains(new Datum(null, (7, 3)), use);
        Assert.Contains(new Datum(0, (12, 1)), use);
        Assert.HasCount(8, unknown);
        Assert.HasCount(2, maintenance);
        Assert.HasCount(24, down);
        Assert.IsFalse(use.Any(cell => cell.Place!.Value.Row == 2));
    }

    [TestMethod]
    public void Heatmap_ManyCards_AreCutBetweenHosts()
    {
        var charts = CardHourHeatmapChart.Of(HeatmapModel.Of(BigCenter.Input()).Pools[0], simulated: true, Texts.For("en"));

        var panels = charts.Select(chart => chart.Options.YAxis.Data!.Value).ToArray();
        Assert.AreEqual(400, panels.Sum(panel => panel.Length));
        Assert.IsTrue(panels.All(panel => panel.Length <= CardHourHeatmapChart.MostRows));
        var hosts = panels.Select(panel => panel.Select(name => name.Split(" · ")[0]).Distinct(StringComparer.Ordinal)).SelectMany(names => names).ToArray();
        Assert.HasCount(50, hosts);
        Assert.HasCount(50, hosts.Distinct(StringComparer.Ordinal));
    }

    [TestMethod]
    public void HourlyCurve_GapOfUse_BreaksTheLineAndKeepsTheBounds()
    {
        var input = Samples.Of(Samples.Center(), Samples.Day, false, null, Samples.Card("a1", "h-1", h => Samples.Cells((h == 3 ? Domain.Accounting.Cell.FreeUseUnknown : Domain.Accounting.Cell.FreeIdle, 60)), _ => []));

        var options = HourlyCurveChart.Of(HourlyCurveModel.Of(input).Pools[0], simulated: false, Texts.For("en")).Options;

        Assert.IsNull(options.Series[^1].Data[3].Value);
        Assert.AreEqual(0, options.Series[^1].Data[4].Value);
        Assert.AreEqual(100, options.Series[1].Data[3].Value);
        Assert.IsNull(options.Title.Subtext);
    }

    [TestMethod]
    public void ForecastFan_StackedBands_ReachTheirBounds()
    {
        var forecast = ForecastModel.Of(Samples.Input()).Forecasts[0];

        var series = ForecastFanChart.Of(forecast, simulated: true, Texts.For("en")).Options.Series;

        var stacked = series.Where(s => s.Stack == "fan").Select(s => s.Data[^1].Value!.Value).ToArray();
        double[] bounds = [40, 45, 48, 54, 58, 65];
        for (var i = 0; i < bounds.Length; i++)
        {
            Assert.AreEqual(bounds[i], stacked.Take(i + 1).Sum(), 1e-9);
        }
    }

    [TestMethod]
    public void Slug_DifferentIds_StayDifferent()
    {
        Assert.AreNotEqual(Chart.Slug("a.b"), Chart.Slug("a b"));
        Assert.AreEqual("ai-pool", Chart.Slug("AI-pool"));
    }

    private static IEnumerable<Chart> All(DailyReportInput input, string language)
    {
        var (text, simulated) = (Texts.For(language), input.Simulated);
        return
        [
            .. StateWaterfallModel.Of(input).Pools.Select(pool => StateWaterfallChart.Of(pool, simulated, text)),
            .. HourlyCurveModel.Of(input).Pools.Select(pool => HourlyCurveChart.Of(pool, simulated, text)),
            .. HeatmapModel.Of(input).Pools.SelectMany(pool => CardHourHeatmapChart.Of(pool, simulated, text)),
            .. TenantsModel.Of(input).Pools.Where(pool => !pool.Rows.IsEmpty).Select(pool => TenantBarsChart.Of(pool, simulated, text)),
            .. ForecastModel.Of(input).Forecasts.Where(f => !f.View.Steps.IsEmpty).Select(forecast => ForecastFanChart.Of(forecast, simulated, text)),
        ];
    }
}
