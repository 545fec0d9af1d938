using Headroom.Analytics.Demand;
using Headroom.Analytics.Queueing;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Demand from a job log of a center with too few devices, whose users leave.</summary>
[TestClass]
public sealed class LeftDemandTests
{
    private const double MeanHours = 5;
    private const int Hours = 1_000;

    [TestMethod]
    [DataRow(0.9, 0.0, DisplayName = "M/M/40 at 90 %, nobody leaves")]
    [DataRow(1.9, 24.0, DisplayName = "M/M/40+M at 190 %, patience of a day")]
    public void Of_PoissonAndExponential_IsTheOfferedLoad(double load, double patience)
    {
        // Erlang: what would run if all started at once is lambda / mu, whatever the number of servers.
        const int servers = 40;
        var demand = (DemandAnswer.Estimate)Replay(servers, FifoDiscipline.Instance, patience, load, random => (1, MeanHours * random.Exponential()));

        Assert.AreEqual(servers * load, demand.Series.Mean, 0.06 * servers * load);
        Assert.AreEqual(patience > 0, demand.Caveats.Contains(DemandCaveat.PatienceApartFromRuntime));
    }

    // Backfilling serves short jobs first, so those that ran are not like those that left: taking them to be alike is a tenth too low here.
    [TestMethod]
    public void Of_ShortJobsServedFirstAndUsersLeave_IsWithinEightPercentAtNearlyTwiceTheCapacity()
    {
        var bias = 0.0;
        for (var seed = 1UL; seed <= 4; seed++)
        {
            var demand = (DemandAnswer.Estimate)Replay(60, EasyDiscipline.Instance, 24, 1.9, random => (1 << random.Below(4), MeanHours * Math.Exp((1.2 * random.Normal()) - 0.72)), seed);
            bias += (demand.Series.Mean / Wanted(60, 1.9)) - 1;
        }

        Assert.AreEqual(0, bias / 4, 0.08);
    }

    [TestMethod]
    public void Weight_ExponentialPatience_IsOneOverTheShareThatStillWaits()
    {
        // All would wait for 100 hours and leave by a patience of 10 hours on average; each is looked at for some hours.
        var random = new SplitMix(5);
        var episodes = Enumerable.Range(0, 20_000).Select(i =>
        {
            var (patience, offered) = (10 * random.Exponential(), 30 * random.Share());
            return patience < offered
                ? new Episode(0, 1, null, 0, EpisodeState.Left, null, (long)(patience * Micros.PerHour))
                : new Episode(0, 1, (long)(offered * Micros.PerHour), Micros.PerHour, EpisodeState.Over, null, (long)((offered + 1) * Micros.PerHour));
        }).ToList();
        var law = Patience.Anyhow(Waits.Of(episodes), 0);

        Assert.AreEqual(1, law.Weight(0));
        Assert.AreEqual(Math.Exp(0.5), law.Weight(5 * Micros.PerHour), 0.05);
        Assert.AreEqual(Math.Exp(1.5), law.Weight(15 * Micros.PerHour), 0.25);
        Assert.AreEqual(10, law.Weight(1_000 * Micros.PerHour), "one job speaks for ten at most");
    }

    // A year in which jobs ran for 10 hours in the first half and for 2 in the second: who left then was like those of then.
    [TestMethod]
    public void Of_JobsThatLeftMonthsAgo_RanAsJobsDidThen()
    {
        var jobs = new List<JobFact>();
        for (var hour = 0; hour < 360 * 24; hour += 2)
        {
            jobs.Add(Log.Job($"r{hour}", hour, hour, hour + (hour < 180 * 24 ? 10 : 2), 1));
            if (hour % 24 == 0)
            {
                jobs.Add(Log.Job($"x{hour}", hour, null, hour + 3, 4, JobState.Cancelled));
            }
        }

        var demand = Log.Means(Log.Demand(jobs, Log.Unseen((360 * 24) + 24)));
        Assert.AreEqual(5 + (4 * 10 / 24.0), demand[(30 * 24)..(120 * 24)].Average(), 0.15);
        Assert.AreEqual(1 + (4 * 2 / 24.0), demand[(240 * 24)..(350 * 24)].Average(), 0.15);
    }

    private static double Wanted(int servers, double load) => servers * load;

    /// <param name="patience">Mean. Unit: hours. 0: nobody leaves.</param>
    /// <param name="job">Devices, and a runtime in hours whose mean is 5.</param>
    private static DemandAnswer Replay(int servers, IQueueDiscipline discipline, double patience, double load, Func<SplitMix, (int Devices, double Runtime)> job, ulong seed = 8)
    {
        var random = new SplitMix(seed);
        var devices = Enumerable.Range(0, 4_000).Average(_ => job(random).Devices);
        var (jobs, now) = (new List<QueuedJob>(), 0.0);
        while (now < Hours)
        {
            now += random.Exponential() * MeanHours * devices / (servers * load);
            var (size, runtime) = job(random);
            jobs.Add(new(Log.At(now), 1 + (long)(runtime * Micros.PerHour), size, patience > 0 ? (long)(patience * random.Exponential() * Micros.PerHour) : QueuedJob.NeverLeaves));
        }

        var outcomes = QueueingEngine.Run([.. jobs], CapacityPath.Constant(servers), Log.At(Hours), discipline);
        var facts = jobs.Zip(outcomes).Index().Where(pair => pair.Item.Second.Fate != JobFate.NotSubmitted).Select(pair => Fact(pair.Index, pair.Item.First, pair.Item.Second));

        // A runtime is counted from its first hour on: the first days, in which the jobs of before are missing, are left out.
        var (known, first) = (Log.At(Hours), 100);
        return LatentDemand.Of(new([.. Log.Unseen(Hours)[first..]], Episodes.Of(facts, known), known));
    }

    private static JobFact Fact(int id, QueuedJob job, QueueOutcome outcome)
    {
        var ended = outcome.Fate == JobFate.Finished ? outcome.AtMicros + job.RuntimeMicros : outcome.LeftAtMicros;
        var state = outcome.Fate switch
        {
            JobFate.Finished => JobState.Completed,
            JobFate.Running => JobState.Running,
            JobFate.Left => JobState.Cancelled,
            _ => JobState.Pending,
        };
        return new("c", $"{id}", new("t"), job.SubmitMicros, null, outcome.StartMicros, ended, job.Devices, state, null, null, [], null, false, null, null);
    }
}
