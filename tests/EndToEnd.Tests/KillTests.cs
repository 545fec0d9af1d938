using System.Globalization;
using System.Text;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.EndToEnd.Tests;

/// <summary>The program killed while it ingests: what it acknowledged is there, each sample once, and the file ingested again completes it.</summary>
[TestClass]
public sealed class KillTests
{
    private const int Kills = 10;
    private const int Cards = 50;
    private const int Rows = 1_200_000;
    private const long FirstInstant = 1_772_323_200_000_000;
    private const string Center = "c";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task IngestTelemetry_KilledAtRandomMoments_KeepsWhatItAcknowledgedAndEachSampleOnce()
    {
        using var folder = new HeadroomFolder();
        var file = folder.At("big.csv");
        await WriteAsync(file);
        var batches = await WholeAsync(folder, "whole", file);
        var whole = await folder.ContentHashAsync("whole");
        var (random, killed) = (new Random(20_260_301), 0);
        for (var run = 0; run < Kills; run++)
        {
            var database = string.Create(CultureInfo.InvariantCulture, $"killed-{run}");
            var (acknowledged, wasRunning) = await KillAsync(folder, database, file, acknowledgements: random.Next(batches.Length), milliseconds: random.Next(60));
            killed += wasRunning ? 1 : 0;

            var stored = File.Exists(folder.At(database + ".db")) ? await StoredRowsAsync(folder, database) : 0;
            var kept = batches.Append(0).Where(total => total == stored).ToList();
            Assert.HasCount(1, kept, $"run {run}: {stored} rows are not the first batches of {string.Join(' ', batches)}");
            Assert.IsGreaterThanOrEqualTo(acknowledged, stored, $"run {run}");

            await folder.IngestAsync(database, null, "telemetry", file, "--center", Center);
            Assert.AreEqual(whole, await folder.ContentHashAsync(database), $"run {run}");
        }

        Assert.IsGreaterThanOrEqualTo(Kills - 2, killed, "the kills come while it runs");
    }

    // Rows in the file after each batch: the acknowledgements of a run that nothing interrupts.
    private static async Task<long[]> WholeAsync(HeadroomFolder folder, string database, string file)
    {
        var output = await folder.SucceedAsync(database, null, "ingest", "telemetry", file, "--center", Center, "--json");
        var total = 0L;
        return [.. output.Split('\n').Select(Acknowledged).Where(rows => rows > 0).Select(rows => total += rows)];
    }

    /// <returns>The rows it had acknowledged, and whether the kill met it alive.</returns>
    private async Task<(long Acknowledged, bool WasRunning)> KillAsync(HeadroomFolder folder, string database, string file, int acknowledgements, int milliseconds)
    {
        using var ingest = folder.Start(database, "ingest", "telemetry", file, "--center", Center, "--json");
        var errors = ingest.StandardError.ReadToEndAsync(TestContext.CancellationToken);
        var total = 0L;
        for (var seen = 0; seen < acknowledgements && await ingest.StandardOutput.ReadLineAsync(TestContext.CancellationToken) is { } line;)
        {
            var rows = Acknowledged(line);
            total += rows;
            seen += rows > 0 ? 1 : 0;
        }

        await Task.Delay(milliseconds, TestContext.CancellationToken);
        var wasRunning = !ingest.HasExited;
        ingest.Kill();
        await ingest.WaitForExitAsync(TestContext.CancellationToken);
        total += (await ingest.StandardOutput.ReadToEndAsync(TestContext.CancellationToken)).Split('\n').Sum(Acknowledged);
        var told = await errors;
        Assert.IsTrue(wasRunning || ingest.ExitCode == 0, told);
        return (total, wasRunning);
    }

    // Counts what is stored, and holds that it is the beginning of the file, each row once and as written.
    private async Task<long> StoredRowsAsync(HeadroomFolder folder, string database)
    {
        await folder.SucceedAsync(database, null, "verify", "store");
        await using var store = await folder.OpenToReadAsync(database, TestContext.CancellationToken);
        var count = 0L;
        for (var card = 0; card < Cards; card++)
        {
            var samples = await store.ReadSamplesAsync(new(Center), new DeviceId(CardName(card)), new(long.MinValue, Instants.Never), TestContext.CancellationToken);
            for (var row = 0; row < samples.Count; row++)
            {
                Assert.AreEqual(InstantOf(row), samples.Instants[row], CardName(card));
                Assert.AreEqual(UseOf(row, card) * 10_000, samples.UsePpm[row], CardName(card));
            }

            count += samples.Count;
        }

        return count;
    }

    private static long Acknowledged(string line) =>
        line.Split(' ') is ["acknowledged", var rows, _, _] ? long.Parse(rows, CultureInfo.InvariantCulture) : 0;

    private static async Task WriteAsync(string file)
    {
        await using var text = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        await text.WriteAsync("timestamp,card,utilization\n");
        for (var row = 0; row < Rows; row++)
        {
            await text.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{InstantOf(row / Cards) / Micros.PerSecond},{CardName(row % Cards)},{UseOf(row / Cards, row % Cards)}\n"));
        }
    }

    private static long InstantOf(int row) => FirstInstant + (row * 15 * Micros.PerSecond);

    private static int UseOf(int row, int card) => ((row * 7) + card) % 101;

    private static string CardName(int card) => string.Create(CultureInfo.InvariantCulture, $"npu-{card:000}");
}
