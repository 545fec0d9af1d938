using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Headroom.Reports.Daily;

namespace Headroom.Service.Pages;

/// <summary>One file that pages link to, by an address that changes with its content.</summary>
internal sealed record SiteAsset(byte[] Content, string Type, string Version);

/// <summary>The styles and scripts of the site, all from inside the program.</summary>
internal static class SiteAssets
{
    private const string Style = "text/css; charset=utf-8";
    private const string Script = "text/javascript; charset=utf-8";

    private static readonly FrozenDictionary<string, SiteAsset> Files = new Dictionary<string, SiteAsset>(StringComparer.Ordinal)
    {
        ["report.css"] = Of(WebAssets.Style, Style),
        ["report.js"] = Of(WebAssets.Script, Script),
        ["echarts.js"] = Of(WebAssets.Charts, Script),
        ["site.css"] = Of(Read("site.css"), Style),
        ["site.js"] = Of(Read("site.js"), Script),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static SiteAsset? Find(string name) => Files.GetValueOrDefault(name);

    public static string Url(string name) => $"/assets/{name}?v={Files[name].Version}";

    private static SiteAsset Of(string text, string type)
    {
        var content = Encoding.UTF8.GetBytes(text);
        return new(content, type, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)));
    }

    private static string Read(string name)
    {
        using var stream = typeof(SiteAssets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The build embedded no {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
