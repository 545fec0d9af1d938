using System.Diagnostics;
using System.Globalization;
using Headroom.Domain.Time;
using Headroom.Storage.CrashWriter;
using Headroom.Storage.Sqlite;

namespace Headroom.Storage.Tests.Durability;

/// <summary>A writer killed at random moments of everything it does: what it acknowledged is there once, and the file is clean.</summary>
[TestClass]
public sealed class KillTests
{
    private const int KillsPerFile = 18;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public Task Writer_KilledInEachPhaseTwice_LosesNothing() => KillAsync(kills: 2 * CrashPhases.All.Count);

    [TestMethod]
    [TestCategory("Long")]
    public Task Writer_KilledTwoHundredTimes_LosesNothing() => KillAsync(kills: 200);

    private async Task KillAsync(int kills)
    {
        var seed = Environment.TickCount;
        var (random, watch) = (new Random(seed), Stopwatch.StartNew());
        var (batches, backups, migrated, unread) = (0, 0, 0, 0);
        StoreFolder? folder = null;
        var next = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var phase = CrashPhases.All[kill % CrashPhases.All.Count];
            if (folder is null || kill % KillsPerFile == 0 || phase == "migrate")
            {
                folder?.Dispose();
                (folder, next) = (new StoreFolder(), 0);
                if (phase == "migrate")
                {
                    MigrationTests.Unpack(1 + (kill % 2), folder.File());
                }
            }

            var acknowledged = await RunAndKillAsync(folder.File(), next, phase, random);
            var found = await CheckAsync(folder, acknowledged, phase == "migrate", $"seed {seed}, kill {kill}, {phase}");
            batches += acknowledged + 1 - next;
            unread += found - acknowledged;
            migrated += phase == "migrate" ? 1 : 0;
            backups += File.Exists(CrashPhases.BackupOf(folder.File())) ? 1 : 0;

            // As a transport does: what was not acknowledged is sent again, also where it is there already.
            next = acknowledged + 1;
        }

        folder?.Dispose();
        TestContext.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills in {watch.Elapsed.TotalSeconds:0} s (seed {seed}): {batches} batches acknowledged, 0 lost, 0 doubled, {unread} stored that were not yet acknowledged; {migrated} during migration; {backups} backups found, all clean"));
    }

    // The number of the last batch that was acknowledged before the kill.
    private async Task<int> RunAndKillAsync(string path, int first, string phase, Random random)
    {
        using var writer = new Process();
        writer.StartInfo = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { typeof(CrashBatches).Assembly.Location, path, first.ToString(CultureInfo.InvariantCulture), phase },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        writer.Start();
        var errors = writer.StandardError.ReadToEndAsync(Token);
        var last = first - 1;
        void Hear(string line) => last = int.TryParse(line, CultureInfo.InvariantCulture, out var number) ? Math.Max(last, number) : last;
        while (await writer.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            Hear(line);
            if (line.StartsWith("phase ", StringComparison.Ordinal))
            {
                break;
            }
        }

        await Task.Delay(random.Next(phase switch { "migrate" => 400, "backup" or "restore" => 700, _ => 250 }), Token);
        Assert.IsFalse(writer.HasExited, "the writer ended by itself");
        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            Hear(line);
        }

        await writer.WaitForExitAsync(Token);
        Assert.AreEqual("", await errors);
        return last;
    }

    // The last batch that is there: the one acknowledged last, or the one that was under way.
    private async Task<int> CheckAsync(StoreFolder folder, int acknowledged, bool golden, string where)
    {
        int found;
        await using (var survivor = await Told.OpenAsync(folder.File(), wait: 5))
        {
            found = await HasAsync(survivor, acknowledged, where);
            Assert.IsEmpty(await survivor.VerifyAsync(Token), where);
            if (golden)
            {
                var samples = await survivor.ReadSamplesAsync(new("golden"), new("GPU-1"), Window.Always, Token);
                Assert.AreEqual((576, 290_190_000L), (samples.Count, samples.UsePpm.Sum(value => (long)value)), $"{where}: what was there before the migration");
            }
        }

        if (File.Exists(CrashPhases.BackupOf(folder.File())))
        {
            await using var backup = await Told.OpenAsync(CrashPhases.BackupOf(folder.File()), readOnly: true);
            Assert.IsEmpty(await backup.VerifyAsync(Token), $"{where}: backup");
            await HasAsync(backup, -1, $"{where}: backup");
        }

        return found;
    }

    private async Task<int> HasAsync(SqliteStore store, int acknowledged, string where)
    {
        var last = -1;
        for (var device = 0; device < CrashBatches.Devices; device++)
        {
            var samples = await store.ReadSamplesAsync(CrashBatches.Center, new(CrashBatches.Device(device)), Window.Always, Token);
            var counts = samples.UsePpm.GroupBy(number => number).ToDictionary(group => group.Key, group => group.Count());
            Assert.IsTrue(counts.Values.All(count => count == CrashBatches.RowsPerDevice), $"{where}: whole and once");
            Assert.IsTrue(device == 0 || counts.Count == last + 1, $"{where}: all devices of a batch or none");
            last = counts.Count - 1;
            Assert.IsTrue(Enumerable.Range(0, counts.Count).All(counts.ContainsKey), $"{where}: no batch is missing before the last");
        }

        Assert.IsGreaterThanOrEqualTo(acknowledged, last, $"{where}: lost");
        if (acknowledged >= 0)
        {
            Assert.IsLessThanOrEqualTo(acknowledged + 1, last, $"{where}: at most the one under way");
        }

        var jobs = (await store.ReadFactsAsync(CrashBatches.Center, Instants.Never, Token)).Jobs.Select(job => job.JobId).ToList();
        Assert.HasCount(jobs.Distinct().Count(), jobs);
        Assert.IsTrue(Enumerable.Range(0, acknowledged + 1).Where(number => number % CrashBatches.BatchesPerJob == 0).All(number => jobs.Contains($"{number}")), $"{where}: jobs");
        return last;
    }
}
