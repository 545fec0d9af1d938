using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headroom.Domain.Centers;

namespace Headroom.Ingest.Transports.Scrape;

/// <summary>Makes a collector known to a target. Secrets are read when they are used, so that a changed one counts, and are in no message.</summary>
internal static class TargetLogin
{
    /// <exception cref="IOException">A secret is not where it is said to be; the message names the place alone.</exception>
    public static void Apply(HttpRequestMessage request, TargetAccess? access)
    {
        if (access?.Bearer is { } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Read(bearer));
        }
        else if (access is { User: { } user, Password: { } password })
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Read(password)}")));
        }
    }

    /// <summary>A client with a certificate or authorities of its own.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is no certificate.</exception>
    public static HttpClient NewClient(TargetAccess access)
    {
        var tls = new SslClientAuthenticationOptions();
        if (access.CertificateFile is { } certificate)
        {
            // A key that exists only in memory is not usable for TLS on every system.
            using var pem = X509Certificate2.CreateFromPemFile(certificate, access.KeyFile);
            tls.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null)];
        }

        if (access.AuthorityFile is { } authority)
        {
            tls.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        }

        return ScrapeClient.NewHttpClient(tls);
    }

    private static string Read(SecretPlace place)
    {
        var text = place.IsFile
            ? File.Exists(place.Name) ? File.ReadAllText(place.Name) : null
            : Environment.GetEnvironmentVariable(place.Name);
        return text?.Trim() is { Length: > 0 } secret && !secret.AsSpan().ContainsAny('\r', '\n') ? secret : throw new IOException($"{place}: -");
    }
}
