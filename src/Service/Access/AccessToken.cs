using System.Security.Cryptography;
using System.Text;

namespace Headroom.Service.Access;

/// <summary>What a token may be used for.</summary>
[Flags]
internal enum TokenScope
{
    None = 0,

    /// <summary>Asking: pages, reports, the API.</summary>
    Read = 1,

    /// <summary>Sending: samples, records, center files.</summary>
    Ingest = 2,
}

/// <summary>A token as it is kept: never its text, only the SHA-256 of it.</summary>
/// <param name="Id">Eight hex digits, to name it by; says nothing of its text.</param>
/// <param name="Hash">SHA-256 of the text, hex. The text holds 256 random bits: there is nothing to guess.</param>
/// <param name="Center">The only center it is good for; null: every center.</param>
/// <param name="Created">Instants: microseconds since the Unix epoch.</param>
/// <param name="Expires">Null: never.</param>
/// <param name="Revoked">Null: it is not.</param>
internal sealed record AccessToken(string Id, string Name, string Hash, TokenScope Scopes, string? Center, long Created, long? Expires, long? Revoked)
{
    private const string Prefix = "hr_";

    /// <summary>A new token and its text, which is told once and kept nowhere.</summary>
    public static (AccessToken Token, string Text) New(string name, TokenScope scopes, string? center, long now, long? expires)
    {
        var text = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return (new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)), name, HashOf(text), scopes, center, now, expires, Revoked: null), text);
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public bool IsGoodAt(long now) => Revoked is null && (Expires is not { } end || now < end);
}
