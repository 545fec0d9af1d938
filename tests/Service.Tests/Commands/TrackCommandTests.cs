using System.Globalization;
using System.Text.Json;
using Headroom.Service.Tests.Cases;
using Headroom.Service.Tests.Serving;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed class TrackCommandTests
{
    private const int Days = 14;

    [TestMethod]
    public async Task Track_AForecastWhoseWeekIsOver_IsScoredOnceAndShown()
    {
        using var center = await CenterAsync();
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", "2026-03-06", "--format", "json", "--out", center.Folder);
        using var first = JsonDocument.Parse(await OutputAsync(center, "track", "--center", "case", "--json"));

        var series = first.RootElement.GetProperty("series").EnumerateArray().Single(s => s.GetProperty("metric").GetString()!.StartsWith("U3", StringComparison.Ordinal));
        Assert.AreEqual(1, series.GetProperty("forecasts").GetInt32());
        Assert.AreEqual(1, series.GetProperty("made_afterwards").GetInt32());
        var published = series.GetProperty("models").EnumerateArray().First();
        Assert.AreEqual("published", published.GetProperty("model").GetString());
        Assert.AreEqual(168, published.GetProperty("all").GetProperty("known_hours").GetInt32());
        Assert.AreEqual(7, published.GetProperty("days").GetArrayLength());
        // A day's rhythm without noise: as good as it gets.
        Assert.IsLessThan(0.5, published.GetProperty("all").GetProperty("mase").GetDouble());
        Assert.IsTrue(series.GetProperty("models").EnumerateArray().Any(model => model.GetProperty("model").GetString() == "seasonal-naive"));

        // Kept: a second look says the same, also where nothing may be written.
        Assert.AreEqual(first.RootElement.ToString(), JsonDocument.Parse(await OutputAsync(center, "track", "--json")).RootElement.ToString());
        Assert.AreEqual(first.RootElement.ToString(), JsonDocument.Parse(await OutputAsync(center, "track", "--json", "--as-of", "2026-06-02T00:00:00Z")).RootElement.ToString());
    }

    [TestMethod]
    public async Task Track_AForecastStillAhead_IsOpen()
    {
        using var center = await CenterAsync();
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", "2026-03-14", "--format", "json", "--out", center.Folder);
        using var told = JsonDocument.Parse(await OutputAsync(center, "track", "--center", "case", "--json"));

        Assert.AreEqual(0, told.RootElement.GetProperty("series").GetArrayLength());
        Assert.IsGreaterThan(0, told.RootElement.GetProperty("open").GetInt32());
    }

    [TestMethod]
    [DataRow("en", "published forecast: MASE", DisplayName = "English")]
    [DataRow("zh-CN", "发布的预测：MASE", DisplayName = "Chinese")]
    public async Task Track_ForPeople_NamesModelsAndFigures(string language, string expected)
    {
        using var center = await CenterAsync();
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", "2026-03-06", "--format", "json", "--out", center.Folder);

        Assert.Contains(expected, await center.SucceedAsync("track", "--center", "case", "--lang", language), StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("en", "How the forecasts did", "published forecast", DisplayName = "English")]
    [DataRow("zh-CN", "预测成绩", "发布的预测", DisplayName = "Chinese")]
    public async Task Page_ScoredForecasts_AreATable(string language, string title, string published)
    {
        using var center = await CenterAsync();
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", "2026-03-06", "--format", "json", "--out", center.Folder);
        await using var service = await RunningService.StartAsync(center);
        var page = await service.GetAsync("/centers/case/track", language);

        Assert.Contains(title, page, StringComparison.Ordinal);
        Assert.Contains(published, page, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Track_UnknownCenter_SaysWhichThereAre()
    {
        using var center = await CenterAsync();
        var (code, _, errors) = await center.RunAsync("track", "--center", "nowhere");

        Assert.AreEqual(1, code);
        Assert.Contains("case", errors, StringComparison.Ordinal);
    }

    private static async Task<string> OutputAsync(TestCenter center, params string[] arguments)
    {
        var (code, output, errors) = await center.RunAsync(arguments);
        Assert.AreEqual(0, code, errors);
        return output;
    }

    private static async Task<TestCenter> CenterAsync()
    {
        var center = new TestCenter();
        var telemetry = string.Concat(Enumerable.Range(0, Days * 24 * 4).Select(quarter => string.Create(
            CultureInfo.InvariantCulture, $"{TestCenter.At(quarter / 4.0, "2026-03-01")},c0,{50 + (40 * Math.Sin(quarter / 4 * 2 * Math.PI / 24)) + (quarter / 4 * 7 % 5):0.00}\n")));
        await center.IngestAsync("c0,h0,0,T256,ai,install,2026-02-01T00:00:00Z,,\n", telemetry);
        return center;
    }
}
