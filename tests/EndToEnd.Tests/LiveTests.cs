using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.EndToEnd.Tests;

/// <summary>A simulated center served over HTTP, collected from as if it were real, stopped as an operator would, and reported on.</summary>
[TestClass]
public sealed partial class LiveTests
{
    private const int ScrapesPerHost = 8;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Collect_FromAServedSimulation_LosesNothingAndReportsTheDayAsSimulated()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no signal that asks a process without a window to end.");
        }

        using var folder = new HeadroomFolder();
        var url = $"http://127.0.0.1:{PageServer.FreePort()}";
        using var simulation = folder.Start("none", "simulate", folder.Write("small.yaml", HeadroomFolder.SmallCenter), "--serve", url, "--json");
        Assert.Contains("\"simulated\":true", (await simulation.StandardOutput.ReadLineAsync(TestContext.CancellationToken))!, StringComparison.Ordinal);
        var cards = await CardsAsync(url);
        Assert.IsNotEmpty(cards);
        await folder.SucceedAsync("a", null, "center", "add", folder.Write("center.yaml", CenterWith(url, cards.Select(card => card.Host).Distinct())));

        var lines = await CollectAsync(folder, cards.Select(card => card.Host).Distinct().Count());
        await StopAsync(simulation);

        foreach (var line in lines)
        {
            var own = cards.Count(card => card.Host == line.GetProperty("source").GetString());
            Assert.AreEqual((own, own, own), (Count(line, "received"), Count(line, "accepted"), Count(line, "new")), line.ToString());
        }

        var (first, last, stored) = await StoredAsync(folder, cards);
        Assert.IsGreaterThanOrEqualTo(lines.Sum(line => Count(line, "accepted")), stored, "what was told is there");
        // At most the page that each host was sending when the signal came is there and was not told.
        Assert.IsLessThanOrEqualTo(lines.Sum(line => Count(line, "accepted")) + cards.Count, stored);
        await folder.SucceedAsync("a", null, "verify", "store");
        await AssertReportAsync(folder, cards, first, last, stored);
    }

    private static async Task AssertReportAsync(HeadroomFolder folder, List<(string Id, string Host)> cards, long first, long last, long stored)
    {
        var from = Instants.ToText(first);
        var inventory = cards.Aggregate("card,host,model,pool,event,from\n", (text, card) => text + $"{card.Id},{card.Host},Ascend 910A,ai,installed,{from}\n");
        await folder.IngestAsync("a", null, "inventory", folder.Write("inventory.csv", inventory), "--center", "small");
        var day = Instants.ToDateTime(last).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await folder.SucceedAsync("a", new SetClock(Instants.ToText(last)), "report", "daily", "--center", "small", "--day", day, "--format", "json", "--lang", "en", "--out", folder.At("out"));
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(folder.At("out", $"daily-small-{day}.en.json")));
        var cells = report.RootElement.GetProperty("cells").EnumerateArray().ToDictionary(cell => cell.GetProperty("cell").GetString()!);
        Assert.IsTrue(report.RootElement.GetProperty("simulated").GetBoolean());
        Assert.AreEqual(Instants.ToText(last), report.RootElement.GetProperty("until").GetString(), "the day is not over");
        Assert.IsGreaterThan(0.7, cells["pool.ai.U3"].GetProperty("coverage").GetDouble());
        Assert.IsInRange(0, 1, cells["pool.ai.U3"].GetProperty("value").GetDouble());
        // 16 cards of 0.256 P, from the first sample on.
        var petaflopHours = cards.Count * 0.256 * (last - first) / Micros.PerHour;
        Assert.AreEqual(petaflopHours, cells["pool.ai.C_installed"].GetProperty("value").GetDouble(), 1e-6);
        var accepted = cells.Where(cell => cell.Key.StartsWith("source.", StringComparison.Ordinal) && cell.Key.EndsWith(".accepted", StringComparison.Ordinal)).Sum(cell => cell.Value.GetProperty("value").GetDouble());
        Assert.AreEqual(stored + cards.Count, accepted, "samples and the rows of the inventory");
    }

    private async Task<List<JsonElement>> CollectAsync(HeadroomFolder folder, int hosts)
    {
        using var collect = folder.Start("a", "collect", "--json", "--lang", "en");
        var errors = collect.StandardError.ReadToEndAsync(TestContext.CancellationToken);
        var lines = new List<JsonElement>();
        while (lines.Count < ScrapesPerHost * hosts && await collect.StandardOutput.ReadLineAsync(TestContext.CancellationToken) is { } line)
        {
            lines.Add(JsonDocument.Parse(line).RootElement);
        }

        var rest = collect.StandardOutput.ReadToEndAsync(TestContext.CancellationToken);
        await StopAsync(collect);
        lines.AddRange((await rest).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement));
        Assert.HasCount(hosts, GuessedFormat().Matches(await errors), "what is true of every page is said once a target");
        return lines;
    }

    private async Task StopAsync(Process process)
    {
        using var signal = Process.Start(new ProcessStartInfo("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false })!;
        await signal.WaitForExitAsync(TestContext.CancellationToken);
        await process.WaitForExitAsync(TestContext.CancellationToken);
        Assert.AreEqual(0, process.ExitCode, "a signal is how a server ends");
    }

    private async Task<(long First, long Last, long Count)> StoredAsync(HeadroomFolder folder, List<(string Id, string Host)> cards)
    {
        await using var store = await folder.OpenToReadAsync("a", TestContext.CancellationToken);
        var facts = await store.ReadFactsAsync(new("small"), Instants.Never, TestContext.CancellationToken);
        Assert.IsTrue(facts.Simulated);
        CollectionAssert.AreEquivalent(cards.Select(card => card.Id).ToArray(), facts.Devices.Select(device => device.Sighting.Id).ToArray());
        var count = 0L;
        foreach (var card in cards)
        {
            count += (await store.ReadSamplesAsync(new("small"), new DeviceId(card.Id), new(long.MinValue, Instants.Never), TestContext.CancellationToken)).Count;
        }

        return (facts.Telemetry.From, facts.Telemetry.Until, count);
    }

    // A host whose exporter restarts just now is left out, as a card that is out of service.
    private async Task<List<(string Id, string Host)>> CardsAsync(string url)
    {
        using var http = new HttpClient();
        var cards = new List<(string Id, string Host)>();
        foreach (var host in (await http.GetStringAsync(new Uri($"{url}/hosts"), TestContext.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var answer = await http.GetAsync(new Uri($"{url}/hosts/{host}/metrics"), TestContext.CancellationToken);
            var page = await answer.Content.ReadAsStringAsync(TestContext.CancellationToken);
            cards.AddRange(answer.IsSuccessStatusCode ? DieId().Matches(page).Select(match => (match.Groups["id"].Value, host)).Distinct() : []);
        }

        return cards;
    }

    private static string CenterWith(string url, IEnumerable<string> hosts)
    {
        var text = new StringBuilder(HeadroomFolder.SmallCenter).Append("telemetry_period_s: 1\ntargets:\n");
        foreach (var host in hosts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{name: {host}, url: \"{url}/hosts/{host}/metrics\", host: {host}, period_s: 1}}\n");
        }

        return text.ToString();
    }

    private static int Count(JsonElement line, string name) => line.GetProperty(name).GetInt32();

    [GeneratedRegex("vdie_id=\"(?<id>[^\"]+)\"", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex DieId();

    [GeneratedRegex("No format was named", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex GuessedFormat();
}
