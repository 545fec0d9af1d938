using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Headroom.Service.Commands;
using Microsoft.Playwright;

namespace Headroom.EndToEnd.Tests;

/// <summary>The daily report of a small simulated center, made by the commands and opened in Debian's Chromium.</summary>
[TestClass]
public sealed partial class BrowserTests
{
    private const string Chromium = "/usr/bin/chromium";
    private const string PdfToText = "/usr/bin/pdftotext";
    private const string Center = """
        center: small
        name: {en: Small Center, zh: 小型中心}
        zone: Asia/Shanghai
        pools:
          - {id: ai, name: {en: AI computing, zh: 智能算力}, precision: fp16, nameplate_p: 8, nameplate_source: {assumed: true}, model: Ascend 910A, devices: 32, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
          - {id: hpc, name: {en: Nodes, zh: 超算节点}, precision: fp64, model: Dual-socket x86 node 2x40c 2.3GHz, devices: 520, devices_per_host: 1, gauge: false, devices_source: {assumed: true}}
        """;

    // Elements that hide what does not fit and have text that does not; what is for screen readers alone (a pixel in size) hides on purpose.
    private const string CutTexts = """
        () => [...document.querySelectorAll('body *')]
          .filter(e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.textContent.trim() !== '' && e.clientWidth > 1 && e.scrollWidth > e.clientWidth)
          .map(e => `${e.tagName}.${e.className}: ${e.scrollWidth} > ${e.clientWidth}: ${e.textContent.trim().slice(0, 60)}`)
        """;

    private static DirectoryInfo? s_folder;
    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task MakeReports(TestContext context)
    {
        if (!File.Exists(Chromium))
        {
            Assert.Inconclusive($"{Chromium} is missing; ./test installs it.");
        }

        s_folder = Directory.CreateTempSubdirectory("headroom-browser-");
        var center = Path.Combine(s_folder.FullName, "small.yaml");
        await File.WriteAllTextAsync(center, Center, context.CancellationToken);
        await RunAsync("simulate", center, "--from", "2026-03-01", "--to", "2026-03-09", "--seed", "7", "--out", Path.Combine(s_folder.FullName, "files"));
        await RunAsync("center", "add", center);
        var files = Directory.GetFiles(Path.Combine(s_folder.FullName, "files"));
        await RunAsync("ingest", "inventory", files.Single(file => file.EndsWith("inventory.csv", StringComparison.Ordinal)), "--center", "small");
        await RunAsync("ingest", "jobs", files.Single(file => file.EndsWith("jobs.csv", StringComparison.Ordinal)), "--center", "small", "--at", "2026-03-10T00:00:00+08:00");
        await RunAsync(["ingest", "telemetry", .. files.Where(file => Path.GetFileName(file).StartsWith("telemetry", StringComparison.Ordinal)), "--center", "small"]);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            await RunAsync("report", "daily", "--center", "small", "--day", "2026-03-09", "--out", s_folder.FullName, "--lang", language);
            await RunAsync("report", "saturation", "--center", "small", "--day", "2026-03-09", "--out", s_folder.FullName, "--lang", language);
        }

