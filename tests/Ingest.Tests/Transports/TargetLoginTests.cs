using System.Net;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Centers;
using Headroom.Ingest.Transports.Scrape;
using Headroom.Ingest.Tests.Transports.RemoteWrite;

namespace Headroom.Ingest.Tests.Transports;

[TestClass]
public sealed class TargetLoginTests
{
    private const string Secret = "s3cret-of-the-target";

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("bearer: \"file:{0}\"", "Bearer " + Secret, DisplayName = "bearer")]
    [DataRow("user: reader, password: \"file:{0}\"", "Basic cmVhZGVyOnMzY3JldC1vZi10aGUtdGFyZ2V0", DisplayName = "basic")]
    public async Task GetAsync_TargetThatAsksWho_IsToldFromAFile(string auth, string expected)
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("secret"), Secret + "\n", TestContext.CancellationToken);
        using var target = new Listening();
        using var http = new HttpClient(target);
        await new ScrapeClient(http, new StandingClock(0)).GetAsync(Target(auth.Replace("{0}", folder.File("secret"), StringComparison.Ordinal)), TestContext.CancellationToken);
        Assert.AreEqual(expected, target.Authorization);
    }

    [TestMethod]
    public async Task GetAsync_SecretThatIsNotThere_NamesThePlaceAlone()
    {
        using var http = new HttpClient(new Listening());
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => new ScrapeClient(http, new StandingClock(0)).GetAsync(Target("bearer: \"env:HEADROOM_NO_SUCH_SECRET\""), TestContext.CancellationToken));
        Assert.AreEqual((MessageCode.TargetDown, "env:HEADROOM_NO_SUCH_SECRET: -"), (problem.Messages[0].Code, problem.Messages[0].Arguments[1]));
    }

    [TestMethod]
    [DataRow("http://n1:9400/metrics", "bearer: " + Secret, DisplayName = "a bearer in the file")]
    [DataRow("http://n1:9400/metrics", "user: u, password: " + Secret, DisplayName = "a password in the file")]
    [DataRow("http://u:" + Secret + "@n1:9400/metrics", "user: u, password: \"env:P\"", DisplayName = "a password in the address")]
    public void Parse_SecretInTheCenterFile_IsRefusedAndNotShown(string url, string auth)
    {
        var problem = Assert.ThrowsExactly<UserException>(() => Parse(url, auth));
        Assert.AreEqual(MessageCode.CenterFileValue, problem.Messages.Single().Code);
        Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal);
    }

    private static ScrapeTarget Target(string auth) => Parse("http://n1:9400/metrics", auth).Targets.Single();

    private static CenterDefinition Parse(string url, string auth) => CenterFile.Parse(
        "center: c\nname: {en: C, zh: C}\nzone: UTC\npools:\n  - {id: ai, name: {en: AI, zh: AI}, precision: fp16}\ntargets:\n  - {name: n1, url: \"" + url + "\", auth: {" + auth + "}}\n",
        "c.yaml");

    private sealed class Listening : HttpMessageHandler
    {
        public string? Authorization { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("DCGM_FI_DEV_GPU_UTIL{UUID=\"G\"} 1\n", Encoding.UTF8, "text/plain") });
        }
    }
}
