using System.Text.Json;
using Headroom.Domain.Time;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;
using static Headroom.Simulation.Tests.SmallCenters;

namespace Headroom.Simulation.Tests.Records;

[TestClass]
public sealed class RecordFilesTests
{
    private static readonly SimulatedCenter Simulated = Simulator.Run(
        Center(Pool(Ai, 24), Pool(Hpc, 12, perHost: 1, model: null, hasGauge: false)),
        Plan(1.8, days: 12) with { FailuresPerThousandDeviceDays = 40, SwapShare = 0.5, MaintenanceEveryDays = 6 },
        Catalog);

    [TestMethod]
    public void WriteJobs_AtTheEnd_HasTheColumnsAndWordsOfTheContract()
    {
        var text = Text(to => RecordFiles.WriteJobs(Simulated, to));
        Assert.StartsWith("cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,model,eligible_utc,hosts,card_ids,priority,preemptible,requested_s,attempt_of\n", text, StringComparison.Ordinal);
        var rows = Rows(text);
        Assert.HasCount(Simulated.Attempts.Length, rows);
        var words = rows.Select(row => row[7]).ToHashSet();
        Assert.IsTrue(words.IsSubsetOf(["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED"]), string.Join(' ', words));
        Assert.Contains("NODE_FAIL", words);
        foreach (var row in rows)
        {
            Assert.HasCount(17, row);
            Assert.AreEqual(row[7] == "PENDING" || (row[7] == "CANCELLED" && row[12].Length == 0), row[4].Length == 0, row[1]);
            Assert.AreEqual(row[7] is "PENDING" or "RUNNING", row[5].Length == 0, row[1]);
            Assert.AreEqual(row[4].Length == 0 ? "0" : row[6], row[12].Length == 0 ? "0" : $"{row[12].Split(';').Length}", row[1]);
            Assert.AreEqual(row[8] == "ai" ? "Ascend 910A" : string.Empty, row[9]);
        }
    }

