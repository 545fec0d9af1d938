using FsCheck;
using FsCheck.Fluent;
using Headroom.Analytics.Demand;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>A job that was given up and submitted again under another id is one demand; a new job is not.</summary>
[TestClass]
public sealed class RetriesTests
{
    private const int Now = 200;

    [TestMethod]
    public void Of_GivenUpAndSubmittedAgain_IsOneDemandFromTheFirst()
    {
        var episode = Of(Left("1", 10, 14, 8), Log.Job("2", 20, 21, 30, 8) with { Name = "train" }).Single();

        Assert.AreEqual((Log.At(10), Log.At(21), EpisodeState.Over, 9 * Micros.PerHour), (episode.Wanted, episode.Started!.Value, episode.State, episode.Served));
        CollectionAssert.AreEqual(new Window[] { new(Log.At(10), Log.At(14)), new(Log.At(20), Log.At(21)) }, episode.InQueue.ToArray(), "between them it was not in the queue");
    }

    [TestMethod]
    public void Of_StoppedByTheCenterAndSubmittedAgain_IsOneDemand()
    {
        foreach (var state in (JobState[])[JobState.NodeFail, JobState.Preempted, JobState.Requeued])
        {
            var episode = Of(Log.Job("1", 10, 10, 12, 8, state) with { Name = "train" }, Log.Job("2", 13, 15, 20, 8) with { Name = "train" }).Single();
            Assert.AreEqual(7 * Micros.PerHour, episode.Served, state.ToString());
        }
    }

    [TestMethod]
    [DataRow("other", "t", 8, 20.0, DisplayName = "another name")]
    [DataRow(null, "t", 8, 20.0, DisplayName = "no name")]
    [DataRow("train", "u", 8, 20.0, DisplayName = "another tenant")]
    [DataRow("train", "t", 17, 20.0, DisplayName = "more than twice the devices")]
    [DataRow("train", "t", 3, 20.0, DisplayName = "less than half the devices")]
    [DataRow("train", "t", 8, 38.1, DisplayName = "more than a day later")]
    [DataRow("train", "t", 8, 13.9, DisplayName = "before the first was given up")]
    public void Of_AnotherJob_IsNew(string? name, string tenant, int devices, double submitted) =>
        Assert.HasCount(2, Of(Left("1", 10, 14, 8), Log.Job("2", submitted, submitted + 1, 60, devices) with { Name = name, Tenant = new(tenant) }));

    [TestMethod]
    [DataRow("train", "t", 16, 20.0, DisplayName = "twice the devices")]
    [DataRow("train", "t", 4, 20.0, DisplayName = "half the devices")]
    [DataRow("train", "t", 8, 38.0, DisplayName = "a day later")]
    [DataRow("train", "t", 8, 14.0, DisplayName = "at once")]
    public void Of_AtTheEdgeOfTheRule_IsTheSame(string? name, string tenant, int devices, double submitted) =>
        Assert.HasCount(1, Of(Left("1", 10, 14, 8), Log.Job("2", submitted, submitted + 1, 60, devices) with { Name = name, Tenant = new(tenant) }));

    [TestMethod]
    [DataRow(JobState.Completed)]
    [DataRow(JobState.Failed)]
    [DataRow(JobState.Timeout)]
    [DataRow(JobState.Cancelled)]
    public void Of_AfterOneThatRanAndEndedByItself_IsNew(JobState state) =>
        Assert.HasCount(2, Of(Log.Job("1", 10, 11, 12, 8, state) with { Name = "train" }, Log.Job("2", 13, 15, 20, 8) with { Name = "train" }));

    [TestMethod]
    public void Of_TenGivenUpAndElevenSubmitted_OneIsNew() => Assert.HasCount(11, Of(
    [
        .. Enumerable.Range(0, 10).Select(i => Left($"a{i}", 10, 14, 8)),
        .. Enumerable.Range(0, 11).Select(i => Log.Job($"b{i}", 20, 21, 30, 8) with { Name = "train" }),
    ]));

    [TestMethod]
    public void Of_SeveralGivenUp_TheNearestInSizeComesAgain()
    {
        var episodes = Of(Left("1", 10, 12, 4), Left("2", 10, 14, 8), Log.Job("3", 20, 21, 30, 8) with { Name = "train" });

        CollectionAssert.AreEqual(new[] { (4, EpisodeState.Left), (8, EpisodeState.Over) }, episodes.Select(episode => (episode.Devices, episode.State)).ToArray());
    }

    [TestMethod]
    public void Of_TriedAgainAndAgain_IsOneDemandHoweverLong()
    {
        var episode = Of([.. Enumerable.Range(0, 6).Select(i => Left($"{i}", 20 * i, (20 * i) + 5, 8))]).Single();

        Assert.AreEqual((EpisodeState.Left, Log.At(0), 6), (episode.State, episode.Wanted, episode.InQueue.Count()));
    }

    [TestMethod]
    public void Of_OneThatNamesItsFirst_IsNotTakenForAnother() => Assert.HasCount(
        2, Of(Left("1", 10, 14, 8), Left("2", 10, 14, 8), Log.Job("3", 20, 21, 30, 8, attemptOf: "2") with { Name = "train" }));

    [TestMethod]
    public void Of_RequeuedUnderItsId_HoldsBothItsRuns()
    {
        var episode = Of(Log.Job("1", 10, 11, 15, 8, JobState.Requeued), Log.Job("1", 15, 18, null, 8, JobState.Running)).Single();

        Assert.AreEqual((EpisodeState.Running, (4 + Now - 18) * Micros.PerHour), (episode.State, episode.Served));
    }

