using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headroom.Domain.Messages;

namespace Headroom.Service.Access;

/// <summary>The certificate of a service, from files: PEM with its key, or PKCS 12.</summary>
internal static class ServeCertificate
{
    /// <param name="key">PEM of the private key; null: in <paramref name="certificate"/>.</param>
    /// <param name="passwordFile">A file with the password of the key; null: none.</param>
    /// <exception cref="UserException">A file is missing, or is no certificate with its key. Its content is never part of the message.</exception>
    public static X509Certificate2 Load(string certificate, string? key, string? passwordFile)
    {
        foreach (var file in (ReadOnlySpan<string?>)[certificate, key, passwordFile])
        {
            if (file is not null && !File.Exists(file))
            {
                throw new UserException(UserMessage.Of(MessageCode.FileMissing, file, Path.GetFullPath(file)));
            }
        }

        try
        {
            var password = passwordFile is null ? null : File.ReadAllText(passwordFile).TrimEnd('\r', '\n');
            if (Path.GetExtension(certificate).ToLowerInvariant() is ".pfx" or ".p12")
            {
                return X509CertificateLoader.LoadPkcs12FromFile(certificate, password);
            }

            using var pem = password is null ? X509Certificate2.CreateFromPemFile(certificate, key) : X509Certificate2.CreateFromEncryptedPemFile(certificate, password, key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException(UserMessage.Of(MessageCode.FileUnreadable, certificate, problem is CryptographicException or ArgumentException ? "PEM | PKCS 12" : problem.Message), problem);
        }
    }
}
