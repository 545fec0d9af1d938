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
    private static ServeHost? s_host;
    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;
    private static string s_card = "";

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
        await RunAsync(database, ["ingest", "telemetry", .. files.Where(file => Path.GetFileName(file).StartsWith("telemetry", StringComparison.Ordinal)), "--center", "small"]);
        s_store = await SqliteStore.OpenAsync(new StoreOptions { Path = database }, TimeProvider.System, context.CancellationToken);
        s_card = (await s_store.ReadFactsAsync(new("small"), long.MaxValue, context.CancellationToken)).Devices[0].Sighting.Id;
        s_host = await ServeHost.StartAsync(s_store, new ServeSettings(["http://127.0.0.1:0"], BehindProxy: false, database), TimeProvider.System, context.CancellationToken);
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
        if (s_host is not null)
        {
            await s_host.StopAsync();
            await s_host.DisposeAsync();
        }

        if (s_store is not null)
        {
            await s_store.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        s_folder?.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow("overview", "/", DisplayName = "overview")]
    [DataRow("center", "/centers/small", DisplayName = "center")]
    [DataRow("day", "/centers/small/days/2026-03-02", DisplayName = "day")]
    [DataRow("card", "/centers/small/cards/{card}?day=2026-03-02", DisplayName = "card")]
    [DataRow("sources", "/sources", DisplayName = "sources")]
    [DataRow("new", "/centers/new", DisplayName = "new center")]
    [DataRow("design", "/design", DisplayName = "design")]
    [DataRow("none", "/centers/none", DisplayName = "a page that is not there")]
    public async Task Page_InABrowser_HasNoErrorNoForeignRequestNoOverflow(string name, string path)
    {
        var origin = s_host!.Addresses.First();
        foreach (var language in (string[])["en", "zh-CN"])
        {
            foreach (var (width, scheme) in ((int, ColorScheme)[])[(1440, ColorScheme.Light), (390, ColorScheme.Light), (1440, ColorScheme.Dark)])
            {
                var page = await s_browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, Locale = language });
                var (errors, foreign) = (new List<string>(), new List<string>());
                page.Console += (_, message) => errors.AddRange(message.Type is "error" or "warning" && !message.Text.Contains("404", StringComparison.Ordinal) ? [message.Text] : []);
                page.PageError += (_, error) => errors.Add(error);
                page.Request += (_, request) => foreign.AddRange(request.Url.StartsWith(origin, StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal) ? [] : [request.Url]);
                await page.GotoAsync(origin + path.Replace("{card}", Uri.EscapeDataString(s_card), StringComparison.Ordinal));
                var charts = await page.Locator("script[data-chart]").CountAsync();
                await page.WaitForFunctionAsync($"() => document.querySelectorAll('.chart svg').length >= {charts.ToString(CultureInfo.InvariantCulture)}");
                if (Environment.GetEnvironmentVariable("HEADROOM_SCREENSHOTS") is { Length: > 0 } folder)
                {
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{language}-{width}-{scheme}.png"), FullPage = true });
                }

                Assert.IsEmpty(errors, string.Join("; ", errors));
                Assert.IsEmpty(foreign, string.Join("; ", foreign));
                Assert.AreEqual(language, await page.GetAttributeAsync("html", "lang"));
                Assert.AreEqual(0, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"), $"{name} {language} {width}: nothing sticks out");
                await page.CloseAsync();
            }
        }
    }

    private static async Task RunAsync(string database, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync([.. arguments, "--db", database], output, errors, TimeProvider.System);
        Assert.AreEqual(0, code, $"{string.Join(' ', arguments)}: {errors}");
    }
}
