using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Time;
using Headroom.Service.Access;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Serving;

[TestClass]
public sealed class AccessTests
{
    private const string Sample = "timestamp,card,utilization\n2026-03-02T00:00:15Z,npu-1,50\n";

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task EveryEndpoint_WithoutAGoodToken_IsRefusedAndStoresAndTellsNothing()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        var now = center.Clock.Now();
        var (good, goodText) = AccessToken.New("all", TokenScope.Read | TokenScope.Ingest, center: null, now, expires: null);
        var (expired, expiredText) = AccessToken.New("old", TokenScope.Read | TokenScope.Ingest, center: null, now - 2, expires: now - 1);
        var (revoked, revokedText) = AccessToken.New("gone", TokenScope.Read | TokenScope.Ingest, center: null, now, expires: null);
        var (other, otherText) = AccessToken.New("elsewhere", TokenScope.Read | TokenScope.Ingest, "elsewhere", now, expires: null);
        var (reader, readerText) = AccessToken.New("reader", TokenScope.Read, center: null, now, expires: null);
        var (sender, senderText) = AccessToken.New("sender", TokenScope.Ingest, center: null, now, expires: null);
        new TokenFile(Path.Combine(center.Folder, "case.db")).Write([good, expired, revoked with { Revoked = now }, other, reader, sender]);
        await using var service = await RunningService.StartAsync(center, change: settings => settings with { RequireTokens = true });
        using var api = JsonDocument.Parse(await TextOf(service, HttpMethod.Get, "/openapi/v1.json", goodText, 200));
        var endpoints = 0;
        foreach (var path in api.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Name is not ("/healthz" or "/readyz")))
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                endpoints++;
                var before = await service.Store.ContentHashAsync(TestContext.CancellationToken);
                var method = new HttpMethod(operation.Name.ToUpperInvariant());
                var address = path.Name.Replace("{id}", "case", StringComparison.Ordinal).Replace("{file}", "daily-case-2026-03-02.en.json", StringComparison.Ordinal) + "?center=case";
                var wrongScope = method == HttpMethod.Get ? senderText : readerText;
                foreach (var (token, status) in (IEnumerable<(string?, int)>)
                    [(null, 401), ("", 401), ("hr_guess", 401), (expiredText, 401), (revokedText, 401), (good.Hash, 401), (otherText, 403), (wrongScope, 403)])
                {
                    var told = await TextOf(service, method, address, token, status);
                    Assert.IsFalse(token is { Length: > 0 } && told.Contains(token, StringComparison.Ordinal), $"{address} tells the token");
                    Assert.IsFalse(told.Contains("elsewhere", StringComparison.Ordinal) || told.Contains("npu-1", StringComparison.Ordinal), $"{address}: {told}");
                }

                Assert.AreEqual(before, await service.Store.ContentHashAsync(TestContext.CancellationToken), address);
                using var allowed = await SendAsync(service, method, address, goodText);
                Assert.IsFalse(allowed.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, address);
            }
        }

        Assert.IsGreaterThanOrEqualTo(12, endpoints);
    }

    [TestMethod]
    public async Task RefusedBodies_StoreNothing()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        var (other, otherText) = AccessToken.New("elsewhere", TokenScope.Ingest, "elsewhere", center.Clock.Now(), expires: null);
        new TokenFile(Path.Combine(center.Folder, "case.db")).Write([other]);
        await using var service = await RunningService.StartAsync(center, change: settings => settings with { RequireTokens = true });
        var before = await service.Store.ContentHashAsync(TestContext.CancellationToken);

        foreach (var (path, token, status) in (IEnumerable<(string, string?, int)>)
            [
                ("/api/ingest/telemetry?center=case", null, 401), ("/api/ingest/telemetry?center=case", "hr_no", 401), ("/api/ingest/telemetry?center=case", otherText, 403),
                ("/api/ingest/telemetry?center=elsewhere&center=case", otherText, 403), ("/api/ingest/telemetry?center=elsewhere&Center=case", otherText, 403),
                ("/api/ingest/jobs?center=case", otherText, 403), ("/api/v1/write?center=case", otherText, 403), ("/api/centers", otherText, 403), ("/centers/new", otherText, 403),
            ])
        {
            await TextOf(service, HttpMethod.Post, path, token, status);
        }

        Assert.AreEqual(before, await service.Store.ContentHashAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task TokenOfACenter_OpensWhatNamesItAndNothingThatSpeaksOfAll()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        var (own, text) = AccessToken.New("own", TokenScope.Read | TokenScope.Ingest, "case", center.Clock.Now(), expires: null);
        new TokenFile(Path.Combine(center.Folder, "case.db")).Write([own]);
        await using var service = await RunningService.StartAsync(center, change: settings => settings with { RequireTokens = true });

        await TextOf(service, HttpMethod.Post, "/api/ingest/telemetry", text, 200);
        await TextOf(service, HttpMethod.Get, "/api/centers/case", text, 200);
        foreach (var path in (string[])["/api/centers", "/api/centers?center=case", "/metrics?center=case", "/sources", "/", "/api/centers/other", "/reports/daily-other-2026-03-02.en.json", "/openapi/v1.json"])
        {
            await TextOf(service, HttpMethod.Get, path, text, 403);
        }
    }

    [TestMethod]
    public async Task RevokedWhileRunning_IsRefusedAtTheNextRequest()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        var added = (await center.SucceedAsync("token", "add", "--name", "probe", "--scope", "read", "--json")).Split('\n')[0];
        using var made = JsonDocument.Parse(added);
        var (id, text) = (made.RootElement.GetProperty("id").GetString()!, made.RootElement.GetProperty("token").GetString()!);
        await using var service = await RunningService.StartAsync(center, change: settings => settings with { RequireTokens = true });
        await TextOf(service, HttpMethod.Get, "/api/centers", text, 200);

        using var basic = new HttpRequestMessage(HttpMethod.Get, "/api/centers");
        basic.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("anyone:" + text)));
        using var answer = await service.Client.SendAsync(basic, TestContext.CancellationToken);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);

        await center.SucceedAsync("token", "revoke", id);
        await TextOf(service, HttpMethod.Get, "/api/centers", text, 401);
        var listed = await center.SucceedAsync("token", "list");
        Assert.IsTrue(listed.Contains(id, StringComparison.Ordinal) && listed.Contains("revoked", StringComparison.Ordinal) && !listed.Contains(text, StringComparison.Ordinal), listed);
        var kept = await File.ReadAllTextAsync(Path.Combine(center.Folder, "case.db.tokens.json"), TestContext.CancellationToken);
        Assert.IsFalse(kept.Contains(text, StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task DamagedTokenFile_LetsNobodyIn()
    {
        using var center = new TestCenter();
        await File.WriteAllTextAsync(Path.Combine(center.Folder, "case.db.tokens.json"), "{", TestContext.CancellationToken);
        await using var service = await RunningService.StartAsync(center, change: settings => settings with { RequireTokens = true });
        using var answer = await SendAsync(service, HttpMethod.Get, "/api/centers", "hr_x");
        Assert.IsFalse(answer.IsSuccessStatusCode);
    }

    [TestMethod]
    public async Task Https_WithACertificateFromFiles_Answers()
    {
        using var center = new TestCenter();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=headroom.test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var own = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (certificate, keyFile) = (center.Write("tls.pem", own.ExportCertificatePem()), center.Write("tls.key", key.ExportPkcs8PrivateKeyPem()));
        using var loaded = ServeCertificate.Load(certificate, keyFile, passwordFile: null);
        await using var service = await RunningService.StartAsync(center, change: settings => settings with { Certificate = loaded, Urls = ["https://127.0.0.1:0"] });

        using var trusting = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new() { CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { own }, RevocationMode = X509RevocationMode.NoCheck } },
        })
        { BaseAddress = service.Address };
        Assert.AreEqual("ok\n", await trusting.GetStringAsync("/healthz", TestContext.CancellationToken));
    }

    private async Task<string> TextOf(RunningService service, HttpMethod method, string path, string? token, int status)
    {
        using var answer = await SendAsync(service, method, path, token);
        var text = await answer.Content.ReadAsStringAsync(TestContext.CancellationToken);
        Assert.AreEqual(status, (int)answer.StatusCode, $"{method} {path}: {text}");
        Assert.AreEqual(status == 401, answer.Headers.WwwAuthenticate.Count > 0);
        return text;
    }

    private async Task<HttpResponseMessage> SendAsync(RunningService service, HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
        {
            request.Content = new StringContent(Sample, Encoding.UTF8, "text/csv");
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        return await service.Client.SendAsync(request, TestContext.CancellationToken);
    }
}
