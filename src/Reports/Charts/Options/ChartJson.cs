using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Headroom.Reports.Charts.Options;

/// <summary>Options as JSON. <c>&lt;</c> is always escaped, so the text may stand in a script element.</summary>
public static class ChartJson
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = ChartJsonContext.Default,
    };

    private static readonly JsonSerializerOptions Readable = new(Compact) { WriteIndented = true, NewLine = "\n" };

    public static string Write(ChartOptions options) => JsonSerializer.Serialize(options, Compact);

    public static string WriteIndented(ChartOptions options) => JsonSerializer.Serialize(options, Readable);
}

[JsonSerializable(typeof(ChartOptions))]
internal sealed partial class ChartJsonContext : JsonSerializerContext;
