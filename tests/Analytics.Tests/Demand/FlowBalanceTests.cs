using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Queueing;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Demand from counts of who is served and who waits, with a sample of runtimes.</summary>
[TestClass]
public sealed class FlowBalanceTests
{
    private const int Hours = 3_000;
    private const double MeanHours = 5;

    [TestMethod]
    [DataRow(40, 0.95, DisplayName = "M/M/40 at 95 %")]
    [DataRow(10, 0.90, DisplayName = "M/M/10 at 90 %")]
    public void Of_PoissonAndExponential_IsTheOfferedLoad(int servers, double load)
    {
        // M/M/c (Erlang): the mean of D = U + Q - f * Q is that of U, lambda / mu.
        var (hours, sample) = Queue(servers, _ => load, 11);
        var answer = (DemandAnswer.Estimate)Of(hours, sample);

        Assert.AreEqual(DemandMethod.FlowBalance, answer.Method);
        Assert.AreEqual(servers * load, answer.Series.Mean, 0.04 * servers * load);
        Assert.AreEqual(hours.Average(hour => hour.Allocated), answer.Series.Mean, 0.02 * servers);
        CollectionAssert.Contains(answer.Caveats, DemandCaveat.NobodyLeaves);
        CollectionAssert.DoesNotContain(answer.Caveats, DemandCaveat.QueueBeforeWindow);
    }

    [TestMethod]
    public void Of_TwoWeeksOfTooMuch_AreSeenWhereTheyWereAsked()
    {
        // 40 devices, asked for 24, then 52 for two weeks, then 24 again.
        var (hours, sample) = Queue(40, hour => hour is >= 1_000 and < 1_336 ? 1.3 : 0.6, 5);
        var answer = (DemandAnswer.Estimate)Of(hours, sample);

        double Between(int from, int until) => answer.Series.Observed.Where(hour => hour.Start >= Log.At(from) && hour.Start < Log.At(until)).Average(hour => hour.Mean);
        Assert.AreEqual(52, Between(1_040, 1_300), 4);
        Assert.AreEqual(24, Between(1_400, 1_700), 3);
    }

    [TestMethod]
    public void Of_QueueThatFallsFasterThanAnybodyCanStart_IsRefused()
    {
        var (hours, sample) = Queue(40, _ => 0.97, 3);
        var noise = new SplitMix(2);

        Assert.AreEqual(DemandReason.LittlesLaw, Because(Of([.. hours.Select(hour => hour with { Queued = 200 * noise.Share() })], sample)));
    }

    [TestMethod]
    public void Of_QueueThatStandsStill_IsRefused()
    {
        var (hours, sample) = Queue(40, _ => 0.97, 3);

        Assert.AreEqual(DemandReason.LittlesLaw, Because(Of([.. hours.Select(hour => hour with { Queued = 64 })], sample)));
    }

    [TestMethod]
    [DataRow(1, DisplayName = "as counted")]
    [DataRow(3, DisplayName = "counted three times")]
    [DataRow(0.3, DisplayName = "a third is counted")]
    public void Of_SampleWithWaits_HoldsTheCountToThem(double factor)
    {
        var (hours, sample) = Queue(40, hour => hour % 600 < 300 ? 1.2 : 0.5, 9);
        var answer = Of([.. hours.Select(hour => hour with { Queued = factor * hour.Queued })], sample, waits: true);

        Assert.AreEqual(factor == 1 ? DemandAnswerKind.Estimate : DemandAnswerKind.Refused, answer.Kind);
    }

    [TestMethod]
    public void Of_NoSampleOrAlmostNone_IsALowerBound()
    {
        var (hours, sample) = Queue(40, _ => 0.97, 3);

        Assert.AreEqual(DemandReason.QueueWithoutJobs, ((DemandAnswer.LowerBound)Of(hours, [])).Because);
        Assert.AreEqual(DemandReason.RuntimesUnknown, ((DemandAnswer.LowerBound)Of(hours, sample[..5])).Because);
    }

    [TestMethod]
    public void Of_QueueBeforeTheFirstHour_IsSaid()
    {
        var (hours, sample) = Queue(40, hour => hour is >= 200 and < 500 ? 1.3 : 0.6, 9);

        CollectionAssert.Contains(((DemandAnswer.Estimate)Of([.. hours.Where(hour => hour.Start >= Log.At(450))], sample)).Caveats, DemandCaveat.QueueBeforeWindow);
    }

    [TestMethod]
    public void Of_LogOfAFewJobsBesideTheCounts_IsASample()
    {
        var (hours, _) = Queue(40, hour => hour % 600 < 300 ? 1.2 : 0.6, 9);
        var jobs = Enumerable.Range(0, 400).Select(i => Log.Job($"{i}", i, i + 1, i + 1 + (-MeanHours * Math.Log((i + 0.5) / 400)), 1));
        var now = hours[^1].Start + Micros.PerHour;
        var answer = LatentDemand.Of(new(hours, Episodes.Of(jobs, now), now));

        // Its waits are of another queue: without them it would be an estimate.
        Assert.AreEqual(DemandReason.LittlesLaw, Because(answer));
        Assert.IsInstanceOfType<DemandAnswer.LowerBound>(LatentDemand.Of(new([.. hours.Select(hour => hour with { Queued = null })], Episodes.Of(jobs, now), now)));
    }

