using System.Net;
using System.Net.Sockets;
using System.Text;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Commands;

/// <summary>What a user can get wrong, each with its message in both languages: place, found, expected, what to do.</summary>
[TestClass]
public sealed class BadInputTests
{
    private static async Task FailsAsync(TestCenter center, string[] arguments, string place, string english, string chinese, int code = 1)
    {
        foreach (var (language, expected) in ((string, string)[])[("en", english), ("zh-CN", chinese)])
        {
            var (actual, _, errors) = await center.RunAsync([.. arguments, "--lang", language]);
            Assert.AreEqual(code, actual, errors);
            Assert.Contains(place, errors, StringComparison.Ordinal);
            Assert.Contains(expected, errors, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public async Task Ingest_MissingFile_NamesIt()
    {
        using var center = new TestCenter();
        await FailsAsync(center, ["ingest", "telemetry", "no-such.csv", "--center", "case"], "no-such.csv", "There is no such file", "文件不存在");
    }

    [TestMethod]
    public async Task Ingest_WrongColumn_NamesTheMissingOneAndWhatIsThere()
    {
        using var center = new TestCenter();
        var file = center.Write("wrong.csv", "time,card,utilization\n1772409612,a,5\n");
        await FailsAsync(center, ["ingest", "telemetry", file, "--center", "case", "--format", "csv"], "wrong.csv", "timestamp", "timestamp");
    }

    [TestMethod]
    public async Task Ingest_AbsurdGauge_RejectsTheRowAndSaysWhere()
    {
        using var center = new TestCenter();
        var file = center.Write("absurd.csv", "timestamp,card,utilization\n1772409612,a,5\n1772409672,a,218322032\n");
        await FailsAsync(center, ["ingest", "telemetry", file, "--center", "case"], "absurd.csv:3", "218322032", "218322032", code: 0);
    }

    [TestMethod]
    public async Task Ingest_DeviceWithoutCatalogEntry_IsCountedInDevicesAndSaid()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        var file = center.Write("inventory.csv", "card,host,slot,model,pool,event,from,to,reason\na,h,0,Quantum 9000,ai,installed,2026-03-02T00:00:00Z,,\n");
        await FailsAsync(center, ["ingest", "inventory", file, "--center", "case"], "Quantum 9000", "catalog", "目录", code: 0);
    }

    [TestMethod]
    public async Task CenterAdd_TypoInAKey_NamesTheNearestKey()
    {
        using var center = new TestCenter();
        var file = center.Write("typo.yaml", "center: typo\nname: {en: A, zh: 甲}\nzoen: UTC\npools: []\n");
        await FailsAsync(center, ["center", "add", file], "typo.yaml:3", "zone", "zone");
    }

    [TestMethod]
    public async Task Collect_TargetDown_SaysSo()
    {
        using var center = new TestCenter();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await AddTargetAsync(center, port);
        await FailsAsync(center, ["collect", "--once"], $"127.0.0.1:{port}", "answer", "响应");
    }

    [TestMethod]
    public async Task Collect_TargetReturnsHtml_SaysSo()
    {
        using var center = new TestCenter();
        using var server = new HttpListener();
        var port = FreePort();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        var serving = ServeAsync(server, "<!DOCTYPE html><html><body>Sign in</body></html>");
        await AddTargetAsync(center, port);
        await FailsAsync(center, ["collect", "--once"], $"127.0.0.1:{port}", "text/html", "text/html");
        server.Stop();
        await serving;
    }

    [TestMethod]
    public async Task Ingest_DatabaseHeldByAnotherWriter_SaysSo()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await using var writer = await Storage.Sqlite.SqliteStore.OpenAsync(
            new Storage.StoreOptions { Path = Path.Combine(center.Folder, "case.db"), LockWaitSeconds = 0 }, TimeProvider.System, CancellationToken.None);
        await FailsAsync(center, ["center", "add", Path.Combine(center.Folder, "center.yaml")], "case.db", "Another program writes", "另有程序");
    }

    [TestMethod]
    public async Task Report_UnwritableFolder_NamesIt()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        var file = center.Write("a-file", "not a folder");
        await FailsAsync(
            center,
            ["report", "daily", "--center", "case", "--day", TestCenter.Day, "--format", "json", "--out", Path.Combine(file, "below")],
            "a-file",
            "Cannot write here",
            "无法写入");
    }

    [TestMethod]
    public async Task Report_UnknownCenter_ListsTheKnownOnes()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await FailsAsync(center, ["report", "daily", "--center", "nowhere", "--out", center.Folder], "nowhere", "case", "case");
    }

    [TestMethod]
    public async Task Report_DayThatHasNotBegun_SaysWhichIsTheLast()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"));
        await FailsAsync(center, ["report", "daily", "--center", "case", "--day", "2026-07-01", "--out", center.Folder], "2026-07-01", "2026-06-01", "2026-06-01");
    }

    private static async Task AddTargetAsync(TestCenter center, int port)
    {
        var yaml = await File.ReadAllTextAsync(Path.Combine(center.Folder, "center.yaml"));
        await center.SucceedAsync("center", "add", center.Write("targets.yaml", yaml + $"\ntargets:\n  - {{name: one, url: \"http://127.0.0.1:{port}/metrics\", period_s: 1}}\n"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task ServeAsync(HttpListener server, string page)
    {
        while (server.IsListening)
        {
            try
            {
                var context = await server.GetContextAsync();
                context.Response.ContentType = "text/html";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(page));
                context.Response.Close();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
