namespace Headroom.Reports.Daily;

/// <summary>What a page needs beside its markup: inlined in a single file, linked by a served page. Each is safe inside its element: no end tag can occur in it.</summary>
public static class WebAssets
{
    private static readonly Lazy<string> StyleText = new(() => Read("report.css"));
    private static readonly Lazy<string> ScriptText = new(() => Read("report.js").Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase));
    private static readonly Lazy<string> ChartsText = new(() => Read("echarts.min.js").Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase));

    public static string Style => StyleText.Value;

    public static string Script => ScriptText.Value;

    /// <summary>Apache ECharts, minified, with its license header.</summary>
    public static string Charts => ChartsText.Value;

    private static string Read(string name)
    {
        using var stream = typeof(WebAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The build embedded no {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
