using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headroom.EndToEnd.Tests;

/// <summary>The same facts in another order, other files and twice: the same store, the same report.</summary>
[TestClass]
public sealed class HashTests
{
    private const string Day = "2026-03-09";
    private const string JobsAt = "2026-03-10T00:00:00+08:00";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Ingest_AnotherOrderOtherFilesAndTwice_MakesTheSameStoreAndReport()
    {
        using var folder = new HeadroomFolder();
        var center = folder.Write("small.yaml", HeadroomFolder.SmallCenter);
        await folder.SucceedAsync("none", null, "simulate", center, "--from", "2026-03-07", "--to", Day, "--seed", "7", "--out", folder.At("files"));
        var telemetry = Directory.GetFiles(folder.At("files"), "telemetry-*.csv").Order(StringComparer.Ordinal).ToArray();
        var (inventory, jobs) = (folder.At("files", "inventory.csv"), folder.At("files", "jobs.csv"));

        await folder.SucceedAsync("a", null, "center", "add", center);
        await folder.IngestAsync("a", null, "inventory", inventory, "--center", "small");
        await folder.IngestAsync("a", null, "jobs", jobs, "--center", "small", "--at", JobsAt);
        await folder.IngestAsync("a", null, "telemetry", [.. telemetry, "--center", "small"]);

        var parts = Shuffled(folder, telemetry);
        await folder.SucceedAsync("b", null, "center", "add", center);
        await folder.IngestAsync("b", null, "jobs", jobs, "--center", "small", "--at", JobsAt);
        await folder.IngestAsync("b", null, "telemetry", parts[3], parts[1], "--center", "small");
        await FromStandardInputAsync(folder, "b", parts[0]);
        await folder.IngestAsync("b", null, "inventory", inventory, "--center", "small");
        await folder.IngestAsync("b", null, "telemetry", parts[4], "--center", "small");
        await folder.IngestAsync("b", null, "telemetry", parts[2], "--center", "small");
        var again = await folder.IngestAsync("b", null, "telemetry", parts[4], "--center", "small");

        Assert.AreEqual(again.GetProperty("received").GetInt64(), again.GetProperty("duplicates").GetInt64() + again.GetProperty("conflicts").GetInt64());
        Assert.AreEqual(0, again.GetProperty("new").GetInt64());
        Assert.AreEqual(await folder.ContentHashAsync("a"), await folder.ContentHashAsync("b"));
        Assert.AreEqual(await ReportAsync(folder, "a"), await ReportAsync(folder, "b"));
    }

    // Which file said what is how the facts came, not what they say: those cells are left out.
    private static async Task<string> ReportAsync(HeadroomFolder folder, string database)
    {
        await folder.SucceedAsync(database, null, "report", "daily", "--center", "small", "--day", Day, "--format", "json", "--lang", "en", "--out", folder.At(database));
        var report = JsonNode.Parse(await File.ReadAllTextAsync(folder.At(database, $"daily-small-{Day}.en.json")))!;
        var cells = report["cells"]!.AsArray();
        Assert.IsNotNull(cells.Single(cell => cell!["cell"]!.GetValue<string>() == "pool.ai.U3")!["value"]);
        cells.RemoveAll(cell => cell!["cell"]!.GetValue<string>().StartsWith("source.", StringComparison.Ordinal));
        Assert.IsGreaterThan(60, cells.Count);
        return report.ToJsonString();
    }

    private static string[] Shuffled(HeadroomFolder folder, string[] files)
    {
        var header = File.ReadLines(files[0]).First();
        var rows = files.SelectMany(file => File.ReadLines(file).Skip(1)).ToArray();
        new Random(5).Shuffle(rows);
        // The mark of a simulation lies beside its files.
        Directory.CreateDirectory(folder.At("parts"));
        File.Copy(folder.At("files", "SIMULATED.txt"), folder.At("parts", "SIMULATED.txt"));
        return [.. rows.Chunk((rows.Length + 4) / 5).Select((part, i) => WritePart(folder.At("parts", $"part-{i}.csv" + (i == 2 ? ".gz" : "")), $"{header}\n{string.Join('\n', part)}\n"))];
    }

    private static string WritePart(string path, string content)
    {
        using var file = File.Create(path);
        using Stream into = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        into.Write(Encoding.UTF8.GetBytes(content));
        return path;
    }

    private async Task FromStandardInputAsync(HeadroomFolder folder, string database, string file)
    {
        using var ingest = folder.Start(database, "ingest", "telemetry", "-", "--center", "small", "--json");
        var (output, errors) = (ingest.StandardOutput.ReadToEndAsync(TestContext.CancellationToken), ingest.StandardError.ReadToEndAsync(TestContext.CancellationToken));
        await using (var content = File.OpenRead(file))
        {
            await content.CopyToAsync(ingest.StandardInput.BaseStream, TestContext.CancellationToken);
        }

        ingest.StandardInput.Close();
        await ingest.WaitForExitAsync(TestContext.CancellationToken);
        Assert.AreEqual(0, ingest.ExitCode, await errors);
        Assert.AreEqual("-", JsonDocument.Parse((await output).TrimEnd().Split('\n')[^1]).RootElement.GetProperty("source").GetString());
    }
}
