using System.Text.Json;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Ingest.Catalogs;
using Headroom.Ingest.Centers;

namespace Headroom.Ingest.Tests.Centers;

[TestClass]
public sealed class CenterFileTests
{
    private const string Small = """
        center: small
        name: {en: Small, zh: 小}
        zone: Asia/Shanghai
        pools:
          - {id: ai, name: {en: AI, zh: 智}, precision: fp16, devices: 4, devices_source: {assumed: true}}
        """;

    [TestMethod]
    public void Load_Wuhan_HoldsThePublishedFacts()
    {
        var center = CenterFile.Load(Places.Data("centers", "wuhan.yaml"));
        Assert.AreEqual("武汉人工智能计算中心", center.Name.Zh);
        Assert.AreEqual(100d, center.Find(new("ai"))!.Nameplate);
        Assert.IsFalse(center.Find(new("ai"))!.NameplateProvenance.Assumed);
        Assert.IsTrue(center.Find(new("ai"))!.DevicesProvenance.Assumed);
        Assert.AreEqual(4d, center.Find(new("hpc"))!.Nameplate);
        Assert.AreEqual(Precision.Fp64, center.PrecisionOf(new("hpc")));
        Assert.IsFalse(center.Find(new("hpc"))!.HasGauge);
        var claim = center.Claims.Single(c => c.Metric is not null);
        Assert.AreEqual(("U>=0.90", new DateOnly(2021, 12, 18), new DateOnly(2021, 12, 18)), (claim.Metric!, claim.Date, claim.To!.Value));
        Assert.HasCount(4, center.Platforms);
        Assert.IsGreaterThanOrEqualTo(8, center.Tenants.Length);
    }

    [TestMethod]
    [DataRow("wuhan.yaml")]
    [DataRow("qingdao.yaml")]
    public void Load_Shipped_SectorsHaveNamesInBothLanguagesAndGridFactorsAreAssumed(string file)
    {
        var center = CenterFile.Load(Places.Data("centers", file));
        foreach (var sector in center.Tenants.Select(tenant => tenant.Sector))
        {
            Assert.AreNotEqual(sector, center.NameOfSector(sector).Zh);
        }

        Assert.IsTrue(center.Tenants.SelectMany(tenant => tenant.Platforms).All(platform => center.NameOfPlatform(platform).Zh != platform));
        Assert.IsNotEmpty(center.GridFactors);
        Assert.IsTrue(center.GridFactors.All(factor => factor.Provenance.Assumed));
    }

    [TestMethod]
    public void Parse_SectorThatIsNotListed_IsAProblem()
    {
        const string tenants = "\nsectors: [{en: education, zh: 教育}]\ntenants:\n  - {id: t, name: {en: T, zh: 租}, sector: eductaion, platforms: []}\n";

        Assert.IsTrue(Problems(Small + tenants).Any(problem => problem.Arguments.Contains("eductaion") && problem.Arguments.Contains("education")));
        Assert.AreEqual("教育", CenterFile.Parse(Small + tenants.Replace("eductaion", "education", StringComparison.Ordinal), "small.yaml").NameOfSector("education").Zh);
    }

    [TestMethod]
    public void Load_Wuhan_CatalogSumsAre102Point4And4Point004P()
    {
        var center = CenterFile.Load(Places.Data("centers", "wuhan.yaml"));
        var catalog = CardCatalogFile.Load(Places.Data("card-models.csv"));
        var sums = center.Pools.Select(pool => catalog.Find(pool.Model)!.RatingMflops(pool.Precision)!.Value * (long)pool.Devices!.Value).ToArray();
        CollectionAssert.AreEqual(new[] { 102_400_000_000L, 4_003_840_000L }, sums);
    }