        s_playwright = await Playwright.CreateAsync();
        s_browser = await s_playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    [ClassCleanup]
    public static async Task CleanUp()
    {
        if (s_browser is not null)
        {
            await s_browser.DisposeAsync();
        }

        s_playwright?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        s_folder?.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow("en", 1440, DisplayName = "English, wide")]
    [DataRow("en", 390, DisplayName = "English, phone")]
    [DataRow("zh-CN", 1440, DisplayName = "Chinese, wide")]
    [DataRow("zh-CN", 390, DisplayName = "Chinese, phone")]
    public async Task DailyReport_InABrowser_DrawsItsChartsWithoutErrorNetworkOrOverflow(string language, int width)
    {
        var page = await s_browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 } });
        var (errors, requests) = (new List<string>(), new List<string>());
        page.Console += (_, message) => errors.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => errors.Add(error);
        page.Request += (_, request) => requests.Add(request.Url);
        await page.GotoAsync(new Uri(Path.Combine(s_folder!.FullName, $"daily-small-2026-03-09.{language}.html")).AbsoluteUri);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('canvas, svg').length >= 4");

        Assert.IsEmpty(errors, string.Join("; ", errors));
        Assert.HasCount(1, requests, string.Join("; ", requests.Select(url => url.Length > 200 ? url[..200] : url)));
        Assert.AreEqual(language, await page.GetAttributeAsync("html", "lang"));
        Assert.Contains("SIMULATED", await page.InnerTextAsync("body"), StringComparison.Ordinal);
        Assert.Contains(language == "en" ? "Small Center" : "小型中心", await page.InnerTextAsync("body"), StringComparison.Ordinal);
        var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.AreEqual(0, overflow, "nothing sticks out to the right");
        Assert.IsEmpty(await page.EvaluateAsync<string[]>(CutTexts), "no text is cut");
        var cells = await page.Locator("[data-cell]").CountAsync();
        Assert.IsGreaterThan(20, cells, cells.ToString(CultureInfo.InvariantCulture));
        await page.CloseAsync();
    }

    [TestMethod]
    [DataRow("en", "Daily", "Small Center", DisplayName = "English")]
    [DataRow("zh-CN", "算力日报", "小型中心", DisplayName = "Chinese")]
    public async Task DailyReport_PrintedToA4_HasItsTextOnSeveralPages(string language, string title, string center)
    {
        var page = await s_browser!.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(s_folder!.FullName, $"daily-small-2026-03-09.{language}.html")).AbsoluteUri);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('canvas, svg').length >= 4");
        var file = Path.Combine(s_folder.FullName, $"{language}.pdf");
        await page.PdfAsync(new() { Path = file, Format = "A4", PrintBackground = true });
        await page.CloseAsync();

        Assert.IsGreaterThanOrEqualTo(2, PageObject().Count(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.CancellationToken))));
        if (!File.Exists(PdfToText))
        {
            Assert.Inconclusive($"{PdfToText} is missing: the text of the PDF was not looked at.");
        }

        using var extraction = Process.Start(new ProcessStartInfo(PdfToText, ["-enc", "UTF-8", file, "-"]) { RedirectStandardOutput = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8 })!;
        var text = await extraction.StandardOutput.ReadToEndAsync(TestContext.CancellationToken);
        await extraction.WaitForExitAsync(TestContext.CancellationToken);
        Assert.AreEqual(0, extraction.ExitCode);
        Assert.Contains(title, text, StringComparison.Ordinal);
        Assert.Contains(center, text, StringComparison.Ordinal);
        Assert.Contains("SIMULATED", text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task DailyReport_HeatMapOfALargePool_ShowsItsCardsByKeyAndNotOnPaper()
    {
        var page = await s_browser!.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await page.GotoAsync(new Uri(Path.Combine(s_folder!.FullName, "daily-small-2026-03-09.en.html")).AbsoluteUri);
        var drill = page.Locator("#drill-hpc");
        Assert.IsTrue(await drill.IsVisibleAsync());
        var first = await drill.Locator("tbody th").AllInnerTextsAsync();
        await drill.Locator("select").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        var second = await drill.Locator("tbody th").AllInnerTextsAsync();

        Assert.IsNotEmpty(first);
        Assert.IsEmpty(first.Intersect(second));
        Assert.AreEqual(25, await drill.Locator("thead th").CountAsync());
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.IsFalse(await drill.IsVisibleAsync());
        await page.CloseAsync();
    }

    [TestMethod]
    [DataRow("daily", DisplayName = "daily")]
    [DataRow("saturation", DisplayName = "saturation")]
    public async Task Report_InABrowser_HasNoErrorNoRequestNoOverflowNoSeriousViolation(string kind)
    {
        foreach (var language in (string[])["en", "zh-CN"])
        {
            foreach (var width in (int[])[1440, 390])
            {
                var page = await s_browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 } });
                var (errors, requests) = (new List<string>(), new List<string>());
                page.Console += (_, message) => errors.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
                page.PageError += (_, error) => errors.Add(error);
                page.Request += (_, request) => requests.Add(request.Url);
                await page.GotoAsync(new Uri(Path.Combine(s_folder!.FullName, $"{kind}-small-2026-03-09.{language}.html")).AbsoluteUri);
                await page.WaitForFunctionAsync("() => document.querySelectorAll('.chart svg').length >= document.querySelectorAll('script[data-chart]').length");
                foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    TestContext.WriteLine(await Accessibility.CheckAsync(page, $"{kind} report {language} {width} {scheme}"));
                    Assert.AreEqual(0, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"), $"{kind} {language} {width}");
                }

                Assert.IsEmpty(errors, string.Join("; ", errors));
                Assert.HasCount(1, requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)), "itself");
                Assert.AreEqual(language, await page.GetAttributeAsync("html", "lang"));
                await page.CloseAsync();
            }
        }
    }

    [GeneratedRegex(@"/Type\s*/Page\b", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex PageObject();

    private static async Task RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync([.. arguments, "--db", Path.Combine(s_folder!.FullName, "small.db")], output, errors, TimeProvider.System);
        Assert.AreEqual(0, code, $"{string.Join(' ', arguments)}: {errors}");
    }
}
