using System.Resources;

namespace Headroom.Reports.Language;

/// <summary>The product's texts: <c>Texts.For("zh-CN")["Head.Title"]</c>. Report, message and command texts have keys of their own each.</summary>
public static class Texts
{
    public const string English = "en";
    public const string Chinese = "zh-CN";

    private static readonly ResourceManager[] Files =
    [
        new("Headroom.Reports.Resources.ReportText", typeof(Texts).Assembly),
        new("Headroom.Reports.Resources.MessageText", typeof(Texts).Assembly),
        new("Headroom.Reports.Resources.CommandText", typeof(Texts).Assembly),
    ];

    private static readonly TextLookup InEnglish = new(English, Files);
    private static readonly TextLookup InChinese = new(Chinese, Files);

    /// <summary>The languages there are texts for.</summary>
    public static IReadOnlyList<string> Languages { get; } = [Chinese, English];

    /// <param name="language">Any form of Chinese is <c>zh-CN</c>; everything else is <c>en</c>.</param>
    public static TextLookup For(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? InChinese : InEnglish;
}