    [TestMethod]
    public void Load_Qingdao_HasNoNameplateAndNoModel()
    {
        var center = CenterFile.Load(Places.Data("centers", "qingdao.yaml"));
        Assert.IsTrue(center.Pools.All(pool => pool.Nameplate is null && pool.Model is null));
        Assert.IsTrue(center.Phases.All(phase => phase.Capacity.All(capacity => capacity.Petaflops is null)));
        Assert.AreEqual(PhaseStatus.Committed, center.Phases.Single().Status);
        Assert.IsTrue(center.Claims.Any(claim => claim.Text.Zh.Contains("3.9亿元", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Parse_UnknownKey_NamesPlaceNearestAndAllowed()
    {
        var problem = Problems(Small.Replace("devices: 4", "device: 4", StringComparison.Ordinal)).Single(p => p.Code == MessageCode.CenterFileKey);
        Assert.AreEqual("c.yaml:5:54", problem.Place);
        Assert.AreEqual("device", problem.Arguments[0]);
        Assert.AreEqual("devices", problem.Arguments[1]);
        Assert.AreEqual(string.Join(", ", CenterFileKeys.Pool), problem.Arguments[2]);
    }

    [TestMethod]
    public void Parse_ManyProblems_AreAllTold()
    {
        var problems = Problems(Small
            .Replace("fp16", "bf32", StringComparison.Ordinal)
            .Replace("Asia/Shanghai", "Asia/Wuhan", StringComparison.Ordinal)
            .Replace("zh: 小", "cn: 小", StringComparison.Ordinal)
            + "\nopened: 2021-13-01\nspeed: 1\n");
        CollectionAssert.AreEquivalent(
            new[]
            {
                (MessageCode.CenterFileValue, "c.yaml:3:7"), (MessageCode.CenterFileValue, "c.yaml:5:48"), (MessageCode.CenterFileKey, "c.yaml:2:19"),
                (MessageCode.CenterFileValue, "c.yaml:2:7"), (MessageCode.CenterFileValue, "c.yaml:6:9"), (MessageCode.CenterFileKey, "c.yaml:7:1"),
            },
            problems.Select(p => (p.Code, p.Place)).ToArray());
    }

    [TestMethod]
    [DataRow("center: [", DisplayName = "open bracket")]
    [DataRow("a: 1\na: 2", DisplayName = "key twice")]
    [DataRow("", DisplayName = "empty")]
    [DataRow("a: 1\n---\nb: 2", DisplayName = "two documents")]
    [DataRow("a: &x [*x]", DisplayName = "alias of itself")]
    [DataRow("\t- x", DisplayName = "tab")]
    public void Parse_NotACenter_IsAUserException(string text) =>
        Assert.IsNotEmpty(Problems(text));

    [TestMethod]
    public void Parse_NestedDeep_IsASyntaxProblem() =>
        Assert.AreEqual(MessageCode.CenterFileSyntax, Problems(new string('[', 200_000)).Single().Code);

    [TestMethod]
    public void Load_NoFile_IsFileMissing() =>
        Assert.AreEqual(MessageCode.FileMissing, Assert.ThrowsExactly<UserException>(() => CenterFile.Load("no-such-file.yaml")).Messages.Single().Code);

    [TestMethod]
    public void Parse_RandomText_NeverThrowsAnythingElse()
    {
        var random = new Random(7);
        for (var run = 0; run < 300; run++)
        {
            var text = Small.ToCharArray();
            for (var hit = 0; hit < 3; hit++)
            {
                text[random.Next(text.Length)] = ":{}[]-'\"\n\t#&*!x0"[random.Next(16)];
            }

            try
            {
                CenterFile.Parse(new string(text), "c.yaml");
            }
            catch (UserException problem)
            {
                Assert.IsNotEmpty(problem.Messages);
            }
        }
    }

    [TestMethod]
    public void Schema_EveryMap_HasTheKeysOfTheReader()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Places.Data("centers", "center.schema.json")));
        var definitions = schema.RootElement.GetProperty("$defs");
        CollectionAssert.AreEquivalent(CenterFileKeys.All.Select(map => map.Definition).ToArray(), definitions.EnumerateObject().Select(d => d.Name).ToArray());
        foreach (var (definition, keys) in CenterFileKeys.All)
        {
            CollectionAssert.AreEquivalent(keys.ToArray(), definitions.GetProperty(definition).GetProperty("properties").EnumerateObject().Select(p => p.Name).ToArray(), definition);
            Assert.IsFalse(definitions.GetProperty(definition).GetProperty("additionalProperties").GetBoolean(), definition);
        }
    }

    private static UserMessage[] Problems(string text) =>
        [.. Assert.ThrowsExactly<UserException>(() => CenterFile.Parse(text, "c.yaml")).Messages];
}
