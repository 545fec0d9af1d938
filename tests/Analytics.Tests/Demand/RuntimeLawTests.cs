using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

[TestClass]
public sealed class RuntimeLawTests
{
    private static readonly long Now = Log.At(40 * 24);

    private static Episode Finished(double start, double hours, int devices = 1) =>
        new(Log.At(start), devices, Log.At(start), (long)(hours * Micros.PerHour), EpisodeState.Over, null, Log.At(start + hours));

    private static RuntimeOf Fit(IReadOnlyList<Episode> episodes, Episode asked) => RuntimeLaws.Of(episodes, [], Now).Of(asked);

    [TestMethod]
    public void Survival_ExponentialRuntimes_IsExponential()
    {
        var random = new SplitMix(3);
        var law = Fit([.. Enumerable.Range(0, 20_000).Select(i => Finished(i * 0.04, 2 * random.Exponential()))], Finished(0, 0));
        foreach (var hours in (double[])[0.5, 2, 6])
        {
            Assert.AreEqual(Math.Exp(-hours / 2), law.Survival(0, (long)(hours * Micros.PerHour)), 0.015);
            Assert.AreEqual(Math.Exp(-hours / 2), law.Survival(3 * Micros.PerHour, (long)((3 + hours) * Micros.PerHour)), 0.03);
        }
    }

    [TestMethod]
    public void Survival_RunningJobsAreCensored_NotShort()
    {
        // Every job runs 100 hours; those that started in the last 100 hours have only run for a part of it.
        Episode[] episodes =
        [
            .. Enumerable.Range(0, 860).Select(hour => Finished(hour, 100)),
            .. Enumerable.Range(861, 99).Select(hour => new Episode(Log.At(hour), 1, Log.At(hour), Log.At(960) - Log.At(hour), EpisodeState.Running, null, Now)),
        ];
        var law = Fit(episodes, episodes[0]);

        Assert.IsGreaterThan(0.95, law.Survival(0, 90 * Micros.PerHour));
        Assert.IsLessThan(0.05, law.Survival(0, 110 * Micros.PerHour));
    }

    [TestMethod]
    public void Draw_ManyTimes_FollowsSurvival()
    {
        var random = new SplitMix(4);
        var law = Fit([.. Enumerable.Range(0, 5_000).Select(i => Finished(i * 0.15, random.Exponential()))], Finished(0, 0));
        var beyond = Enumerable.Range(0, 20_000).Count(_ => law.Draw(0, random.Exponential()) > Micros.PerHour) / 20_000.0;

        Assert.AreEqual(law.Survival(0, Micros.PerHour), beyond, 0.015);
    }

    [TestMethod]
    public void Of_SizeThatNobodyRan_UsesAll()
    {
        var law = Fit([.. Enumerable.Range(0, 500).Select(i => Finished(i, 3))], Finished(0, 0, devices: 64));

        Assert.IsGreaterThan(0.95, law.Survival(0, 2 * Micros.PerHour));
        Assert.IsLessThan(0.01, law.Survival(0, 4 * Micros.PerHour));
    }

    [TestMethod]
    [DataRow(0.0, 0, DisplayName = "nothing")]
    [DataRow(0.99, 0, DisplayName = "under one")]
    [DataRow(1.0, 1, DisplayName = "one")]
    [DataRow(1.05, 2, DisplayName = "an edge belongs to what it begins")]
    public void Bins_Age_FallsBetweenItsEdges(double age, int expected) => Assert.AreEqual(expected, RuntimeBins.Of(age));
}
