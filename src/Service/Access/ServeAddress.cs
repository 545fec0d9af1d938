using System.Collections.Immutable;
using System.Net;
using Headroom.Domain.Messages;

namespace Headroom.Service.Access;

/// <summary>Where a service may listen. This machine alone needs nothing; any other address needs a proxy in front that knows who asks.</summary>
internal static class ServeAddress
{
    public const string Default = "http://127.0.0.1:8080";

    /// <param name="urls">Separated by semicolons.</param>
    /// <exception cref="UserException"><see cref="MessageCode.UsageError"/> or <see cref="MessageCode.AddressRefused"/>, one message for each address.</exception>
    public static ImmutableArray<string> Parse(string urls, bool behindProxy)
    {
        var addresses = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var problems = addresses.Select(address => ProblemOf(address, behindProxy)).OfType<UserMessage>().ToImmutableArray();
        return addresses.Length == 0
            ? throw new UserException(UserMessage.Of(MessageCode.UsageError, "--urls", urls, Default))
            : problems.IsEmpty ? [.. addresses] : throw new UserException(problems);
    }

    /// <summary>Whether a host name or address is this machine alone.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static UserMessage? ProblemOf(string address, bool behindProxy)
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

        if (binding.Scheme != Uri.UriSchemeHttp || binding.PathBase.Length > 0 || binding.IsUnixPipe || binding.IsNamedPipe)
        {
            return UserMessage.Of(MessageCode.UsageError, "--urls", address, Default);
        }

        return behindProxy || IsLoopback(binding.Host) ? null : UserMessage.Of(MessageCode.AddressRefused, "--urls", address);
    }
}
