using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry.Mapped;

/// <summary>Exporters that a mapping file alone describes: <c>data/mappings/NAME-exporter.yaml</c> is built in and goes by <c>--format NAME-exporter</c>, is guessed, scraped and received.</summary>
internal static class ShippedExporters
{
    private const string Prefix = "mapping/";

    private static readonly Lazy<ImmutableArray<ExporterMapping>> Parsed = new(() => [.. Names.Select(Parse)]);

    /// <summary>The names of their files; no file is read for them.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. typeof(ShippedExporters).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])
            .Order(StringComparer.Ordinal),
    ];

    public static ImmutableArray<ExporterMapping> All => Parsed.Value;

    private static ExporterMapping Parse(string name)
    {
        using var content = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)!, Encoding.UTF8);
        return ((TelemetryMapping.Exporter)MappingFile.Parse(content.ReadToEnd(), name + ".yaml")).Mapping;
    }
}
