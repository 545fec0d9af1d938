using System.Diagnostics;
using System.Globalization;
using Headroom.Domain.Time;
using Headroom.Storage.CrashWriter;
using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Sqlite;

[TestClass]
public sealed class CrashTests
{
    private const int Kills = 10;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Append_KilledTenTimes_HasEveryAcknowledgedBatchOnce()
    {
        using var folder = new StoreFolder();
        var random = new Random(20_260_301);
        var acknowledged = -1;
        for (var kill = 0; kill < Kills; kill++)
        {
            acknowledged = await RunAndKillAsync(folder.File(), acknowledged + 1, random.Next(1, 40));
            await using var survivor = await OpenAsync(folder.File());
            await AssertHasAsync(survivor, acknowledged);
            Assert.IsEmpty(await survivor.VerifyAsync(Token));
        }

        await using var crashed = await OpenAsync(folder.File());
        await using var calm = await OpenAsync(folder.File("calm.db"));
        for (var number = 0; number <= acknowledged + 1; number++)
        {
            await CrashBatches.AppendAsync(crashed, number, Token);
            await CrashBatches.AppendAsync(calm, number, Token);
        }

        Assert.AreEqual(await calm.ContentHashAsync(Token), await crashed.ContentHashAsync(Token));
    }

    private Task<SqliteStore> OpenAsync(string path) => SqliteStore.OpenAsync(new() { Path = path }, TimeProvider.System, Token);

    // The number of the last batch that was acknowledged before the kill.
    private async Task<int> RunAndKillAsync(string path, int first, int batches)
    {
        using var writer = new Process();
        writer.StartInfo = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { typeof(CrashBatches).Assembly.Location, path, first.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        writer.Start();
        var last = first - 1;
        while (last < first + batches && await writer.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            last = int.Parse(line, CultureInfo.InvariantCulture);
        }

        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            last = int.TryParse(line, CultureInfo.InvariantCulture, out var number) ? Math.Max(last, number) : last;
        }

        await writer.WaitForExitAsync(Token);
        Assert.IsGreaterThanOrEqualTo(first + batches, last, "the writer ended by itself");
        return last;
    }

    private async Task AssertHasAsync(SqliteStore store, int acknowledged)
    {
        for (var device = 0; device < CrashBatches.Devices; device++)
        {
            var samples = await store.ReadSamplesAsync(CrashBatches.Center, new(CrashBatches.Device(device)), Window.Always, Token);
            var counts = samples.UsePpm.GroupBy(number => number).ToDictionary(group => group.Key, group => group.Count());
            Assert.IsTrue(Enumerable.Range(0, acknowledged + 1).All(counts.ContainsKey), "every acknowledged batch is there");
            Assert.IsTrue(counts.Values.All(count => count == CrashBatches.RowsPerDevice), "whole and once");
            Assert.IsLessThanOrEqualTo(acknowledged + 1, counts.Keys.Max(), "at most the one batch that was under way");
        }

        var jobs = (await store.ReadFactsAsync(CrashBatches.Center, Instants.Never, Token)).Jobs.Select(job => job.JobId).ToHashSet();
        Assert.IsTrue(Enumerable.Range(0, acknowledged + 1).Where(number => number % CrashBatches.BatchesPerJob == 0).All(number => jobs.Contains($"{number}")));
    }
}