    [TestMethod]
    public void Of_WholeLogAndACountThatContradictsIt_IsRefused()
    {
        var jobs = Enumerable.Range(0, 300).Select(i => Log.Job($"{i}", i, i + 1, i + 5, 4)).ToList();
        var hours = Log.Hours(300, hour => (100, hour == 0 ? 0 : Math.Min(hour, 4) * 4, 4));

        Assert.IsInstanceOfType<DemandAnswer.Estimate>(Log.Demand(jobs, hours));
        Assert.AreEqual(DemandReason.LittlesLaw, Because(Log.Demand(jobs, [.. hours.Select(hour => hour with { Queued = 40 })])));
    }

    [TestMethod]
    public void Of_QueueThatIsAlwaysThereAndStaysAsItIs_IsALowerBound()
    {
        // Full and a queue of about 60: as it is where twice as much is wanted and half of it leaves.
        var (noise, (_, sample)) = (new SplitMix(3), Queue(40, _ => 0.9, 3));
        var hours = Log.Hours(1_000, hour => (40, 40, 60 + (10 * Math.Sin(hour / 20.0)) + noise.Share()));

        Assert.AreEqual(DemandReason.QueueNeverClears, ((DemandAnswer.LowerBound)Of([.. hours], sample)).Because);
    }

    [TestMethod]
    public void Of_GapsOfAFewHours_AreBridged()
    {
        var (hours, sample) = Queue(40, _ => 0.95, 11);
        var whole = ((DemandAnswer.Estimate)Of(hours, sample)).Series.Mean;
        var gappy = Of([.. hours.Where((_, i) => i % 50 != 7).Select((hour, i) => i % 60 == 3 ? hour with { Queued = null } : hour)], sample);

        Assert.AreEqual(whole, ((DemandAnswer.Estimate)gappy).Series.Mean, 0.01 * whole);
    }

    private static DemandReason Because(DemandAnswer answer) => ((DemandAnswer.Refused)answer).Because;

    private static DemandAnswer Of(ImmutableArray<ObservedHour> hours, ImmutableArray<(long Wait, long Runtime)> sample, bool waits = false) =>
        LatentDemand.Of(new(hours, null, hours[^1].Start + Micros.PerHour)
        {
            Runtimes = [.. sample.Select(job => new FinishedRuntime(1, job.Runtime) { Waited = waits ? job.Wait : null })],
        });

    /// <summary>Jobs of one device, exponential with mean 5 hours, first come, first served; a week of warming up is cut off, and the queue is empty then.</summary>
    /// <param name="load">Offered share of the servers by hour.</param>
    private static (ImmutableArray<ObservedHour> Hours, ImmutableArray<(long Wait, long Runtime)> Sample) Queue(int servers, Func<int, double> load, ulong seed)
    {
        var (random, jobs, now) = (new SplitMix(seed), new List<QueuedJob>(), 0.0);
        while (now < Hours)
        {
            now += random.Exponential() * MeanHours / (servers * load((int)now));
            jobs.Add(new((long)(now * Micros.PerHour), 1 + (long)(MeanHours * random.Exponential() * Micros.PerHour), 1));
        }

        var outcomes = QueueingEngine.Run([.. jobs], CapacityPath.Constant(servers), Hours * Micros.PerHour);
        var (served, queued) = (new double[Hours], new double[Hours]);
        foreach (var (job, outcome) in jobs.Zip(outcomes).Where(pair => pair.Second.Fate != JobFate.NotSubmitted))
        {
            Add(queued, job.SubmitMicros, outcome.AtMicros);
            if (outcome.StartMicros is { } start)
            {
                Add(served, start, start + job.RuntimeMicros);
            }
        }

        var first = Enumerable.Range(100, Hours).First(hour => queued[hour] == 0);
        return (
            [.. Enumerable.Range(first, Hours - first).Select(hour => new ObservedHour(Log.At(hour), servers, served[hour], queued[hour]))],
            [.. jobs.Zip(outcomes).Where(pair => pair.Second.Fate == JobFate.Finished && pair.Second.AtMicros > first * Micros.PerHour).Select(pair => (pair.Second.AtMicros - pair.First.SubmitMicros, pair.First.RuntimeMicros))]);
    }

    private static void Add(double[] hours, long from, long until)
    {
        for (var hour = (int)(from / Micros.PerHour); hour < hours.Length && hour * Micros.PerHour < until; hour++)
        {
            hours[hour] += (double)(Math.Min(until, (hour + 1) * Micros.PerHour) - Math.Max(from, hour * Micros.PerHour)) / Micros.PerHour;
        }
    }
}
