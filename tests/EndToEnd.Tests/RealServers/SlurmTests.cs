using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.EndToEnd.Tests.RealServers;

/// <summary>A real Slurm of one node, asked with the commands of docs/slurm.md. The truth is what each job wrote down itself.</summary>
[TestClass]
public sealed class SlurmTests
{
    private static readonly string[] Programs =
        ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/slurmdbd", "/usr/bin/sacct", "/usr/bin/sacctmgr", "/usr/sbin/munged", "/usr/sbin/mariadbd", "/usr/bin/mariadb"];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public async Task Ingest_JobsOfARealSlurm_HaveTheirCardsWaitsAndStates()
    {
        RealProgram.Require(Programs);
        if (Environment.UserName != "root")
        {
            Assert.Inconclusive("A slurmd needs root.");
        }

        using var folder = new HeadroomFolder();
        var lab = folder.At("lab");
        var port = FourFreePorts();
        try
        {
            await BashAsync([Script(), "up"], lab, port);
            await BashAsync([Script(), "jobs"], lab, port);
            await AskAsDocumentedAsync(folder, lab);
        }
        finally
        {
            await BashAsync([Script(), "down"], lab, port);
        }

        await using var store = await folder.OpenToReadAsync("a", TestContext.CancellationToken);
        var facts = await store.ReadFactsAsync(new("lab"), Instants.Never, TestContext.CancellationToken);
        AssertJobs(facts, Path.Combine(lab, "truth"));
        AssertDevices(facts, Path.Combine(lab, "truth"));
    }

