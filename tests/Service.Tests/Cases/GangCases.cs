using static Headroom.Service.Tests.Cases.Rows;

namespace Headroom.Service.Tests.Cases;

/// <summary>Gangs over a week: files in, numbers on the report out.</summary>
[TestClass]
public sealed class GangCases
{
    // Two servers of two. Monday one device is held; from noon a gang of four waits and takes all of Tuesday; then the log ends and nothing is known to be free.
    [TestMethod]
    public async Task Weekly_GangOfFourBehindOneDevice_StrandsTheOtherThree()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Installed("a0", host: "n1") + Installed("a1", host: "n1") + Installed("b0", host: "n2") + Installed("b1", host: "n2"),
            "",
            Job("1", "uni", 0, 24, 1, "ai", "a0") + $"case,2,uni,{TestCenter.At(12)},{TestCenter.At(24)},{TestCenter.At(48)},4,COMPLETED,ai,a0;a1;b0;b1\n");
        foreach (var (kind, day, hours) in ((string, string, double)[])[("weekly", TestCenter.Day, 7 * 24), ("monthly", "2026-03-01", 31 * 24)])
        {
            var report = await center.ReportAsync(kind, day);

            Assert.AreEqual(36, report.Value("queue.ai.Stranded")!.Value, 1e-9, "three free devices from noon to midnight");
            Assert.AreEqual(36.0 / 72, report.Value("stranded.ai.share")!.Value, 1e-9);
            Assert.AreEqual(0, report.Value("queue.ai.LargestGang"), "at its end");
            Assert.AreEqual(2 * 24 / hours, report.Value("gang.ai.mean")!.Value, 1e-9);
            Assert.AreEqual((24.0, 24.0, 0.0), (report.Value("gang.ai.hours.1"), report.Value("gang.ai.hours.2"), report.Value("gang.ai.hours.4")));
        }
    }
}
