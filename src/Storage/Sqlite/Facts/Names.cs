using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Headroom.Domain.Devices;

namespace Headroom.Storage.Sqlite.Facts;

/// <summary>Keeps each name once: a hundred thousand jobs name the same few hundred devices, tenants and pools.</summary>
internal sealed class Names
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    [return: NotNullIfNotNull(nameof(name))]
    public string? One(string? name)
    {
        if (name is null)
        {
            return null;
        }

        if (!_known.TryGetValue(name, out var known))
        {
            _known[name] = known = name;
        }

        return known;
    }

    public ImmutableArray<DeviceId> Devices(string[]? names) => names is null ? [] : [.. names.Select(name => new DeviceId(One(name)))];
}
