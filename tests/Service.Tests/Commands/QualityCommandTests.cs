using System.Text;
using System.Text.Json;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed class QualityCommandTests
{
    [TestMethod]
    public async Task Quality_DayWithAGapARejectAndAQuietCard_TellsEach()
    {
        // Received on the day it speaks of: the clock of the test stands at its end.
        using var center = new TestCenter(now: "2026-03-02T23:59:59Z");
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        var rows = new StringBuilder("timestamp,card,host,utilization\n");
        for (var minute = 1; minute < 12 * 60; minute++)
        {
            rows.Append(TestCenter.At(minute / 60.0)).Append(",a,h,50\n");
        }

        rows.Append(TestCenter.At(1)).Append(",a,h,50\n").Append(TestCenter.At(13)).Append(",a,h,150\n").Append("2026-03-01T12:00:00Z,b,h,10\n");
        var file = center.Write("use.csv", rows.ToString());
        await center.SucceedAsync("ingest", "telemetry", file, "--center", "case");

        var told = await center.SucceedAsync("report", "quality", "--center", "case", "--day", TestCenter.Day, "--json");
        using var answer = JsonDocument.Parse(told.Split('\n').First(line => line.StartsWith('{')));
        var report = answer.RootElement;

        var source = report.GetProperty("sources").EnumerateArray().Single();
        Assert.AreEqual((722, 721, 1), (source.GetProperty("received").GetInt32(), source.GetProperty("accepted").GetInt32(), source.GetProperty("rejected").GetProperty("out_of_range").GetInt32()));
        Assert.AreEqual(1, source.GetProperty("duplicates").GetInt32());
        var card = report.GetProperty("cards").EnumerateArray().First(card => card.GetProperty("card").GetString() == "a");
        Assert.AreEqual(0.5, card.GetProperty("coverage").GetDouble(), 0.01);
        Assert.AreEqual("b", report.GetProperty("quiet").EnumerateArray().Single().GetProperty("card").GetString());

        var person = await center.SucceedAsync("report", "quality", "--center", "case", "--day", TestCenter.Day, "--lang", "zh-CN");
        Assert.Contains("out_of_range 1", person, StringComparison.Ordinal);
        await center.SucceedAsync("report", "quality", "--center", "case", "--day", TestCenter.Day, "--out", center.Folder);
        Assert.IsTrue(Directory.GetFiles(center.Folder, "quality-case-2026-03-02.*.json").Length == 1);
        Assert.AreEqual((722, 39_599.0), (source.GetProperty("late").GetInt32(), Math.Round(source.GetProperty("lag_s").GetDouble())), "the clock of the test stands at the end of the day, the newest row is of 13:00");
        await center.SucceedAsync("report", "quality", "--center", "case", "--day", TestCenter.Day, "--format", "html", "--out", center.Folder, "--lang", "zh-CN");
        var page = await File.ReadAllTextAsync(Path.Combine(center.Folder, "quality-case-2026-03-02.zh-CN.html"));
        Assert.Contains("数据源质量", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\">722</td>", page, StringComparison.Ordinal);
    }

    // A pool whose devices report no utilization is no gap: it is named and not counted.
    [TestMethod]
    public async Task Quality_PoolWithoutAGauge_IsNamedAndNotCounted()
    {
        using var center = new TestCenter();
        var file = Path.Combine(center.Folder, "center.yaml");
        await center.SucceedAsync("center", "add", center.Write("center.yaml", (await File.ReadAllTextAsync(file)).Replace("devices_per_host: 1, gauge: true", "devices_per_host: 1, gauge: false", StringComparison.Ordinal)));
        await center.SucceedAsync("ingest", "inventory", center.Write("inv.csv", "card,host,pool,event,from\na,h,ai,installed,2026-03-01T00:00:00Z\nn1,n1,hpc,installed,2026-03-01T00:00:00Z\nn2,n2,hpc,installed,2026-03-01T00:00:00Z\n"), "--center", "case");
        await center.SucceedAsync("ingest", "telemetry", center.Write("use.csv", "timestamp,card,host,utilization\n" + string.Concat(Enumerable.Range(1, 24 * 60).Select(minute => $"{TestCenter.At(minute / 60.0)},a,h,50\n"))), "--center", "case");

        using var report = JsonDocument.Parse((await center.SucceedAsync("report", "quality", "--center", "case", "--day", TestCenter.Day, "--json")).Split('\n').First(line => line.StartsWith('{')));
        Assert.AreEqual(1, report.RootElement.GetProperty("coverage").GetDouble(), 1e-9);
        Assert.AreEqual("a", report.RootElement.GetProperty("cards").EnumerateArray().Single().GetProperty("card").GetString());
        Assert.AreEqual(2, report.RootElement.GetProperty("without_gauge").EnumerateArray().Single().GetProperty("devices").GetInt32());
        Assert.AreEqual(0, report.RootElement.GetProperty("conflicts").GetArrayLength(), "nodes without a gauge are not missed");
        Assert.Contains("超算：2 台设备不上报利用率", await center.SucceedAsync("report", "quality", "--center", "case", "--day", TestCenter.Day, "--lang", "zh-CN"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Cards_BesideAnInventory_ListsWhatIsNotAttributed()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await center.SucceedAsync("ingest", "inventory", center.Write("inv.csv", "card,host,event,from\na,h,installed,2026-03-01T00:00:00Z\n"), "--center", "case");
        await center.SucceedAsync("ingest", "telemetry", center.Write("use.csv", "timestamp,card,host,utilization\n2026-03-02T00:00:00Z,a,h,5\n2026-03-02T00:00:00Z,x,h,5\n"), "--center", "case");

        var told = await center.SucceedAsync("center", "cards", "case", "--json");

        Assert.Contains("\"conflict\":\"unattributed\",\"card\":\"x\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("\"conflict\":\"unattributed\",\"card\":\"a\"", told, StringComparison.Ordinal);
    }
}