    [TestMethod]
    public void Of_IdThatComesBackAfterItsJobCompleted_IsNew() =>
        Assert.HasCount(2, Of(Log.Job("ns/train", 10, 11, 15, 8) with { Name = "train" }, Log.Job("ns/train", 15, 18, 20, 8) with { Name = "train" }));

    [TestMethod]
    public void Of_LogInAnyOrderAndInPartsThatOverlap_IsTheSame() => Prop.ForAll(Jobs.ListOf().ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (jobs, seed) =>
    {
        var shuffled = jobs.ToArray();
        new Random(seed).Shuffle(shuffled);
        var cut = seed % (jobs.Count + 1);
        var whole = Describe(Episodes.Of(jobs, Log.At(Now)));
        return whole.SequenceEqual(Describe(Episodes.Of(shuffled, Log.At(Now)))) && whole.SequenceEqual(Describe(Episodes.Of([.. jobs.Skip(cut / 2), .. jobs.Take(cut)], Log.At(Now))));
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Of_AnyLog_ServesWhatItServedAndJoinsOnlyWhatWasUnmet() => Prop.ForAll(Jobs.ListOf().ToArbitrary(), jobs =>
    {
        var (joined, apart) = (Episodes.Of(jobs, Log.At(Now)), Episodes.Apart(jobs, Log.At(Now)));
        var unmet = jobs.Count(job => job.Ended is not null && (job.Started is null || job.State == JobState.NodeFail));
        return joined.Sum(episode => episode.Served) == apart.Sum(episode => episode.Served)
            && apart.Length == jobs.Count && joined.Length <= apart.Length && apart.Length - joined.Length <= unmet
            && joined.Count(episode => episode.IsOver) >= jobs.Count(job => job is { Ended: not null, Started: not null, State: JobState.Completed });
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void With_EverybodyTriesTwice_DemandIsCountedOnceAndWhatItWouldHaveBeenIsSaid()
    {
        // 800 jobs of one device and 5 hours, each given up after 30 hours and submitted again an hour later: 800 x 5 / 200 = 20 devices.
        var jobs = Enumerable.Range(0, 800).SelectMany(i => (JobFact[])
            [
                Left($"a{i}", i * 0.1, (i * 0.1) + 30, 1) with { Name = $"n{i % 50}" },
                Log.Job($"b{i}", (i * 0.1) + 31, (i * 0.1) + 32, (i * 0.1) + 37, 1) with { Name = $"n{i % 50}" },
            ]).ToList();
        var input = new DemandInput([.. Log.Unseen(Now)], null, Log.At(Now)).With(jobs);
        var demand = (DemandAnswer.Estimate)LatentDemand.Of(input);
        var effect = RetryEffect.Of(input)!.Value;

        Assert.AreEqual(20, demand.Series.Mean, 1e-6);
        Assert.AreEqual(800, effect.Retries);
        Assert.AreEqual(40, effect.MeanApart!.Value, 1);
        Assert.IsEmpty(demand.Caveats, "nobody left for good");
        Assert.IsNull(RetryEffect.Of(input.With([.. jobs.Select(job => job with { Name = null })])));
        CollectionAssert.Contains(((DemandAnswer.Estimate)LatentDemand.Of(input.With([.. jobs.Select(job => job with { Name = null })]))).Caveats, DemandCaveat.LeftForGood);
    }

    [TestMethod]
    public void Of_ManyOfOneName_IsLinear()
    {
        var jobs = Enumerable.Range(0, 40_000).SelectMany(i => (JobFact[])[Left($"a{i}", i * 0.001, (i * 0.001) + 1, 1 + (i % 64)), Log.Job($"b{i}", 50 + (i * 0.001), 60 + (i * 0.001), 70 + (i * 0.001), 1 + (i % 64)) with { Name = "train" }]).ToArray();

        Assert.HasCount(40_000, Episodes.Of(jobs, Log.At(Now)).Where(episode => episode.Started is not null));
    }

    private static Episode[] Of(params JobFact[] jobs) => [.. Episodes.Of(jobs, Log.At(Now))];

    private static JobFact Left(string id, double submitted, double left, int devices) => Log.Job(id, submitted, null, left, devices, JobState.Cancelled) with { Name = "train" };

    private static IEnumerable<string> Describe(IEnumerable<Episode> episodes) =>
        episodes.Select(episode => $"{episode.Wanted} {episode.Devices} {episode.Started} {episode.Served} {episode.State} {episode.Tenant} {string.Join(';', episode.InQueue)}");

    /// <summary>Few names and tenants, so that many fit each other.</summary>
    private static Gen<JobFact> Jobs =>
        from id in Gen.Choose(0, int.MaxValue)
        from submitted in Gen.Choose(0, 90)
        from wait in Gen.Choose(0, 20)
        from run in Gen.Choose(1, 20)
        from devices in Gen.Choose(1, 6)
        from end in Gen.Choose(0, 3)
        from name in Gen.Elements("a", "b", null)
        from tenant in Gen.Elements("t", "u")
        select Log.Job($"{id}", submitted, end == 0 ? null : submitted + wait, end == 0 ? submitted + wait : submitted + wait + run, devices, end switch { 0 => JobState.Cancelled, 1 => JobState.NodeFail, _ => JobState.Completed }) with
        {
            Name = name,
            Tenant = new(tenant),
        };
}
