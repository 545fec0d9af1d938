using System.Text.Json;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed class NetworkDemandTests
{
    private const string Header = "request_id,center,tenant,pool,cards,submitted,wanted_from,wanted_to,state,decided,reason,probability,applicant_id\n";

    // r1 is one request at both; 64 cards from 1 July may be one or two; 8 cards are of the first center alone.
    [TestMethod]
    public async Task Demand_RequestsFiledAtTwoCenters_CountOnceOrAreBounded()
    {
        using var network = await NetworkAsync();
        var file = Path.Combine(network.Folder, "network.csv");

        var told = await network.SucceedAsync("demand", "--network", "--out", file, "--lang", "zh-CN");

        Assert.AreEqual(
            "precision,part,low,high\nfp16,served,0,0\nfp16,queued,104,168\nfp16,reserved,0,0\nfp16,rejected,0,0\nfp16,total,104,168\n", await File.ReadAllTextAsync(file));
        using var answer = JsonDocument.Parse(await File.ReadAllTextAsync(file + ".json"));
        CollectionAssert.AreEqual(new[] { true, false }, answer.RootElement.GetProperty("filed_twice").EnumerateArray().Select(set => set.GetProperty("certain").GetBoolean()).ToArray());
        Assert.Contains("FP16  排队：104 至 168", told, StringComparison.Ordinal);
        Assert.Contains("疑似同一需求在多个中心申报：64 张卡，case r2, other q2", told, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Quality_RequestFiledElsewhereToo_IsListed()
    {
        using var network = await NetworkAsync();
        var told = await network.SucceedAsync("report", "quality", "--center", "other", "--lang", "en");
        Assert.Contains("One request filed at several centers: 32 cards, case r1, other r1; counted at case", told, StringComparison.Ordinal);
        Assert.Contains("Likely one request filed at several centers: 64 cards, case r2, other q2", told, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Demand_NetworkBesideACenter_IsAUsageError()
    {
        using var center = new TestCenter();
        Assert.AreEqual(2, (await center.RunAsync("demand", "--network", "--center", "case", "--out", Path.Combine(center.Folder, "x.csv"))).Code);
    }

    private static async Task<TestCenter> NetworkAsync()
    {
        var network = new TestCenter(now: "2026-07-15T00:00:00Z");
        await network.SucceedAsync("center", "add", Path.Combine(network.Folder, "center.yaml"));
        var other = (await File.ReadAllTextAsync(Path.Combine(network.Folder, "center.yaml"))).Replace("center: case", "center: other", StringComparison.Ordinal);
        await network.SucceedAsync("center", "add", network.Write("other.yaml", other));
        const string first = "r1,case,lab,ai,32,2026-06-01T00:00:00Z,2026-07-01T00:00:00Z,,PENDING,,,,\nr2,case,lab,ai,64,2026-06-01T00:00:00Z,2026-07-01T00:00:00Z,2026-09-01T00:00:00Z,PENDING,,,,91420100\nr3,case,lab,ai,8,2026-06-01T00:00:00Z,2026-07-01T00:00:00Z,,PENDING,,,,\n";
        const string second = "r1,other,lab,ai,32,2026-06-03T00:00:00Z,2026-07-01T00:00:00Z,,PENDING,,,,\nq2,other,Lab Ltd,ai,64,2026-06-09T00:00:00Z,2026-07-01T00:00:00Z,2026-09-01T00:00:00Z,PENDING,,,,91420100\n";
        await network.SucceedAsync("ingest", "requests", network.Write("case.csv", Header + first), "--center", "case");
        await network.SucceedAsync("ingest", "requests", network.Write("other.csv", Header + second), "--center", "other");
        return network;
    }
}