    // The commands are those of the documentation; "headroom" is the program of this test, on a store of its own.
    private async Task AskAsDocumentedAsync(HeadroomFolder folder, string lab)
    {
        await folder.SucceedAsync("a", null, "center", "add", folder.Write("lab.yaml", """
            center: lab
            name: {en: Lab, zh: 实验室}
            zone: UTC
            pools:
              - {id: gpu, name: {en: GPU, zh: 智算}, precision: fp16, model: A100-SXM4-80GB, gauge: true, devices_source: {assumed: true}}

            """));
        var text = await File.ReadAllTextAsync(Up("docs", "slurm.md"), TestContext.CancellationToken);
        var begin = text.IndexOf("```sh\n", StringComparison.Ordinal) + 6;
        var commands = text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)];
        var program = Path.Combine(AppContext.BaseDirectory, "headroom.dll");
        var script = folder.Write("ask.sh", $$"""
            set -eu
            cd '{{folder.At()}}'
            CENTER=lab
            export SLURM_CONF='{{lab}}/etc/slurm.conf'
            headroom() { dotnet '{{program}}' "$@" --db '{{folder.At("a.db")}}'; }
            {{commands}}
            """);
        await BashAsync([script], lab, port: 0);
    }

    private static void AssertJobs(CenterFacts facts, string truth)
    {
        var jobs = facts.Jobs.ToLookup(job => job.JobId, StringComparer.Ordinal);
        Assert.HasCount(14, facts.Jobs, string.Join('\n', facts.Jobs));

        AssertRan(jobs, truth, "trains", "nlp", cards: 4, JobState.Completed);
        AssertRan(jobs, truth, "fails", "vision", cards: 1, JobState.Failed);
        AssertRan(jobs, truth, "bar|in name", "vision", cards: 1, JobState.Completed);
        AssertRan(jobs, truth, "stopped", "vision", cards: 3, JobState.Cancelled);
        AssertRan(jobs, truth, "loses-its-node", "vision", cards: 2, JobState.NodeFail);
        Assert.AreEqual(2, Job(jobs, truth, "npus").Devices, "its NPUs");
        foreach (var task in (string[])["1", "2", "3"])
        {
            AssertRan(jobs, truth, $"{task}sweep", "vision", cards: 1, JobState.Completed, Number(truth, "sweep") + "_" + task);
        }

        // All eight cards: not before the four of the first job are free.
        var waits = AssertRan(jobs, truth, "waits", "nlp", cards: 8, JobState.Completed);
        Assert.IsGreaterThanOrEqualTo(Job(jobs, truth, "trains").Ended!.Value, waits.Started!.Value);
        Assert.IsGreaterThan(2 * Micros.PerSecond, waits.Started.Value - waits.Submitted, "its wait");

        var requeued = jobs[Number(truth, "requeued")].OrderBy(job => job.Submitted).ToList();
        Assert.HasCount(2, requeued, "two runs of one job");
        Assert.AreEqual(JobState.Completed, requeued[1].State);
        Assert.AreEqual((1, 1), (requeued[0].Devices, requeued[1].Devices));
        Assert.IsLessThanOrEqualTo(requeued[1].Submitted, requeued[0].Ended!.Value);
        AssertNear(Stamp(truth, "requeued.end", 0), requeued[1].Ended!.Value, "the end of the second run");

        var runs = AssertRan(jobs, truth, "runs-on", "nlp", cards: 2, JobState.Running);
        Assert.IsNull(runs.Ended);
        var later = Job(jobs, truth, "later");
        Assert.AreEqual((JobState.Pending, 8, (long?)null), (later.State, later.Devices, later.Started));
        Assert.IsEmpty(jobs[Number(truth, "held")], "held: told, and no demand");
    }

    private static JobFact AssertRan(ILookup<string, JobFact> jobs, string truth, string name, string tenant, int cards, JobState state, string? number = null)
    {
        var job = number is null ? Job(jobs, truth, name) : jobs[number].Single();
        Assert.AreEqual((tenant, cards, state), (job.Tenant.Value, job.Devices, job.State), name);
        Assert.AreEqual(cards, Stamp(truth, name + ".start", 1), $"{name}: the cards it saw");
        AssertNear(Stamp(truth, name + ".start", 0), job.Started!.Value, $"the start of {name}");
        if (File.Exists(Path.Combine(truth, name + ".end")))
        {
            AssertNear(Stamp(truth, name + ".end", 0), job.Ended!.Value, $"the end of {name}");
        }

        if (number is null)
        {
            AssertNear(Stamp(truth, name + ".id", 1), job.Submitted, $"the submission of {name}");
        }

        return job;
    }

    private static void AssertDevices(CenterFacts facts, string truth)
    {
        var installed = facts.Inventory.Where(fact => fact.Event == InventoryEvent.Installed).ToList();
        Assert.HasCount(12, installed, "8 GPUs and 4 NPUs");
        var down = facts.Inventory.Where(fact => fact.Event == InventoryEvent.Down && fact.Reason == "fan test").ToList();
        Assert.HasCount(12, down, string.Join('\n', facts.Inventory));
        foreach (var fact in down)
        {
            AssertNear(Stamp(truth, "node.down", 0), fact.Valid.From, "the outage begins");
            AssertNear(Stamp(truth, "node.up", 0), fact.Valid.Until, "the outage ends");
        }
    }

    private static JobFact Job(ILookup<string, JobFact> jobs, string truth, string name)
    {
        Assert.HasCount(1, jobs[Number(truth, name)], name);
        return jobs[Number(truth, name)].Single();
    }

    private static string Number(string truth, string name) => File.ReadAllText(Path.Combine(truth, name + ".id")).Split(' ')[0];

    private static long Stamp(string truth, string file, int word) => long.Parse(File.ReadAllText(Path.Combine(truth, file)).Trim().Split(' ')[word], CultureInfo.InvariantCulture);

    // Slurm keeps whole seconds, and starts a job's script some time after the job.
    private static void AssertNear(long seconds, long instant, string what) =>
        Assert.IsLessThanOrEqualTo(4 * Micros.PerSecond, Math.Abs((seconds * Micros.PerSecond) - instant), $"{what}: {seconds}, {instant}");

    private async Task BashAsync(string[] arguments, string lab, int port)
    {
        var start = new ProcessStartInfo("bash", arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        (start.Environment["LAB"], start.Environment["PORT"]) = (lab, port.ToString(CultureInfo.InvariantCulture));
        start.Environment["LANG"] = "en_US.UTF-8";
        using var bash = RealProgram.Watch(Process.Start(start)!);
        var code = await bash.EndAsync(TestContext.CancellationToken);
        foreach (var line in bash.Log)
        {
            TestContext.WriteLine(line);
        }

        Assert.AreEqual(0, code, bash.LastWords);
    }

    private static string Script() => Up("tests", "EndToEnd.Tests", "RealServers", "slurm-lab.sh");

    private static string Up(params string[] parts)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Analytics.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine([folder, .. parts]);
    }

    private static int FourFreePorts()
    {
        for (var port = 21_000 + (Environment.ProcessId % 10_000); ; port += 4)
        {
            try
            {
                for (var next = 0; next < 4; next++)
                {
                    using var probe = new TcpListener(IPAddress.Loopback, port + next);
                    probe.Start();
                }

                return port;
            }
            catch (SocketException)
            {
                // Taken: the next four.
            }
        }
    }
}
