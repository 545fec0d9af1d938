using Headroom.Analytics.Demand;
using Headroom.Domain.Facts;

namespace Headroom.Analytics.Tests.Demand;

[TestClass]
public sealed class DemandGroupTests
{
    [TestMethod]
    public void Of_AnySide_PartsAddUpToTheWhole()
    {
        var jobs = Enumerable.Range(0, 300).Select(i => Log.Job($"r{i}", i * 0.2, (i * 0.2) + 5, (i * 0.2) + 6 + (i % 7), 1 + (i % 9)))
            .Concat(Enumerable.Range(0, 50).Select(i => Log.Job($"w{i}", 70, null, null, 4, JobState.Pending)))
            .Concat(Enumerable.Range(0, 20).Select(i => Log.Job($"x{i}", 40, null, 45, 2, JobState.Cancelled)))
            .Select((job, i) => job with { Tenant = new($"t{i % 4}") }).ToList();
        var hours = Log.Unseen(80);
        var input = new DemandInput([.. hours], Episodes.Of(jobs, Log.At(80)), Log.At(80));
        var whole = ((DemandAnswer.Estimate)LatentDemand.Of(input)).Series.Mean;

        foreach (var side in (Func<Episode, string>[])[episode => episode.Tenant, episode => $"{episode.Devices}"])
        {
            var parts = DemandGroup.Of(input, [side], new(Log.At(0), Log.At(80))).Single();
            Assert.AreEqual(whole, parts.Sum(part => part.Latent), 1e-9 * whole);
            Assert.AreEqual(20, parts.Sum(part => part.Left));
            Assert.IsGreaterThan(0, parts.Sum(part => part.Queued));
        }
    }

    [TestMethod]
    public void Of_NoJobLog_IsEmpty() => Assert.IsEmpty(DemandGroup.Of(new([.. Log.Unseen(80)], null, Log.At(80)), [episode => episode.Tenant], new(Log.At(0), Log.At(80))).Single());

    [TestMethod]
    public void Of_TenantWhoseJobsAreShort_GetsShortOnesForThoseThatWait()
    {
        // Tenant a runs 1 hour, tenant b 10, both on one device; both wait with 50 jobs since hour 90.
        var jobs = Enumerable.Range(0, 400).SelectMany(i => (JobFact[])
            [
                Log.Job($"a{i}", i * 0.1, i * 0.1, (i * 0.1) + 1, 1) with { Tenant = new("a") },
                Log.Job($"b{i}", i * 0.1, i * 0.1, (i * 0.1) + 10, 1) with { Tenant = new("b") },
            ]).Concat(Enumerable.Range(0, 100).Select(i => Log.Job($"w{i}", 90, null, null, 1, JobState.Pending) with { Tenant = new(i < 50 ? "a" : "b") }));
        var input = new DemandInput([.. Log.Unseen(120)], Episodes.Of(jobs, Log.At(120)), Log.At(120));
        var parts = DemandGroup.Of(input, [episode => episode.Tenant], new(Log.At(90), Log.At(120))).Single().ToDictionary(part => part.Name, part => part.Latent * 30 / 50);

        Assert.AreEqual(1, parts["a"], 0.7);
        Assert.AreEqual(10, parts["b"], 3);
    }
}
