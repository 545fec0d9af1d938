using System.Collections.Immutable;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Centers;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry.Mapped;

/// <summary>Mapping files: YAML, strict, as <c>data/mappings/README.md</c> describes them. Every problem of a file is told at once.</summary>
public static class MappingFile
{
    private static readonly ImmutableArray<string> Keys =
        ["mapping", "kind", "separator", "decimal", "zone", "time", "time_format", "card", "slot", "host", "model", "partition", "missing", "telltales", "tenant", "pod", "job", "gauges"];

    private static readonly ImmutableArray<string> GaugeKeys = ["gauge", "column", "metric", "unit"];

    private static readonly Dictionary<string, (TelemetryMetric Metric, double Steps)> Units = new(StringComparer.Ordinal)
    {
        ["utilization percent"] = (TelemetryMetrics.Utilization, 10_000),
        ["utilization ratio"] = (TelemetryMetrics.Utilization, 1_000_000),
        ["memory_used B"] = (TelemetryMetrics.MemoryUsed, 1.0 / 1_024),
        ["memory_used KiB"] = (TelemetryMetrics.MemoryUsed, 1),
        ["memory_used MiB"] = (TelemetryMetrics.MemoryUsed, 1_024),
        ["memory_used GiB"] = (TelemetryMetrics.MemoryUsed, 1_024 * 1_024),
        ["power mW"] = (TelemetryMetrics.Power, 1),
        ["power W"] = (TelemetryMetrics.Power, 1_000),
        ["power kW"] = (TelemetryMetrics.Power, 1_000_000),
        ["temperature C"] = (TelemetryMetrics.Temperature, 1_000),
    };

    private static string UnitWords => string.Join(" | ", Units.Keys);

    /// <exception cref="UserException">The file is missing, unreadable or wrong; all of its problems are in it.</exception>
    public static TelemetryMapping Load(string path) => Parse(TextFile.Read(path), path);

    /// <param name="file">How messages name the text.</param>
    /// <exception cref="UserException">The text is not a mapping file; all of its problems are in it.</exception>
    public static TelemetryMapping Parse(string text, string file)
    {
        var nodes = new CenterNodes(file);
        var mapping = nodes.MapOf(CenterYaml.Root(text, file), "mapping", Keys) is { } map ? Mapping(map) : null;
        return mapping is null || nodes.Problems.Length > 0 ? throw new UserException(nodes.Problems) : mapping;
    }

    private static TelemetryMapping? Mapping(CenterNodes.Map map)
    {
        var name = map.RequiredText("mapping");
        map.Require("gauges", "[ ]");
        return map.RequiredText("kind", "table | exporter") switch
        {
            "table" => Table(map, name),
            "exporter" => Exporter(map, name),
            _ => Wrong(map),
        };
    }

    private static TelemetryMapping? Wrong(CenterNodes.Map map)
    {
        map.Wrong("kind", "table | exporter");
        return null;
    }

    private static TelemetryMapping.Table Table(CenterNodes.Map map, string name)
    {
        var (card, slot) = (map.Text("card"), map.Text("slot"));
        if (card is null && slot is null)
        {
            map.Require("card", "card | slot");
        }

        var zone = map.Text("zone");
        if (zone is not null && Zones.Find(zone) is null)
        {
            map.Wrong("zone", "IANA zone");
        }

        return new(new TableMapping(
            name,
            map.Value<char>("separator", ", | ; | tab | bar", text => text switch { "," => ',', ";" => ';', "tab" => '\t', "bar" => '|', _ => null }) ?? ',',
            map.Value<bool>("decimal", ". | ,", text => text switch { "." => false, "," => true, _ => null }) ?? false,
            zone,
            map.RequiredText("time"),
            map.Value<TableTime>("time_format", "text | excel", text => text switch { "text" => TableTime.Text, "excel" => TableTime.Excel, _ => null }) ?? TableTime.Text,
            card,
            slot,
            map.Text("host"),
            map.Text("model"),
            map.Text("partition"),
            [.. map.Maps("gauges", GaugeKeys).Select(gauge => Gauge(gauge, "column")).Select(gauge => new TableGauge(gauge.Name, gauge.Metric, gauge.Steps))],
            Words(map, "missing").ToImmutableHashSet(StringComparer.Ordinal)));
    }

    private static TelemetryMapping.Exporter Exporter(CenterNodes.Map map, string name)
    {
        map.Require("card", "[ ]");
        var gauges = map.Maps("gauges", GaugeKeys).Select((gauge, place) => (Place: place, Read: Gauge(gauge, "metric"))).ToImmutableArray();
        return new(new ExporterMapping(
            name,
            [.. Words(map, "telltales")],
            [.. gauges.Select(gauge => new GaugeMapping(gauge.Read.Name, gauge.Read.Metric, gauge.Read.Steps, Preference: gauge.Place))],
            [.. Words(map, "card")],
            [.. Words(map, "slot")],
            [.. Words(map, "host"), "instance"],
            [.. Words(map, "slot")],
            [.. Words(map, "model")])
        {
            Holder = map.Has("pod") || map.Has("job") ? new([.. Words(map, "tenant")], [.. Words(map, "pod")], [.. Words(map, "job")]) : null,
        });
    }

    private static (string Name, TelemetryMetric Metric, double Steps) Gauge(CenterNodes.Map gauge, string key)
    {
        var name = gauge.RequiredText(key);
        var unit = $"{gauge.RequiredText("gauge")} {gauge.RequiredText("unit")}";
        if (Units.TryGetValue(unit, out var known))
        {
            return (name, known.Metric, known.Steps);
        }

        gauge.Wrong("unit", UnitWords);
        return (name, TelemetryMetrics.Utilization, 10_000);
    }

    // One word, or a list of them.
    private static IEnumerable<string> Words(CenterNodes.Map map, string key) =>
        !map.Has(key) ? []
        : map.NodeOf(key) is YamlDotNet.RepresentationModel.YamlScalarNode { Value: { } single } ? [single]
        : [.. map.List(key).OfType<YamlDotNet.RepresentationModel.YamlScalarNode>().Select(node => node.Value ?? "")];
}
