using System.Diagnostics;
using System.Globalization;
using System.Text;
using Headroom.Domain.Time;
using Headroom.EndToEnd.Tests.RemoteWrite;

namespace Headroom.EndToEnd.Tests.RealServers;

/// <summary>Seven days out of real servers equal the same samples ingested as a table: the content hash is the same.</summary>
[TestClass]
public sealed class BackfillTests
{
    private const string Victoria = "/usr/bin/victoria-metrics";
    private const string PromTool = "/usr/bin/promtool";
    private const int Cards = 10;
    private const int Days = 7;
    private const int PeriodSeconds = 60;

    private static readonly long From = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86_400 - 9) * 86_400;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public async Task Backfill_SevenDaysOfARealVictoriaMetrics_EqualDirectIngest()
    {
        RealProgram.Require(Victoria);
        using var folder = new HeadroomFolder();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var direct = await DirectAsync(folder);
        var port = PageServer.FreePort();
        using var server = RealProgram.Start(Victoria, $"-storageDataPath={folder.At("victoria")}", $"-httpListenAddr=127.0.0.1:{port}");
        await server.ReadyAsync(http, $"http://127.0.0.1:{port}/health", Cancellation);
        using (var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/api/v1/import/prometheus"), new StringContent(Page(unit: "000")), Cancellation))
        {
            answer.EnsureSuccessStatusCode();
        }

        await http.GetAsync(new Uri($"http://127.0.0.1:{port}/internal/force_flush"), Cancellation);
        await AddCenterAsync(folder, "filled");
        await folder.SucceedAsync("filled", null, Arguments(port));
        Assert.AreEqual(direct, await folder.ContentHashAsync("filled"));
    }

    // Killed on its way, and gone on with.
    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public async Task Backfill_SevenDaysOfARealPrometheus_EqualDirectIngestAlsoAfterAKill()
    {
        RealProgram.Require(RealPrometheus.Program, PromTool);
        using var folder = new HeadroomFolder();
        using var http = new HttpClient();
        var direct = await DirectAsync(folder);
        var port = PageServer.FreePort();
        using (var blocks = RealProgram.Start(PromTool, "tsdb", "create-blocks-from", "openmetrics", folder.Write("past.om", Page(unit: "") + "# EOF\n"), folder.At("prometheus")))
        {
            Assert.AreEqual(0, await blocks.EndAsync(Cancellation), blocks.LastWords);
        }

        using var prometheus = RealPrometheus.Start(folder.At(), "global: {external_labels: {cluster: lab}}\n", port);
        await ReadyAsync(http, port, prometheus);
        await AddCenterAsync(folder, "filled");
        using (var killed = folder.Start("filled", [.. Arguments(port), "--lang", "en"]))
        {
            await SpansAsync(killed, atLeast: 2);
            killed.Kill();
            await killed.WaitForExitAsync(Cancellation);
        }

        using var again = folder.Start("filled", [.. Arguments(port), "--lang", "en"]);
        var errors = again.StandardError.ReadToEndAsync(Cancellation);
        await again.StandardOutput.ReadToEndAsync(Cancellation);
        await again.WaitForExitAsync(Cancellation);
        Assert.AreEqual(0, again.ExitCode, await errors);
        Assert.DoesNotContain(Instants.ToText((From * Micros.PerSecond) + (15 * Micros.PerMinute)), await errors, StringComparison.Ordinal);
        Assert.AreEqual(direct, await folder.ContentHashAsync("filled"));
    }

    private static string[] Arguments(int port) =>
        ["backfill", "--center", "lab", "--url", $"http://127.0.0.1:{port}", "--from", Instants.ToText(From * Micros.PerSecond), "--to", Instants.ToText((From + (Days * 86_400)) * Micros.PerSecond)];

    private async Task SpansAsync(Process backfill, int atLeast)
    {
        for (var spans = 0; spans < atLeast;)
        {
            var line = await backfill.StandardError.ReadLineAsync(Cancellation);
            Assert.IsNotNull(line, "it ended before it could be killed");
            spans += line.StartsWith("Until ", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    private async Task ReadyAsync(HttpClient http, int port, RealPrometheus prometheus)
    {
        for (var waited = 0; waited < 300; waited++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/-/ready"), Cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100, Cancellation);
        }

        Assert.Fail(string.Join('\n', prometheus.Log));
    }

    private static async Task<string> DirectAsync(HeadroomFolder folder)
    {
        await AddCenterAsync(folder, "direct");
        var text = new StringBuilder("timestamp,card,host,utilization,memory_used_mib,power_w\n");
        foreach (var sample in Samples())
        {
            text.Append(CultureInfo.InvariantCulture, $"{sample.Second},{sample.Card},{sample.Host},{sample.UsePpm / 10_000m},{sample.Mib},{sample.Milliwatts / 1_000m}\n");
        }

        var told = await folder.IngestAsync("direct", null, "telemetry", folder.Write("direct.csv", text.ToString()), "--center", "lab");
        Assert.AreEqual(told.GetProperty("received").GetInt64(), told.GetProperty("accepted").GetInt64());
        return await folder.ContentHashAsync("direct");
    }

    private static async Task AddCenterAsync(HeadroomFolder folder, string database) => await folder.SucceedAsync(database, null, "center", "add", folder.Write("lab.yaml", """
        center: lab
        name: {en: Lab, zh: 实验室}
        zone: UTC
        pools:
          - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, gauge: true, devices_source: {assumed: true}}

        """));

    // Metric by metric and card by card, as OpenMetrics wants it; VictoriaMetrics reads milliseconds.
    private static string Page(string unit)
    {
        var text = new StringBuilder();
        foreach (var (metric, value) in new (string, Func<Sample, string>)[]
        {
            ("DCGM_FI_PROF_GR_ENGINE_ACTIVE", sample => (sample.UsePpm / 1_000_000m).ToString(CultureInfo.InvariantCulture)),
            ("DCGM_FI_DEV_FB_USED", sample => sample.Mib.ToString(CultureInfo.InvariantCulture)),
            ("DCGM_FI_DEV_POWER_USAGE", sample => (sample.Milliwatts / 1_000m).ToString(CultureInfo.InvariantCulture)),
        })
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {metric} gauge\n");
            foreach (var sample in Samples())
            {
                text.Append(CultureInfo.InvariantCulture, $"{metric}{{UUID=\"{sample.Card}\",Hostname=\"{sample.Host}\",job=\"cards\"}} {value(sample)} {sample.Second}{unit}\n");
            }
        }

        return text.ToString();
    }

    // A card a day is away for two hours.
    private static IEnumerable<Sample> Samples()
    {
        for (var card = 0; card < Cards; card++)
        {
            for (var second = From; second < From + (Days * 86_400); second += PeriodSeconds)
            {
                var (day, hour) = ((second - From) / 86_400, second / 3_600 % 24);
                if (card != day || hour is < 8 or >= 10)
                {
                    var turn = (card * 104_729) + ((second - From) / PeriodSeconds * 7_919);
                    yield return new($"GPU-{card:D2}", $"node{card / 4}", second, (int)(turn % 1_000_001), (int)(turn % 81_920), (int)(turn % 400_000));
                }
            }
        }
    }

    private sealed record Sample(string Card, string Host, long Second, int UsePpm, int Mib, int Milliwatts);
}
