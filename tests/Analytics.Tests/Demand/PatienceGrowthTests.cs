using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Patience that grows with the runtime, on laws that are known.</summary>
[TestClass]
public sealed class PatienceGrowthTests
{
    private const int Jobs = 20_000;
    private const int Days = 60;

    [TestMethod]
    [DataRow(0.5, DisplayName = "as the root of the runtime")]
    [DataRow(1.0, DisplayName = "in proportion to the runtime")]
    public void Of_InOrder_WhoLeftAtAWaitIsTheDerivativeOfThoseThatStay(double growth)
    {
        // E[R | P = w] = d(G m)/dG with G(w) = P(P > w) and m(w) = E[R | P > w]: whatever the joint law of R and P, once waits do not depend on R.
        var law = Waits.Of(Queue(growth, inOrder: true, seed: 3));
        var patience = Patience.InOrder(law, growth);
        var (from, until) = (Waits.BinOf(4 * Micros.PerHour), Waits.BinOf(6 * Micros.PerHour));
        var (sum, all) = (0.0, 0.0);
        for (var bin = from; bin < until; bin++)
        {
            for (var grade = 0; grade < RuntimeGrades.Count; grade++)
            {
                sum += patience.Left(bin, grade) * RuntimeGrades.Log(grade);
                all += patience.Left(bin, grade);
            }
        }

        // The same from the true law: log runtimes of those whose patience is between 4 and 6 hours.
        var truth = Enumerable.Range(0, 400_000).Select(_ => Asked(growth, new SplitMix((ulong)_ + 77))).Where(job => job.Patience is > 4 and < 6).Average(job => Math.Log(3_600 * job.Runtime));
        var stayed = law.Grades.Index().Sum(grade => grade.Item * RuntimeGrades.Log(grade.Index)) / law.Grades.Sum();
        Assert.AreEqual(truth, sum / all, 0.15);
        Assert.IsGreaterThan(truth + 0.3, stayed, "those that started ran longer, or there is nothing to tell");
    }

    [TestMethod]
    public void Of_InOrderWithoutGrowth_FindsNone()
    {
        var episodes = Queue(0, inOrder: true, seed: 5);
        var waits = Waits.Of(episodes);

        Assert.IsTrue(StartOrder.IsKept(episodes));
        Assert.IsNull(PatienceGrowth.Of(episodes, waits));
    }

    [TestMethod]
    public void Of_ShortJobsFirst_IsToldByTenantsWhoseJobsRunLong()
    {
        var episodes = Queue(0.5, inOrder: false, seed: 7, tenants: 24);
        var found = PatienceGrowth.Of(episodes, Waits.Of(episodes));

        Assert.IsFalse(StartOrder.IsKept(episodes));
        Assert.IsNotNull(found);
        Assert.IsLessThan(0.6, found.Factors[RuntimeGrades.Of(16 * Micros.PerHour)] / found.Factors[RuntimeGrades.Of(Micros.PerHour)]);
        Assert.IsNull(PatienceGrowth.Of(Queue(0, inOrder: false, seed: 8, tenants: 24), Waits.Of(Queue(0, inOrder: false, seed: 8, tenants: 24))), "served by runtime alone is not patience");
    }

    [TestMethod]
    public void Of_RequestedTimesKnown_NeedsNoGrowth()
    {
        var episodes = Queue(0.5, inOrder: true, seed: 5).Select(episode => episode with { Requested = 1 }).ToList();

        Assert.IsNull(PatienceGrowth.Of(episodes, Waits.Of(episodes)));
    }

    [TestMethod]
    public void Of_FewOrNone_SaysNothing()
    {
        Assert.IsNull(PatienceGrowth.Of([], Waits.Of([])));
        var few = Queue(1, inOrder: true, seed: 5).Take(40).ToList();
        Assert.IsNull(PatienceGrowth.Of(few, Waits.Of(few)));
    }

    [TestMethod]
    public void Anyhow_NoGrowth_IsTheEstimateOfKaplanAndMeier()
    {
        var waits = Waits.Of(Queue(0, inOrder: true, seed: 9));
        var (stay, _) = waits.KaplanMeier();

        for (var hours = 1; hours < 12; hours += 2)
        {
            var bin = Waits.BinOf(hours * Micros.PerHour);
            Assert.AreEqual(stay[bin], Math.Exp(-Patience.Anyhow(waits, 0).Met((long)(RuntimeBins.Low(bin) * Micros.PerSecond))), 0.01);
            Assert.AreEqual(stay[bin], Math.Exp(-hours / 10.0), 0.03, "patience of ten hours on average");
        }
    }

    [TestMethod]
    public void IsKept_OneOfFiftyPassed_IsStillInOrder()
    {
        Episode Job(int i, int wait) => new(i * Micros.PerHour, 1, (i + wait) * Micros.PerHour, Micros.PerHour, EpisodeState.Over, null, (i + wait + 1) * Micros.PerHour);

        Assert.IsTrue(StartOrder.IsKept([.. Enumerable.Range(0, 200).Select(i => Job(i, i % 100 == 50 ? 2 : 5))]));
        Assert.IsFalse(StartOrder.IsKept([.. Enumerable.Range(0, 200).Select(i => Job(i, i % 10 == 5 ? 2 : 5))]));
        Assert.IsFalse(StartOrder.IsKept([.. Enumerable.Range(0, 200).Select(i => Job(i, 0))]), "nobody waits: nothing is known");
    }

    /// <summary>Log-normal runtimes of 4 hours in the median; exponential patience of 10 hours at 4 hours, times the power of the runtime.</summary>
    private static (double Runtime, double Patience) Asked(double growth, SplitMix random, double median = 4)
    {
        var runtime = median * Math.Exp(1.2 * random.Normal());
        return (runtime, 10 * Math.Pow((runtime + (1 / 6.0)) / (4 + (1 / 6.0)), growth) * random.Exponential());
    }

    /// <summary>Jobs that would have to wait up to 16 hours: in order by the time, else the longer the longer they run.</summary>
    private static List<Episode> Queue(double growth, bool inOrder, ulong seed, int tenants = 1)
    {
        var (random, episodes) = (new SplitMix(seed), new List<Episode>());
        for (var i = 0; i < Jobs; i++)
        {
            var tenant = random.Below(tenants);
            var (runtime, patience) = Asked(growth, random, tenants == 1 ? 4 : 4 * Math.Pow(4, (2.0 * tenant / (tenants - 1)) - 1));
            var hour = (double)i / Jobs * Days * 24;
            var offered = inOrder ? 8 * (1 + Math.Sin(hour / 40)) : 16 * Math.Min(1, runtime / 8) * random.Share();
            var wanted = (long)(hour * Micros.PerHour);
            var until = wanted + (long)(Math.Min(offered, patience) * Micros.PerHour);
            episodes.Add(offered < patience
                ? new Episode(wanted, 1, until, (long)(runtime * Micros.PerHour), EpisodeState.Over, null, until + (long)(runtime * Micros.PerHour)) { Tenant = $"t{tenant}" }
                : new Episode(wanted, 1, null, 0, EpisodeState.Left, null, until) { Tenant = $"t{tenant}" });
        }

        return episodes;
    }
}
