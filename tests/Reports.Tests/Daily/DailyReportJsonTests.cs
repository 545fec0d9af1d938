using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;

namespace Headroom.Reports.Tests.Daily;

[TestClass]
public sealed class DailyReportJsonTests
{
    [TestMethod]
    public void Write_SmallCenter_IsAsAccepted() => GoldenFile.Matches("daily.json", DailyReportJson.Write(DailyReportModel.Of(Samples.Input())));

    [TestMethod]
    public void Write_EveryCell_IsItsExactFraction()
    {
        using var report = JsonDocument.Parse(DailyReportJson.Write(DailyReportModel.Of(BigCenter.Input())));

        var cells = report.RootElement.GetProperty("cells").EnumerateArray().ToArray();
        Assert.AreEqual(cells.Length, cells.Select(cell => cell.GetProperty("cell").GetString()).Distinct(StringComparer.Ordinal).Count());
        foreach (var cell in cells.Where(c => c.GetProperty("value").ValueKind == JsonValueKind.Number && c.GetProperty("numerator").ValueKind == JsonValueKind.String))
        {
            var fraction = (double)Integer(cell, "numerator") / (double)Integer(cell, "denominator");
            Assert.AreEqual(fraction, cell.GetProperty("value").GetDouble(), 1e-12 * Math.Max(1, fraction), cell.GetProperty("cell").GetString());
        }
    }

    [TestMethod]
    public void Cells_OfAnyReport_AreDefinedMetrics()
    {
        var defined = MetricCatalog.All.Select(metric => metric.Id).ToHashSet();

        Assert.IsTrue(DailyReportModel.Of(BigCenter.Input()).Cells.All(figure => defined.Contains(figure.Metric)));
    }

    private static BigInteger Integer(JsonElement cell, string name) => BigInteger.Parse(cell.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
