using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Headroom.EndToEnd.Tests;

/// <summary>An exporter behind TLS that asks for a certificate, both made by an authority of the center's own.</summary>
[TestClass]
public sealed class TlsScrapeTests
{
    private const string Page = "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-tls\"} 50\n";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(true, true, DisplayName = "certificate and authority")]
    [DataRow(false, true, DisplayName = "no certificate")]
    [DataRow(true, false, DisplayName = "authority not known")]
    public async Task Collect_ExporterThatAsksForACertificate_AnswersWhoHasItAlone(bool hasCertificate, bool knowsAuthority)
    {
        using var folder = new HeadroomFolder();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Authority(authorityKey);
        using var server = Issued(authority, "CN=exporter", IPAddress.Loopback);
        using var client = Issued(authority, "CN=collector", address: null);
        await using var exporter = await ServeAsync(server, authority);
        var auth = new List<string>();
        if (hasCertificate)
        {
            auth.Add($"certificate: '{folder.Write("client.pem", client.ExportCertificatePem())}', key: '{folder.Write("client.key", client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}'");
        }

        if (knowsAuthority)
        {
            auth.Add($"authority: '{folder.Write("authority.pem", authority.ExportCertificatePem())}'");
        }

        var login = $"{{{string.Join(", ", auth)}}}";
        await folder.SucceedAsync("a", null, "center", "add", folder.Write("center.yaml", $$$"""
            center: test
            name: {en: Test, zh: 测试}
            zone: UTC
            pools:
              - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, gauge: true, devices_source: {assumed: true}}
            targets:
              - {name: locked, url: "{{{exporter.Urls.First()}}}/metrics", host: n1, auth: {{{login}}} }

            """));
        var (code, output, errors) = await folder.RunAsync("a", null, "collect", "--once", "--json", "--lang", "en");
        if (hasCertificate && knowsAuthority)
        {
            Assert.AreEqual(0, code, errors);
            Assert.AreEqual(1, JsonDocument.Parse(output).RootElement.GetProperty("accepted").GetInt32());
        }
        else
        {
            Assert.AreEqual(1, code, output);
            Assert.Contains("locked", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE KEY", errors, StringComparison.Ordinal);
        }
    }

    private async Task<WebApplication> ServeAsync(X509Certificate2 server, X509Certificate2 authority)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = server,
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, _, _) => IsIssued(certificate, authority),
        })));
        var exporter = builder.Build();
        exporter.MapGet("/metrics", () => Results.Text(Page, "text/plain; version=0.0.4"));
        await exporter.StartAsync(TestContext.CancellationToken);
        return exporter;
    }

    private static bool IsIssued(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        (chain.ChainPolicy.TrustMode, chain.ChainPolicy.RevocationMode) = (X509ChainTrustMode.CustomRootTrust, X509RevocationMode.NoCheck);
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }

    private static X509Certificate2 Authority(ECDsa key)
    {
        var request = new CertificateRequest("CN=authority of the center", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-2), TimeProvider.System.GetUtcNow().AddDays(2));
    }

    private static X509Certificate2 Issued(X509Certificate2 authority, string name, IPAddress? address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        using var issued = request.Create(authority, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }
}
