using System.Text.RegularExpressions;
using Headroom.Domain.Time;
using Headroom.Reports.Components;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;

namespace Headroom.Reports.Tests.Daily;

[TestClass]
public sealed partial class DailyReportRendererTests
{
    public required TestContext TestContext { get; set; }

    public static IEnumerable<(string Language, string Mark)> Languages => [("zh-CN", "【模拟数据 SIMULATED】"), ("en", "[SIMULATED]")];

    [TestMethod]
    [DynamicData(nameof(Languages))]
    public async Task RenderAsync_BigCenter_IsOneWholeDocument(string language, string mark)
    {
        var html = await DailyReportRenderer.RenderAsync(BigCenter.Input(), language, TestContext.CancellationToken);

        Assert.StartsWith("<!DOCTYPE html>", html.TrimStart(), StringComparison.Ordinal);
        Assert.EndsWith("</html>", html.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\">", html, StringComparison.Ordinal);
        Assert.Contains("Licensed to the Apache Software Foundation", html, StringComparison.Ordinal);
        Assert.Contains(mark, html, StringComparison.Ordinal);
        Assert.HasCount(12, ChartElement().Matches(html));
        await KeepForLooking($"big.{language}.html", html);
        await KeepForLooking($"running.{language}.html", await DailyReportRenderer.RenderAsync(BigCenter.Input(Noon + (2 * Micros.PerHour)), language, TestContext.CancellationToken));
        await KeepForLooking($"small.{language}.html", await DailyReportRenderer.RenderAsync(Samples.Input(), language, TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task RenderAsync_SameInputTwice_IsTheSameText()
    {
        var first = await DailyReportRenderer.RenderAsync(Samples.Input(), "en", TestContext.CancellationToken);
        var second = await DailyReportRenderer.RenderAsync(Samples.Input(), "en", TestContext.CancellationToken);

        Assert.AreEqual(first, second);
    }

    [TestMethod]
    [DynamicData(nameof(Languages))]
    public async Task RenderAsync_AnyInput_FetchesNothing(string language, string mark)
    {
        var html = await Markup(Samples.Input(), language);

        Assert.DoesNotContain("http:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", html, StringComparison.OrdinalIgnoreCase);
        Assert.AreEqual("", Fetching().Match(Icon().Replace(html, "")).Value, $"{mark}: an element fetches something");
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [TestMethod]
    [DynamicData(nameof(Languages))]
    public async Task RenderAsync_Simulated_SaysSoInHeadTitleAndEveryChart(string language, string mark)
    {
        var html = await Markup(Samples.Input(simulated: true), language);

        var charts = ChartElement().Matches(html);
        Assert.IsGreaterThan(5, charts.Count);
        Assert.IsTrue(charts.All(chart => chart.Value.Contains($"\"subtext\":\"{mark}\"", StringComparison.Ordinal)));
        Assert.Contains($"{mark}</title>", html, StringComparison.Ordinal);
        Assert.Contains($"<strong>{mark}</strong>", html, StringComparison.Ordinal);
    }

    [TestMethod]
    [DynamicData(nameof(Languages))]
    public async Task RenderAsync_Measured_NeverSaysSimulated(string language, string mark)
    {
        var html = await Markup(Samples.Input(simulated: false), language);

        Assert.DoesNotContain(mark, html, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task RenderAsync_NameWithMarkup_IsText()
    {
        var html = await Markup(Samples.Input(), "en");

        Assert.DoesNotContain("<maker>", html, StringComparison.Ordinal);
        Assert.Contains("A &lt;maker&gt; &amp; co", html, StringComparison.Ordinal);
        Assert.Contains("A \\u003Cmaker\\u003E", html, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task RenderAsync_RunningDay_SaysUntilWhen()
    {
        var input = BigCenter.Input(Noon);

        Assert.Contains("Until 12:00.", await Markup(input, "en"), StringComparison.Ordinal);
        Assert.Contains("截至 12:00。", await Markup(input, "zh-CN"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task RenderAsync_NothingInstalled_SaysSo()
    {
        var html = await Markup(Samples.Input() with { CardDays = [], DayHours = [], History = [], Forecasts = [], Quality = QualityNotes.None }, "en");

        Assert.Contains("Nothing was installed in this time.", html, StringComparison.Ordinal);
        Assert.Contains("No forecast was issued for this day.", html, StringComparison.Ordinal);
        Assert.Contains("No source delivered anything for this day.", html, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task RenderAsync_Canceled_Throws()
    {
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => DailyReportRenderer.RenderAsync(Samples.Input(), "en", canceled.Token));
    }

    [TestMethod]
    public async Task RenderAsync_EveryCell_IsInTheJson()
    {
        var cells = DailyReportModel.Of(Samples.Input()).Cells.Select(figure => figure.Cell).ToHashSet(StringComparer.Ordinal);
        var printed = DataCell().Matches(await Markup(Samples.Input(), "en")).Select(match => match.Groups["cell"].Value).ToHashSet(StringComparer.Ordinal);

        Assert.IsEmpty(printed.Except(cells));
        Assert.Contains("pool.ai.U3", printed);
        Assert.Contains("pool.ai.state.Busy", printed);
        Assert.Contains("tenant.uni.pool.ai.allocated", printed);
    }

    [TestMethod]
    [DynamicData(nameof(Languages))]
    public async Task RenderSection_SmallCenter_IsAsAccepted(string language, string mark)
    {
        foreach (var part in DailyReportModel.Of(Samples.Input()).Parts)
        {
            var html = await DailyReportRenderer.RenderComponentAsync<SectionView>(
                new() { [nameof(SectionView.Part)] = part, [nameof(SectionView.Page)] = new PageContext(Texts.For(language), Simulated: true) }, TestContext.CancellationToken);
            GoldenFile.Matches($"Sections/{part.Name}.{language}.html", ChartElement().Replace(html, $"<!-- options, {mark} -->"));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Languages))]
    public async Task RenderSection_WithOperations_IsAsAccepted(string language, string mark)
    {
        foreach (var part in DailyReportModel.Of(Samples.WithOperations()).Parts.Where(part => part.Name is "Summary" or "ActOn" or "Counts" or "Idle" or "Queue" or "Cards" or "Energy" or "Changes"))
        {
            var html = await DailyReportRenderer.RenderComponentAsync<SectionView>(
                new() { [nameof(SectionView.Part)] = part, [nameof(SectionView.Page)] = new PageContext(Texts.For(language), Simulated: true) }, TestContext.CancellationToken);
            GoldenFile.Matches($"Sections/{part.Name}.operations.{language}.html", ChartElement().Replace(html, $"<!-- options, {mark} -->"));
            Assert.DoesNotContain("fan <1>", html, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Languages))]
    public async Task RenderSection_JobsThatNameNoDevice_IsAsAccepted(string language, string mark)
    {
        foreach (var (name, input) in ((string, DailyReportInput)[])[("beside", Samples.WithJobTime()), ("alone", Samples.JobTimeAlone())])
        {
            var part = DailyReportModel.Of(input).Parts.Single(p => p.Name == "Tenants");
            var html = await DailyReportRenderer.RenderComponentAsync<SectionView>(
                new() { [nameof(SectionView.Part)] = part, [nameof(SectionView.Page)] = new PageContext(Texts.For(language), Simulated: true) }, TestContext.CancellationToken);
            GoldenFile.Matches($"Sections/Tenants.jobs-{name}.{language}.html", ChartElement().Replace(html, $"<!-- options, {mark} -->"));
        }
    }

    [TestMethod]
    public async Task RenderAsync_JobsAndNoDevices_EverySectionSaysWhatIsMissing()
    {
        var html = await Markup(Samples.JobTimeAlone(), "en");

        Assert.Contains("Nothing was installed in this time.", html, StringComparison.Ordinal);
        Assert.Contains("Counted from job sizes; which cards is not known.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-cell=\"pool.ai.U1s\"", html, StringComparison.Ordinal);
        Assert.AreEqual(0, ChartElement().Count(html));
    }

    private static long Noon => Samples.Input().Window.From + (12 * Micros.PerHour);

    private Task<string> Markup(DailyReportInput input, string language) => DailyReportRenderer.RenderComponentAsync<DailyReportPage>(
        new()
        {
            [nameof(DailyReportPage.Report)] = DailyReportModel.Of(input),
            [nameof(DailyReportPage.Text)] = Texts.For(language),
            [nameof(DailyReportPage.WithCharts)] = false,
        },
        TestContext.CancellationToken);

    // HEADROOM_LOOK names a folder: the pages are kept there for a person to look at.
    private async Task KeepForLooking(string name, string html)
    {
        if (Environment.GetEnvironmentVariable("HEADROOM_LOOK") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), html, TestContext.CancellationToken);
        }
    }

    [GeneratedRegex("<script type=\"application/json\" data-chart=.*?</script>", RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ChartElement();

    // Its picture is in the address itself.
    [GeneratedRegex("<link rel=\"icon\" href=\"data:[^\"]*\"\\s*/?>", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Icon();

    [GeneratedRegex("<(link|img|iframe|object|embed|base)\\b|\\b(src|href|action)\\s*=|url\\(|@import", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Fetching();

    [GeneratedRegex("data-cell=\"(?<cell>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DataCell();
}
