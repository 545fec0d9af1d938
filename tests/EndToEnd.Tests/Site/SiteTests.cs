using System.Globalization;
using Headroom.Service.Commands;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Sqlite;
using Microsoft.Playwright;

namespace Headroom.EndToEnd.Tests.Site;

/// <summary>Every page of a running service on a small simulated center, in Debian's Chromium.</summary>
/// <remarks>With <c>HEADROOM_SCREENSHOTS</c> set to a folder, each page is photographed for a person to look at.</remarks>
[TestClass]
public sealed class SiteTests
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Center = """
        center: small
        name: {en: Small Center, zh: 小型中心}
        zone: Asia/Shanghai
        pools:
          - {id: ai, name: {en: AI computing, zh: 智能算力}, precision: fp16, nameplate_p: 8, nameplate_source: {assumed: true}, model: Ascend 910A, devices: 32, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
        targets:
          - {name: away, url: "http://127.0.0.1:9/metrics", period_s: 1}
        """;

    private static DirectoryInfo? s_folder;
    private static SqliteStore? s_store;
    private static SqliteStore? s_emptyStore;
    private static ServeHost? s_host;
    private static ServeHost? s_emptyHost;
    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;
    private static string s_card = "";

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task Serve(TestContext context)
    {
        if (!File.Exists(Chromium))
        {
            Assert.Inconclusive($"{Chromium} is missing; ./test installs it.");
        }

        s_folder = Directory.CreateTempSubdirectory("headroom-site-");
        var (center, database) = (Path.Combine(s_folder.FullName, "small.yaml"), Path.Combine(s_folder.FullName, "small.db"));
        await File.WriteAllTextAsync(center, Center, context.CancellationToken);
        await RunAsync(database, "simulate", center, "--from", "2026-03-01", "--to", "2026-03-02", "--seed", "7", "--out", Path.Combine(s_folder.FullName, "files"));
        await RunAsync(database, "center", "add", center);
        var files = Directory.GetFiles(Path.Combine(s_folder.FullName, "files"));
        await RunAsync(database, "ingest", "inventory", files.Single(file => file.EndsWith("inventory.csv", StringComparison.Ordinal)), "--center", "small");
        await RunAsync(database, "ingest", "jobs", files.Single(file => file.EndsWith("jobs.csv", StringComparison.Ordinal)), "--center", "small", "--at", "2026-03-03T00:00:00+08:00");
        await RunAsync(database, ["ingest", "telemetry", .. files.Where(file => Path.GetFileName(file).StartsWith("telemetry", StringComparison.Ordinal)), "--center", "small"]);
        s_store = await SqliteStore.OpenAsync(new StoreOptions { Path = database }, TimeProvider.System, context.CancellationToken);
        s_card = (await s_store.ReadFactsAsync(new("small"), long.MaxValue, context.CancellationToken)).Devices[0].Sighting.Id;
        s_host = await ServeHost.StartAsync(s_store, new ServeSettings(["http://127.0.0.1:0"], BehindProxy: false, database), TimeProvider.System, context.CancellationToken);
        var empty = Path.Combine(s_folder.FullName, "empty.db");
        s_emptyStore = await SqliteStore.OpenAsync(new StoreOptions { Path = empty }, TimeProvider.System, context.CancellationToken);
        s_emptyHost = await ServeHost.StartAsync(s_emptyStore, new ServeSettings(["http://127.0.0.1:0"], BehindProxy: false, empty), TimeProvider.System, context.CancellationToken);
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
        foreach (var host in (ServeHost?[])[s_host, s_emptyHost])
        {
            if (host is not null)
            {
                await host.StopAsync();
                await host.DisposeAsync();
            }
        }

        foreach (var store in (SqliteStore?[])[s_store, s_emptyStore])
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        s_folder?.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow("overview", "/", DisplayName = "overview")]
    [DataRow("center", "/centers/small", DisplayName = "center")]
    [DataRow("day", "/centers/small/days/2026-03-02", DisplayName = "day")]
    [DataRow("saturation", "/centers/small/saturation?day=2026-03-02", DisplayName = "demand and saturation")]
    [DataRow("quality", "/centers/small/quality?day=2026-03-02", DisplayName = "quality of feeds")]
    [DataRow("card", "/centers/small/cards/{card}?day=2026-03-02", DisplayName = "card, down to raw samples")]
    [DataRow("sources", "/sources", DisplayName = "sources")]
    [DataRow("new", "/centers/new", DisplayName = "new center")]
    [DataRow("design", "/design", DisplayName = "design")]
    [DataRow("first", "/", DisplayName = "first five minutes")]
    [DataRow("first-sources", "/sources", DisplayName = "sources of an empty store")]
    [DataRow("404", "/centers/none", DisplayName = "a page that is not there")]
    [DataRow("400", "/centers/small/days/someday", DisplayName = "a question that cannot be answered")]
    public async Task Page_InABrowser_HasNoErrorNoForeignRequestNoOverflowNoSeriousViolation(string name, string path)
    {
        foreach (var language in (string[])["en", "zh-CN"])
        {
            foreach (var width in (int[])[1440, 390])
            {
                await using var visit = await VisitAsync(name, path, language, width);
                foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                {
                    await visit.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    if (Environment.GetEnvironmentVariable("HEADROOM_SCREENSHOTS") is { Length: > 0 } folder)
                    {
                        await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{language}-{width}-{scheme}.png"), FullPage = true });
                    }

                    Assert.AreEqual(0, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"), $"{name} {language} {width}: nothing sticks out");
                    TestContext.WriteLine(await Accessibility.CheckAsync(visit.Page, $"{name} {language} {width} {scheme}"));
                }

                Assert.IsEmpty(visit.Errors, string.Join("; ", visit.Errors));
                Assert.IsEmpty(visit.Foreign, string.Join("; ", visit.Foreign));
                Assert.AreEqual(language, await visit.Page.GetAttributeAsync("html", "lang"));
                Assert.EndsWith("· Headroom", await visit.Page.TitleAsync(), StringComparison.Ordinal);
                Assert.StartsWith("data:image/svg+xml,", (await visit.Page.GetAttributeAsync("link[rel=icon]", "href"))!, StringComparison.Ordinal);
            }
        }
    }

    [TestMethod]
    [DataRow("overview", "/", DisplayName = "overview")]
    [DataRow("center", "/centers/small", DisplayName = "center")]
    [DataRow("day", "/centers/small/days/2026-03-02", DisplayName = "day")]
    [DataRow("card", "/centers/small/cards/{card}?day=2026-03-02", DisplayName = "card")]
    [DataRow("sources", "/sources", DisplayName = "sources")]
    [DataRow("new", "/centers/new", DisplayName = "new center")]
    [DataRow("404", "/centers/none", DisplayName = "a page that is not there")]
    public async Task Page_ByKeyboard_SkipsToTheContentAndShowsWhereItIs(string name, string path)
    {
        await using var visit = await VisitAsync(name, path, "en", 1440);
        var page = visit.Page;
        await page.Keyboard.PressAsync("Tab");
        Assert.IsTrue(await page.EvaluateAsync<bool>("() => document.activeElement.className === 'skip' && document.activeElement.getBoundingClientRect().left >= 0"), "the first stop skips the navigation, and is seen");
        await page.Keyboard.PressAsync("Enter");
        Assert.AreEqual("content", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        await page.Keyboard.PressAsync("Tab");
        Assert.IsTrue(await page.EvaluateAsync<bool>("() => document.getElementById('content').contains(document.activeElement)"), "the next stop is in the content");
        Assert.IsTrue(
            await page.EvaluateAsync<bool>("() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; }"),
            await page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 120)"));
    }

    [TestMethod]
    public async Task Charts_OfADarkPage_PrintLight()
    {
        await using var visit = await VisitAsync("card", "/centers/small/cards/{card}?day=2026-03-02", "en", 1440);
        var page = visit.Page;
        const string Ink = "() => [...document.querySelectorAll('.chart svg')].map(svg => svg.outerHTML.toLowerCase().includes('#e4e9ee')).join()";
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.WaitForFunctionAsync($"() => ({Ink})() === 'true,true'");
        await page.EvaluateAsync("() => window.dispatchEvent(new Event('beforeprint'))");
        Assert.AreEqual("false,false", await page.EvaluateAsync<string>(Ink));
        await page.EvaluateAsync("() => window.dispatchEvent(new Event('afterprint'))");
        await page.WaitForFunctionAsync($"() => ({Ink})() === 'true,true'");
    }

    [TestMethod]
    public async Task Language_Switched_KeepsTheDayAndHour()
    {
        await using var visit = await VisitAsync("card", "/centers/small/cards/{card}?day=2026-03-01&hour=2026-02-28T20:00:00Z", "en", 1440);
        await visit.Page.ClickAsync(".languages a");
        Assert.AreEqual("zh-CN", await visit.Page.GetAttributeAsync("html", "lang"));
        Assert.Contains("2026年3月1日", (await visit.Page.TextContentAsync("main"))!, StringComparison.Ordinal);
        Assert.AreEqual("04:00", (await visit.Page.TextContentAsync(".hours [aria-current]"))!);
    }

    private static async Task<Visit> VisitAsync(string name, string path, string language, int width)
    {
        var origin = (name.StartsWith("first", StringComparison.Ordinal) ? s_emptyHost! : s_host!).Addresses.First();
        var visit = new Visit(await s_browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, Locale = language }), origin, answers: int.TryParse(name, CultureInfo.InvariantCulture, out var status) ? status : 200);
        var answer = await visit.Page.GotoAsync(origin + path.Replace("{card}", Uri.EscapeDataString(s_card), StringComparison.Ordinal));
        Assert.AreEqual(status == 0 ? 200 : status, answer!.Status, path);
        var charts = await visit.Page.Locator("script[data-chart]").CountAsync();
        await visit.Page.WaitForFunctionAsync($"() => document.querySelectorAll('.chart svg').length >= {charts.ToString(CultureInfo.InvariantCulture)}");
        return visit;
    }

    private static async Task RunAsync(string database, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync([.. arguments, "--db", database], output, errors, TimeProvider.System);
        Assert.AreEqual(0, code, $"{string.Join(' ', arguments)}: {errors}");
    }

    /// <summary>A page somebody looks at, and what went wrong meanwhile.</summary>
    private sealed class Visit : IAsyncDisposable
    {
        /// <param name="answers">A browser tells its console of a page that is answered with an error.</param>
        public Visit(IPage page, string origin, int answers)
        {
            Page = page;
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning" && !message.Text.Contains($"status of {answers} ", StringComparison.Ordinal))
                {
                    Errors.Add(message.Text);
                }
            };
            page.PageError += (_, error) => Errors.Add(error);
            page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith(origin, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                {
                    Foreign.Add(request.Url);
                }
            };
        }

        public IPage Page { get; }

        public List<string> Errors { get; } = [];

        public List<string> Foreign { get; } = [];

        public async ValueTask DisposeAsync() => await Page.CloseAsync();
    }
}
