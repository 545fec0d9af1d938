using System.Net;
using System.Text;
using Headroom.Domain.Messages;
using Headroom.Service.Access;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Serving;

/// <summary>Where a service listens, and whom it listens to.</summary>
[TestClass]
public sealed class AddressTests
{
    [TestMethod]
    public async Task Request_FromAnotherSite_IsRefused()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/centers") { Content = new StringContent("center: x", Encoding.UTF8, "text/plain") };
        foreign.Headers.Add("Origin", "http://elsewhere.example");
        using var refused = await service.Client.SendAsync(foreign);
        Assert.AreEqual(HttpStatusCode.Forbidden, refused.StatusCode);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/centers");
        rebound.Headers.Host = "elsewhere.example";
        using var alsoRefused = await service.Client.SendAsync(rebound);
        Assert.AreEqual(HttpStatusCode.Forbidden, alsoRefused.StatusCode);
    }

    [TestMethod]
    [DataRow("http://0.0.0.0:8080", DisplayName = "every address")]
    [DataRow("http://*:8080", DisplayName = "star")]
    [DataRow("http://[::]:8080", DisplayName = "every address, IPv6")]
    [DataRow("http://192.0.2.7:8080", DisplayName = "an address of the network")]
    [DataRow("http://center.example:8080", DisplayName = "a name")]
    public async Task Serve_AddressBeyondThisMachine_IsRefusedAtStart(string address)
    {
        using var center = new TestCenter();
        foreach (var (language, reason) in ((string, string)[])[("en", "open to other machines"), ("zh-CN", "对其他机器开放")])
        {
            var (code, _, errors) = await center.RunAsync("serve", "--urls", address, "--lang", language);
            Assert.AreEqual(2, code, errors);
            Assert.Contains(reason, errors, StringComparison.Ordinal);
            Assert.Contains("--behind-proxy", errors, StringComparison.Ordinal);
        }

        Assert.HasCount(1, ServeAddress.Parse(address, behindProxy: true));
    }

    [TestMethod]
    [DataRow("8080", DisplayName = "a number")]
    [DataRow("https://127.0.0.1:8080", DisplayName = "no certificate yet")]
    [DataRow("", DisplayName = "nothing")]
    public void Parse_NoAddress_IsAUsageError(string urls)
    {
        var failure = Assert.ThrowsExactly<UserException>(() => ServeAddress.Parse(urls, behindProxy: false));
        Assert.AreEqual(MessageCode.UsageError, failure.Messages[0].Code);
    }
}
