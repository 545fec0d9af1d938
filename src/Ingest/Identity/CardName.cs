using System.Text.RegularExpressions;

namespace Headroom.Ingest.Identity;

/// <summary>How a card is named, one way whatever tool prints it.</summary>
public static partial class CardName
{
    /// <summary>A card that has no id of its own goes by its bus or index on its host: <c>0000:C1:00.0@node01</c>, <c>3@node01</c>.</summary>
    public static string OnHost(string local, string host) => $"{Local(local)}@{host}";

    /// <summary>Whether a name is one by place: another card in the place would have it too.</summary>
    public static bool IsByPlace(string id, string? host) => host is not null && id.EndsWith("@" + host, StringComparison.Ordinal);

    /// <summary>The same for two ids of one card that differ in case, blanks, dashes or a vendor's prefix alone.</summary>
    public static string KeyOf(string id)
    {
        var key = string.Concat(id.Where(letter => char.IsLetterOrDigit(letter) || letter == '@')).ToUpperInvariant();
        return key.StartsWith("GPU", StringComparison.Ordinal) && key.Length == 35 ? key[3..] : key;
    }

    // NVIDIA prints eight digits of the domain, Linux and Huawei four; letters come in either case.
    private static string Local(string local)
    {
        var bus = Bus().Match(local);
        return bus.Success ? $"{bus.Groups["domain"].Value}:{bus.Groups["rest"].Value}".ToUpperInvariant() : local;
    }

    [GeneratedRegex(@"^(0000)?(?<domain>[0-9A-Fa-f]{4}):(?<rest>[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7])$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Bus();
}
