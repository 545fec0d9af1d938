using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Headroom.Domain.Devices;

/// <summary>The card models by any of their names. Names are compared without vendor, spaces, dashes and case.</summary>
public sealed class CardCatalog
{
    private readonly Dictionary<string, CardModel> _byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CardModel?> _asked = new(StringComparer.Ordinal);

    /// <exception cref="ConflictingRatingException">Two lines give one name different ratings (dense beside sparse, most often).</exception>
    public CardCatalog(IEnumerable<CardModel> models)
    {
        Models = [.. models];
        foreach (var model in Models)
        {
            foreach (var name in model.Aliases.Prepend(model.Name))
            {
                var key = Key(name);
                if (_byKey.TryGetValue(key, out var other) && !ReferenceEquals(other, model)
                    && (other.Fp16Mflops != model.Fp16Mflops || other.Fp64Mflops != model.Fp64Mflops))
                {
                    throw new ConflictingRatingException(name, other, model);
                }

                _byKey.TryAdd(key, model);
            }
        }
    }

    public static CardCatalog Empty { get; } = new([]);

    public ImmutableArray<CardModel> Models { get; }

    /// <summary>The model that goes by <paramref name="name"/>, or null when the catalog has none.</summary>
    public CardModel? Find(string? name) => name is null ? null : _asked.GetOrAdd(name, (asked, byKey) => byKey.GetValueOrDefault(Key(asked)), _byKey);

    internal static string Key(string name)
    {
        var key = string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        foreach (var vendor in (string[])["NVIDIA", "HUAWEI", "AMD", "TESLA", "ASCEND"])
        {
            key = key.StartsWith(vendor, StringComparison.Ordinal) ? key[vendor.Length..] : key;
        }

        return key;
    }
}

/// <summary>One name, two ratings: utilization would come out half or double.</summary>
public sealed class ConflictingRatingException(string name, CardModel first, CardModel second)
    : Exception($"{name} is rated {first.Fp16Mflops}/{first.Fp64Mflops} MFLOPS by {first.Source} and {second.Fp16Mflops}/{second.Fp64Mflops} MFLOPS by {second.Source}.")
{
    public string ModelName { get; } = name;

    public CardModel First { get; } = first;

    public CardModel Second { get; } = second;
}
