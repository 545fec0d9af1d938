using Headroom.Analytics.Queueing;

namespace Headroom.Analytics.Tests.Queueing;

/// <summary>The engine against closed forms for single-device jobs: Erlang (1917), as in Kleinrock, Queueing Systems I, section 3.</summary>
[TestClass]
public sealed class ErlangReferenceTests
{
    private const double MeanRuntime = 1_000_000;

    [TestMethod]
    [DataRow(1, 0.5, DisplayName = "M/M/1 half full")]
    [DataRow(8, 0.8, DisplayName = "M/M/8 at 80 %")]
    [DataRow(50, 0.9, DisplayName = "M/M/50 at 90 %")]
    public void Run_PoissonAndExponential_WaitsAsErlangC(int servers, double load)
    {
        var jobs = PoissonJobs(count: 1_000_000, servers * load, seed: 11, QueuedJob.NeverLeaves);
        var outcomes = QueueingEngine.Run(jobs, CapacityPath.Constant(servers), long.MaxValue);

        var waited = 0;
        var meanWait = 0.0;
        for (var i = 0; i < jobs.Length; i++)
        {
            var wait = outcomes[i].StartMicros!.Value - jobs[i].SubmitMicros;
            waited += wait > 0 ? 1 : 0;
            meanWait += wait / MeanRuntime / jobs.Length;
        }

        var erlangC = ErlangC(servers, servers * load);
        // A million arrivals at 90 % load: the autocorrelation of waits leaves about 4 % of sampling error.
        Assert.AreEqual(erlangC, (double)waited / jobs.Length, 0.05 * erlangC);
        Assert.AreEqual(erlangC / (servers - (servers * load)), meanWait, 0.08 * erlangC / (servers - (servers * load)));
    }

    [TestMethod]
    public void Run_PatienceZero_BlocksAsErlangB()
    {
        const int Servers = 20;
        const double Offered = 18;
        var jobs = PoissonJobs(count: 400_000, Offered, seed: 7, patience: 0);
        var outcomes = QueueingEngine.Run(jobs, CapacityPath.Constant(Servers), long.MaxValue);

        var blocked = outcomes.Count(o => o.Fate == JobFate.Left) / (double)jobs.Length;
        Assert.AreEqual(ErlangB(Servers, Offered), blocked, 0.03 * ErlangB(Servers, Offered));
    }

    [TestMethod]
    public void Run_LongRun_LittlesLawHolds()
    {
        // Little (1961): mean number in line = arrival rate x mean wait. Both from the outcomes, the left side by sweeping the line.
        var jobs = PoissonJobs(count: 50_000, offered: 7, seed: 3, QueuedJob.NeverLeaves);
        var outcomes = QueueingEngine.Run(jobs, CapacityPath.Constant(8), long.MaxValue);

        var events = new List<(long At, int Change)>();
        var waits = 0.0;
        for (var i = 0; i < jobs.Length; i++)
        {
            events.Add((jobs[i].SubmitMicros, +1));
            events.Add((outcomes[i].AtMicros, -1));
            waits += outcomes[i].AtMicros - jobs[i].SubmitMicros;
        }

        var (area, line, last) = (0.0, 0, 0L);
        foreach (var (at, change) in events.OrderBy(e => e.At).ThenByDescending(e => e.Change))
        {
            area += (double)line * (at - last);
            (line, last) = (line + change, at);
        }

        Assert.AreEqual(0, line);
        Assert.AreEqual(waits, area, 1e-9 * waits);
    }

    private static QueuedJob[] PoissonJobs(int count, double offered, int seed, long patience)
    {
        var random = new Random(seed);
        var jobs = new QueuedJob[count];
        var now = 0.0;
        for (var i = 0; i < count; i++)
        {
            now += MeanRuntime / offered * Exponential(random);
            jobs[i] = new((long)now, (long)(MeanRuntime * Exponential(random)), 1, patience);
        }

        return jobs;
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    private static double ErlangB(int servers, double offered)
    {
        var blocking = 1.0;
        for (var k = 1; k <= servers; k++)
        {
            blocking = offered * blocking / (k + (offered * blocking));
        }

        return blocking;
    }

    private static double ErlangC(int servers, double offered)
    {
        var blocking = ErlangB(servers, offered);
        return blocking / (1 - (offered / servers * (1 - blocking)));
    }
}
