using System.Collections.Immutable;
using System.Net;
using Headroom.Domain.Messages;

namespace Headroom.Service.Access;

/// <summary>Where a service may listen. This machine alone needs nothing; any other address needs tokens and a certificate, or a proxy in front that knows who asks.</summary>
internal static class ServeAddress
{
    public const string Default = "http://127.0.0.1:8080";

    /// <param name="urls">Separated by semicolons.</param>
    /// <exception cref="UserException"><see cref="MessageCode.UsageError"/> or <see cref="MessageCode.AddressRefused"/>, one message for each address.</exception>
    public static ImmutableArray<string> Parse(string urls, bool behindProxy, bool hasTokens = false, bool hasCertificate = false)
    {
        var addresses = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var problems = addresses.Select(address => ProblemOf(address, behindProxy, hasTokens, hasCertificate)).OfType<UserMessage>().ToImmutableArray();
        return addresses.Length == 0
            ? throw new UserException(UserMessage.Of(MessageCode.UsageError, "--urls", urls, Default))
            : problems.IsEmpty ? [.. addresses] : throw new UserException(problems);
    }

    /// <summary>Whether a host name or address is this machine alone.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether all of these addresses are this machine alone.</summary>
    public static bool AreLoopback(ImmutableArray<string> addresses) => addresses.All(address => IsLoopback(BindingAddress.Parse(address).Host));

    private static UserMessage? ProblemOf(string address, bool behindProxy, bool hasTokens, bool hasCertificate)
    {
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            return UserMessage.Of(MessageCode.UsageError, "--urls", address, Default);
        }

        var isTls = binding.Scheme == Uri.UriSchemeHttps;
        if ((binding.Scheme != Uri.UriSchemeHttp && !(isTls && hasCertificate)) || binding.PathBase.Length > 0 || binding.IsUnixPipe || binding.IsNamedPipe)
        {
            return UserMessage.Of(MessageCode.UsageError, "--urls", address, isTls ? "--certificate FILE" : Default);
        }

        return behindProxy || IsLoopback(binding.Host) || (isTls && hasTokens) ? null : UserMessage.Of(MessageCode.AddressRefused, "--urls", address);
    }
}
