using System.Globalization;
using Headroom.Domain.Centers;

namespace Headroom.Ingest.Transports;

/// <summary>How a host is called when its page names none: the same whether we ask for the page or a Prometheus sends what it asked for.</summary>
internal static class TargetHosts
{
    /// <summary>The declared host, else that of the URL; two exporters of one machine are told apart by their ports.</summary>
    public static string HostOf(CenterDefinition center, ScrapeTarget target) => target.Host
        ?? (center.Targets.Any(other => other.Name != target.Name && other.Host is null && other.Url.Host == target.Url.Host) ? target.Url.Authority : target.Url.Host);

    /// <summary>The host that a Prometheus calls <paramref name="instance"/>: as the one target of that address is called, else without the port.</summary>
    public static string OfInstance(CenterDefinition center, string instance)
    {
        var targets = center.Targets.Where(target => string.Create(CultureInfo.InvariantCulture, $"{target.Url.Host}:{target.Url.Port}") == instance).Take(2).ToArray();
        if (targets.Length == 1)
        {
            return HostOf(center, targets[0]);
        }

        var port = instance.LastIndexOf(':');
        var isPort = port > 0 && port < instance.Length - 1 && !instance.AsSpan(port + 1).ContainsAnyExceptInRange('0', '9');
        var isAddress = isPort && (instance[port - 1] == ']' || instance.IndexOf(':', StringComparison.Ordinal) == port);
        return isAddress ? instance[..port] : instance;
    }
}
