using System.Text.Json;
using Headroom.Reports.Audits;
using Headroom.Service.Tests.Cases;
using static Headroom.Service.Tests.Cases.Rows;

namespace Headroom.Service.Tests.Explaining;

[TestClass]
public sealed class AuditTests
{
    // Ten days of one card: nine at 95 %, one at 60 %. The mean is 91.5 %.
    [TestMethod]
    public async Task Audit_OneBadDayInTen_HoldsAsAMeanAndNotOnEveryDay()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"), string.Concat(Enumerable.Range(0, 10).Select(i => Gauge("card", i * 24, (i + 1) * 24, i == 4 ? 60 : 95, 900))), Job("1", "uni", 0, 240, 1, "ai", "card"));
        var tests = await AuditAsync(center, "U>=0.90", "2026-03-02", "2026-03-11");

        Assert.AreEqual("holds", tests[("U3@1", "period")].Verdict);
        Assert.AreEqual(0.915, tests[("U3@1", "period")].Value!.Value, 1e-12);
        Assert.AreEqual("holds", tests[("U3@1", "mean_of_days")].Verdict);
        Assert.AreEqual("holds", tests[("U3@1", "mean_of_hours")].Verdict);
        Assert.AreEqual("does_not_hold", tests[("U3@1", "every_day")].Verdict);
        Assert.AreEqual(0.6, tests[("U3@1", "every_day")].Value!.Value, 1e-12);
        Assert.AreEqual("holds", tests[("U3@1", "peak")].Verdict);
        Assert.AreEqual("holds", tests[("U1s@1", "every_day")].Verdict);
        Assert.AreEqual("cannot_be_told", tests[("U1c@1", "period")].Verdict);
        Assert.AreEqual("does_not_hold", (await AuditAsync(center, "U3>=92%", "2026-03-02", "2026-03-11"))[("U3@1", "mean_of_days")].Verdict);
    }

    // Known half of the time at 95 %: the whole may be anything from 47.5 % to 97.5 %.
    [TestMethod]
    public async Task Audit_HalfUnknown_CannotBeTold()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"), Gauge("card", 0, 12, 95, 900));
        var tests = await AuditAsync(center, "U3>=0.90", TestCenter.Day, TestCenter.Day);

        Assert.AreEqual("cannot_be_told", tests[("U3@1", "period")].Verdict);
        Assert.AreEqual("does_not_hold", (await AuditAsync(center, "U3>=0.98", TestCenter.Day, TestCenter.Day))[("U3@1", "period")].Verdict);
        Assert.AreEqual("cannot_be_told", (await AuditAsync(center, "U1s>=0.5", TestCenter.Day, TestCenter.Day))[("U1s@1", "period")].Verdict);
    }

    [TestMethod]
    [DataRow("U>=0.90", null, true, false, 0.9)]
    [DataRow("U3 > 90%", "U3", true, true, 0.9)]
    [DataRow("U1s<=0.5", "U1s", false, false, 0.5)]
    public void Parse_Condition_IsRead(string text, string? metric, bool atLeast, bool strict, double threshold) =>
        Assert.AreEqual(new ClaimTerm(metric, atLeast, strict, threshold), ClaimTerm.Parse(text));

    [TestMethod]
    [DataRow("U5>=0.9")]
    [DataRow("U=0.9")]
    [DataRow("U>=1.2")]
    [DataRow("saturated")]
    public void Parse_NoCondition_IsNull(string text) => Assert.IsNull(ClaimTerm.Parse(text));

    [TestMethod]
    public async Task Audit_WithoutDays_IsAUsageError()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"));
        Assert.AreEqual(2, (await center.RunAsync("audit", "--center", "case", "--claim", "U>=0.9")).Code);
        Assert.AreEqual(2, (await center.RunAsync("audit", "--center", "case", "--claim", "busy", "--from", "2026-03-02", "--to", "2026-03-03")).Code);
    }

    private static async Task<Dictionary<(string Metric, string Reading), (string Verdict, double? Value)>> AuditAsync(TestCenter center, string claim, string from, string to)
    {
        // Card-hours are kept from the first report on.
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", from, "--out", center.Folder, "--format", "json");
        var (code, output, errors) = await center.RunAsync("audit", "--center", "case", "--claim", claim, "--from", from, "--to", to, "--json");
        Assert.AreEqual(0, code, errors);
        return JsonDocument.Parse(output).RootElement[0].GetProperty("pools")[0].GetProperty("tests").EnumerateArray().ToDictionary(
            test => (test.GetProperty("metric").GetString()!, test.GetProperty("reading").GetString()!),
            test => (test.GetProperty("verdict").GetString()!, test.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : (double?)null));
    }
}
