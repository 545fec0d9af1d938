using System.Collections.Immutable;
using System.Text;
using Headroom.Ingest.Formats.Telemetry.Csv;
using Headroom.Ingest.Formats.Telemetry.DcgmExporter;
using Headroom.Ingest.Formats.Telemetry.Mapped;
using Headroom.Ingest.Formats.Telemetry.NpuExporter;
using Headroom.Ingest.Formats.Telemetry.NpuSmi;
using Headroom.Ingest.Formats.Telemetry.NvidiaSmi;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry;

/// <summary>Every telemetry format there is. A new exporter is a mapping file, or, where that cannot say it, a line in <see cref="Coded"/>.</summary>
public static class TelemetryFormats
{
    /// <summary>Bytes from the beginning of a source that <see cref="Guess"/> wants to see.</summary>
    public const int BytesToGuess = 64 * 1024;

    // Slices, or ids and models that are written in several ways: more than a mapping file can say.
    private static readonly ImmutableArray<ExporterMapping> Coded = [DcgmExporterMapping.Mapping, NpuExporterMapping.Mapping];

    internal static ImmutableArray<ExporterMapping> Exporters => [.. Coded, .. ShippedExporters.All];

    public static ImmutableArray<string> Names { get; } =
        [CsvTelemetryFormat.FormatName, .. Coded.Select(exporter => exporter.Name), .. ShippedExporters.Names, NvidiaSmiFormat.FormatName, NpuSmiFormat.FormatName];

    /// <summary>Null: there is no format of this name.</summary>
    public static ITelemetryFormat? Create(string name, TelemetrySource source) => name switch
    {
        CsvTelemetryFormat.FormatName => new CsvTelemetryFormat(source),
        NvidiaSmiFormat.FormatName => new NvidiaSmiFormat(source),
        NpuSmiFormat.FormatName => new NpuSmiFormat(source),
        _ => Exporters.FirstOrDefault(exporter => exporter.Name == name) is { } mapping ? new ExporterFormat(mapping, source) : null,
    };

    /// <summary>The format whose content begins like this, or null.</summary>
    public static string? Guess(ReadOnlySpan<byte> beginning)
    {
        beginning = beginning.StartsWith("\uFEFF"u8) ? beginning[3..] : beginning;
        var isFirst = true;
        var exporters = Exporters;
        foreach (var range in beginning.Split((byte)'\n'))
        {
            var line = beginning[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            var name = line.StartsWith("# HELP "u8) || line.StartsWith("# TYPE "u8) ? line[7..] : line;
            foreach (var exporter in exporters)
            {
                foreach (var telltale in exporter.Telltales)
                {
                    if (name.StartsWith(Encoding.UTF8.GetBytes(telltale)))
                    {
                        return exporter.Name;
                    }
                }
            }

            if (isFirst && CsvTelemetryFormat.IsHeader(line))
            {
                return CsvTelemetryFormat.FormatName;
            }

            if (NvidiaSmiFormat.IsHeader(line))
            {
                return NvidiaSmiFormat.FormatName;
            }

            isFirst = false;
        }

        return NpuSmiFormat.Begins(beginning) ? NpuSmiFormat.FormatName : null;
    }
}
