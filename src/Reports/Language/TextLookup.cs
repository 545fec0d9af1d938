using System.Globalization;
using System.Resources;

namespace Headroom.Reports.Language;

/// <summary>The texts of one language, from one or more resource files. A key that nobody wrote is our mistake, so it throws.</summary>
/// <param name="language">Such as <c>zh-CN</c> or <c>en</c>.</param>
/// <param name="sources">Asked in this order.</param>
public sealed class TextLookup(string language, params IReadOnlyList<ResourceManager> sources)
{
    public CultureInfo Culture { get; } = CultureInfo.GetCultureInfo(language);

    /// <summary>As given: the <c>lang</c> of a page.</summary>
    public string Name { get; } = language;

    /// <exception cref="KeyNotFoundException">No file has the key.</exception>
    public string this[string key] =>
        Find(key) ?? throw new KeyNotFoundException($"No text {key} for {Name}.");

    /// <param name="arguments">Replace {0}, {1} and so on; numbers are formatted invariantly by the caller.</param>
    /// <exception cref="KeyNotFoundException">No file has the key.</exception>
    /// <exception cref="FormatException">The text refers to an argument that was not given.</exception>
    public string this[string key, params ReadOnlySpan<object?> arguments] => string.Format(CultureInfo.InvariantCulture, this[key], arguments);

    public string? Find(string key)
    {
        foreach (var source in sources)
        {
            if (source.GetString(key, Culture) is { } text)
            {
                return text;
            }
        }

        return null;
    }
}