    [TestMethod]
    public void WriteJobs_InterruptedJob_ComesBackAsAnAttemptOfTheFirst()
    {
        var rows = Rows(Text(to => RecordFiles.WriteJobs(Simulated, to)));
        var again = rows.Where(row => row[16].Length > 0).ToList();
        Assert.IsNotEmpty(again);
        Assert.IsTrue(again.All(row => row[1].StartsWith(row[16] + "-r", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void WriteJobs_KnownAtAnInstant_SaysNothingOfWhatComesAfter()
    {
        var known = Simulated.Window.From + (5 * Micros.PerDay);
        var rows = Rows(Text(to => RecordFiles.WriteJobs(Simulated, to, known)));
        Assert.HasCount(Simulated.Attempts.Count(a => a.Submitted < known), rows);
        var limit = Instants.ToText(known);
        Assert.IsTrue(rows.All(row => new[] { row[3], row[4], row[5] }.All(time => string.CompareOrdinal(time, limit) < 0)));
        Assert.Contains(row => row[7] == "RUNNING" && row[5].Length == 0, rows);
    }

    [TestMethod]
    public void WriteJobs_ChangedInADay_LeavesOutTheRest()
    {
        var day = new Window(Simulated.Window.From + Micros.PerDay, Simulated.Window.From + (2 * Micros.PerDay));
        var rows = Rows(Text(to => RecordFiles.WriteJobs(Simulated, to, day.Until, day)));
        var (from, until) = (Instants.ToText(day.From), Instants.ToText(day.Until));
        Assert.IsNotEmpty(rows);
        Assert.IsTrue(rows.All(row => new[] { row[3], row[4], row[5] }.Any(time => string.CompareOrdinal(time, from) >= 0 && string.CompareOrdinal(time, until) < 0)));
    }

    [TestMethod]
    public void WriteInventory_AtTheEnd_InstallsEachDeviceOnceAndRetiresTheSwapped()
    {
        var text = Text(to => RecordFiles.WriteInventory(Simulated, to));
        Assert.StartsWith("card,host,slot,model,pool,event,from,to,reason\n", text, StringComparison.Ordinal);
        var rows = Rows(text);
        var installed = rows.Where(row => row[5] == "installed").Select(row => row[0]).ToList();
        Assert.HasCount(installed.Distinct().Count(), installed);
        CollectionAssert.IsSubsetOf(Simulated.Fleet.Devices.Where(d => d.Installed.From == Simulated.Window.From).Select(d => d.Id.Value).ToList(), installed);
        Assert.Contains(row => row[5] == "retired", rows);
        Assert.Contains(row => row[5] == "down" && row[8].Length > 0, rows);
        Assert.Contains(row => row[5] == "maintenance" && row[7].Length > 0, rows);
        Assert.IsTrue(rows.All(row => string.CompareOrdinal(row[7], Instants.ToText(Simulated.Window.Until)) < 0), "an end after the plan is not known yet");
    }

    [TestMethod]
    public void WriteInventory_KnownBeforeAFailure_DoesNotTellOfIt()
    {
        var known = Simulated.Window.From + (2 * Micros.PerDay);
        var limit = Instants.ToText(known);
        var rows = Rows(Text(to => RecordFiles.WriteInventory(Simulated, to, known)));
        Assert.IsTrue(rows.All(row => string.CompareOrdinal(row[6], limit) < 0 && string.CompareOrdinal(row[7], limit) < 0));
    }

    [TestMethod]
    public void WriteRequests_AllApplications_WantCapacityAfterThePlan()
    {
        var text = Text(to => RecordFiles.WriteRequests(Simulated, to));
        Assert.StartsWith("request_id,center,tenant,pool,cards,submitted,wanted_from,wanted_to,state,decided,reason,probability,model,gang,priority,kind,applicant_id\n", text, StringComparison.Ordinal);
        var rows = Rows(text);
        Assert.IsNotEmpty(rows);
        foreach (var row in rows)
        {
            Assert.IsGreaterThanOrEqualTo(0, string.CompareOrdinal(row[6], Instants.ToText(Simulated.Window.Until)), row[0]);
            Assert.IsLessThan(0, string.CompareOrdinal(row[6], row[7]), row[0]);
            Assert.AreEqual(row[8] == "PENDING", row[9].Length == 0, row[0]);
        }
    }

    [TestMethod]
    public async Task WriteAsync_EmptyFolder_HoldsTheFilesOfTheContractAndSaysSimulated()
    {
        var folder = Directory.CreateTempSubdirectory("headroom-simulation-");
        try
        {
            var days = new List<DateOnly>();
            var simulated = Simulator.Run(Center(Pool(Ai, 8)), Plan(days: 2), Catalog);
            await SimulationFiles.WriteAsync(simulated, folder.FullName, days.Add, CancellationToken.None);
            CollectionAssert.AreEquivalent(
                new[] { "SIMULATED.txt", "telemetry-2021-11-15.csv", "telemetry-2021-11-16.csv", "jobs.csv", "inventory.csv", "requests.csv", "truth.csv", "truth.json" },
                folder.GetFiles().Select(file => file.Name).ToArray());
            CollectionAssert.AreEqual(simulated.Days.ToList(), days);
            Assert.AreEqual(TelemetryOf(simulated, simulated.Plan.From), await File.ReadAllTextAsync(Path.Combine(folder.FullName, "telemetry-2021-11-15.csv")));
            using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "truth.json")));
            Assert.IsTrue(manifest.RootElement.GetProperty("simulated").GetBoolean());
            Assert.AreEqual(7UL, manifest.RootElement.GetProperty("seed").GetUInt64());
            var truth = Rows(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "truth.csv")));
            Assert.HasCount(48, truth);
            Assert.IsTrue(truth.All(row => row[5].Length > 0), "all telemetry was read, so all busy time is known");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
