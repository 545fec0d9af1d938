using Headroom.Service.Composition;

namespace Headroom.Service.Tests.Composition;

[TestClass]
public sealed class SourceKindTests
{
    [TestMethod]
    [DataRow("telemetry-2026-03-01.csv", "telemetry-*.csv", DisplayName = "a file a day")]
    [DataRow("node-17", "node-*", DisplayName = "an exporter a host")]
    [DataRow("jobs.csv", "jobs.csv", DisplayName = "no number")]
    public void Of_Source_LeavesOutItsNumbers(string source, string kind) => Assert.AreEqual(kind, SourceKind.Of(source));

    [TestMethod]
    public void NameOf_SeveralSources_CountsThem() => Assert.AreEqual("node-* × 2", SourceKind.NameOf("node-*", ["node-1", "node-2"]));
}
